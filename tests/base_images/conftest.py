"""What tests of base images share: folders of their own, and an engine with the stand-ins in it."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from grader.base_images.stand_ins.all_recipes import find_recipe
from grader.base_images.stand_ins.make import ensure_stand_in
from grader.engine.client import Engine
from grader.engine.connection import connect
from grader.engine.labels import run_labels
from grader.engine.model import BuildRequest, BuildResult

Build = Callable[..., BuildResult]
_FROM = re.compile(r"^FROM (\S+)", re.MULTILINE)


@pytest.fixture(scope="session")
def engine() -> Iterator[Engine]:
    """The engine that the environment names, or the first that answers."""
    found = connect()
    yield found
    found.close()


@pytest.fixture(scope="session")
def run(engine: Engine) -> Iterator[str]:
    """The name of this test run; what carries it is removed at the end."""
    name = f"test-{uuid4().hex[:12]}"
    yield name
    engine.remove_leftovers(name)


@pytest.fixture(scope="session")
def stand_in(engine: Engine) -> Iterator[Callable[[str], str]]:
    """Make the stand-in for a reference under a name of the tests' own, since the engine may have the real image."""
    names = set()

    def name_of(reference: str) -> str:
        recipe = find_recipe(reference)
        assert recipe is not None, reference
        name = f"workshop-test-stand-in/{recipe.name.replace('/', '-')}"
        if name not in names:
            names.add(name)
            ensure_stand_in(engine, recipe, name, lambda _: None, lambda: False)
        return name

    yield name_of
    for name in names:
        engine.remove_image(name)


@pytest.fixture(scope="session")
def build(engine: Engine, run: str, stand_in: Callable[[str], str], tmp_path_factory: pytest.TempPathFactory) -> Build:
    """Build a Dockerfile's text without a network, with files next to it; the tag is `workshop-test/<run>:<name>`.

    `FROM` an image that has a recipe means the stand-in.

    Unless it may come from the cache, every step runs, since a step that does not says nothing.
    """

    def build_it(
        name: str, dockerfile: str, files: dict[str, str] | None = None, *, cached: bool = False
    ) -> BuildResult:
        context = tmp_path_factory.mktemp(name)
        dockerfile = _FROM.sub(
            lambda match: f"FROM {stand_in(match[1]) if find_recipe(match[1]) else match[1]}", dockerfile
        )
        for path, text in {"Dockerfile": dockerfile, **(files or {})}.items():
            (context / path).write_text(text, "utf-8")
        tag = f"workshop-test/{run}:{name}"
        return engine.build(BuildRequest(context, tag=tag, labels=run_labels(run), no_cache=not cached))

    return build_it


@pytest.fixture(scope="session")
def said(build: Build) -> Callable[..., str]:
    """Build what must build, and return all that its steps wrote."""

    def build_and_listen(name: str, dockerfile: str) -> str:
        result = build(name, dockerfile)
        assert result.built, (result.error, [step.log for step in result.steps])
        return "\n".join(step.log for step in result.steps)

    return build_and_listen


@pytest.fixture
def own_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Keep state, cache and data of one test in a folder of its own."""
    for name in ("XDG_STATE_HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME"):
        monkeypatch.setenv(name, str(tmp_path / name.lower()))
    for name in ("WORKSHOP_BUNDLE", "WORKSHOP_MIRROR", "WORKSHOP_NO_REGISTRY"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path
