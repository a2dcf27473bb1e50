"""The storefront itself, on a real engine: its own tests, what it answers, and how it stops."""

import secrets
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from grader.base_images.prepare import prepare
from grader.engine.client import Engine
from grader.engine.connection import connect
from grader.engine.labels import run_labels
from grader.engine.model import BuildRequest

pytestmark = pytest.mark.engine

SOURCE = "exercises/apps/storefront"
TESTS = "FROM {base}\nWORKDIR /app\nCOPY . .\nRUN npm ci && npm test && npm run build:frontend && node stops.mjs\n"


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    """Connect to the engine."""
    engine = connect()
    yield engine
    engine.close()


@pytest.mark.parametrize("base", ["node:22-alpine", "node:24-alpine"])
def test_its_own_tests_pass_and_it_stops_gracefully(
    base: str, engine: Engine, repository: Path, tmp_path: Path
) -> None:
    """A running request at SIGTERM is answered; 404 is for pages that are not there; see storefront/stops.mjs."""
    folder = tmp_path / "context"
    shutil.copytree(repository / SOURCE, folder, ignore=shutil.ignore_patterns("node_modules", "dist"))
    shutil.copy(Path(__file__).parent / "storefront" / "stops.mjs", folder)
    (folder / "Dockerfile").write_text(TESTS.format(base=base), encoding="utf-8")
    prepare(engine, (base,), lambda _: None)
    run = secrets.token_hex(4)
    tag = f"workshop/storefront-test:{run}"
    result = engine.build(BuildRequest(folder, tag, labels=run_labels(run)))
    assert result.built, [step.log for step in result.steps if step.error] or result.error
    engine.remove_image(tag)
