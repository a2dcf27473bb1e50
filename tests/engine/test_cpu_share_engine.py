"""What is measured where an engine's processes cannot be seen, on a real engine."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from grader.engine import container_clock
from grader.engine.client import Engine
from grader.engine.container import Container
from grader.engine.cpu_share import measured_share
from grader.engine.labels import run_labels
from grader.engine.model import BuildRequest

pytestmark = pytest.mark.engine


def test_the_calculation_runs_in_the_first_image_that_has_a_shell(
    engine: Engine, base: str, run: str, tmp_path: Path
) -> None:
    """An image that is not there is skipped; without any image nothing is known."""
    request = BuildRequest(tmp_path, "x", labels=run_labels(run), bases=("workshop-test/absent:1", base))
    share = measured_share(engine.run, request)
    assert share is not None
    assert 0 < share <= 1
    assert measured_share(engine.run, BuildRequest(tmp_path, "x", labels=run_labels(run))) is None


def test_the_engine_reports_the_time_of_a_program_that_cannot_be_seen(
    start: Callable[..., AbstractContextManager[Container]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """One that runs all the time uses its time up; so does one that sleeps."""
    monkeypatch.setattr(container_clock, "belongs_to", lambda *_: False)
    for script in ("while :; do :; done", "sleep 3600"):
        with start(script) as container:
            assert container.wait(2.0).killed
