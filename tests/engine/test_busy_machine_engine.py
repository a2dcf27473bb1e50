"""On a busy machine a program gets the same time as on an idle one: its own, not the clock's."""

from collections.abc import Callable
from pathlib import Path

import pytest

from grader.engine import build_clock
from grader.engine.client import Engine
from grader.engine.model import BuildEnd, BuildResult
from grader.engine.silence import NoAnswer
from tests.engine.busy import Start, burning, busy_engine
from tests.engine.conftest import building

pytestmark = pytest.mark.engine
Build = Callable[..., BuildResult]
SERVE = "mkdir -p /tmp/www; echo hello >/tmp/www/index.html; exec httpd -f -p 8080 -h /tmp/www"


@pytest.fixture
def build(engine: Engine, base: str, run: str, tmp_path: Path) -> Build:
    """Build with one docker command: the clock is the same for all."""
    return building(engine, base, run, tmp_path)


def test_a_service_that_comes_up_slowly_because_others_run_is_waited_for(
    start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It needs two seconds of a CPU and may take four; the clock shows many more."""
    monkeypatch.setattr("grader.engine.container.START_DEADLINE", 4.0)
    with busy_engine(start), start(f"{burning(2.0)}; {SERVE}") as container:
        assert container.get("/").status == 200


def test_an_answer_that_comes_slowly_because_others_run_is_waited_for(start: Start) -> None:
    """It needs a second of a CPU and may take two."""
    script = "#!/bin/sh\n" + burning(1.0) + "\nprintf 'Content-Type: text/plain\\r\\n\\r\\nhello'\n"
    cgi = f"mkdir -p /tmp/www/cgi-bin; cat >/tmp/www/cgi-bin/slow <<'END'\n{script}END\nchmod +x /tmp/www/cgi-bin/slow"
    with start(f"{cgi}; {SERVE}") as container:
        assert container.get("/").status == 200
        with busy_engine(start):
            assert container.get("/cgi-bin/slow", seconds=2.0).text == "hello"


def test_a_service_that_never_listens_is_late_on_a_busy_machine_too(
    start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It waits of its own accord."""
    monkeypatch.setattr("grader.engine.container.START_DEADLINE", 2.0)
    with busy_engine(start), start("while sleep 0.5; do :; done") as container:
        assert isinstance(container.get("/").silence, NoAnswer)


def test_a_program_that_ends_slowly_because_others_run_has_ended_in_time(start: Start) -> None:
    """It needs a second after the signal, and gets it."""
    with (
        busy_engine(start),
        start(f"trap '{burning(1.0)}; exit 0' TERM; echo ready; while :; do sleep 0.1; done") as container,
    ):
        while "ready" not in container.log():
            pass
        ended = container.stop(grace=5.0)
    assert (ended.code, ended.killed) == (0, False)
    assert ended.seconds < 2.0


def test_a_program_that_ignores_the_signal_is_killed_on_a_busy_machine_too(start: Start) -> None:
    """Its grace is over when it has used it."""
    with busy_engine(start), start("trap '' TERM; echo ready; while :; do sleep 0.1; done") as container:
        while "ready" not in container.log():
            pass
        assert container.stop(grace=1.0).killed


def test_a_build_that_others_make_slow_goes_on(build: Build, start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its step needs three seconds of a CPU and may take four."""
    monkeypatch.setattr(build_clock, "QUIET", 0.0)
    with busy_engine(start):
        result = build(f"FROM BASE\nRUN {burning(3.0)}\n", no_cache=True, deadline=4.0)
    assert result.end is BuildEnd.BUILT
    assert result.seconds > 4.0, "the machine was not busy: this test proved nothing"


@pytest.mark.parametrize("step", ["sleep 3600", "while :; do :; done"])
def test_a_build_that_never_ends_is_late_on_a_busy_machine_too(build: Build, start: Start, step: str) -> None:
    """One that waits, and one that runs."""
    with busy_engine(start):
        assert build(f"FROM BASE\nRUN {step}\n", deadline=4.0).end is BuildEnd.DEADLINE
