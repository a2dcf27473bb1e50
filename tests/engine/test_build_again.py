"""When a build is tried again: the builder could not start a process. The builds are given, the decision is tested."""

from pathlib import Path

import pytest

from grader.engine import build_again as module
from grader.engine.build_again import TRIES, build_again
from grader.engine.model import BuildEnd, BuildRequest, BuildResult, BuildStep
from grader.errors import MachineError

WORDS = "runc run failed: unable to start container process: can't get final child's PID from pipe: EOF"
BUILT = BuildResult(BuildEnd.BUILT, "sha256:1", (), 1.0)


def failed(log: str) -> BuildResult:
    """A build whose only step failed and wrote `log`."""
    step = BuildStep("[2/2] RUN x", "", 2, "RUN x", cached=False, seconds=1.0, log=log, error="exit code: 1")
    return BuildResult(BuildEnd.FAILED, None, (step,), 1.0, "exit code: 1")


class Builder:
    """Gives the results of the submission's builds in order, and that of a small build of ours."""

    def __init__(self, *results: BuildResult, small: BuildResult = BUILT) -> None:
        self.results = list(results)
        self.small = small
        self.builds = 0
        self.removed: list[str] = []

    def __call__(self, request: BuildRequest) -> BuildResult:
        """Build."""
        if request.tag != "x:1":
            return self.small
        self.builds += 1
        return self.results.pop(0)


@pytest.fixture(autouse=True)
def no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    """Between two tries."""
    monkeypatch.setattr(module, "PAUSE_SECONDS", 0.0)


def ask(builder: Builder, tmp_path: Path) -> BuildResult:
    """Build a submission that starts from one image."""
    return build_again(builder, BuildRequest(tmp_path, "x:1", bases=("base:1",)), builder.removed.append)


def test_a_builder_that_starts_the_process_the_next_time_has_built(tmp_path: Path) -> None:
    """Whatever the runtime wrote before its last line."""
    builder = Builder(failed(f"SIGABRT: abort\ngoroutine 0 [idle]\n{WORDS}\n"), BUILT)
    assert ask(builder, tmp_path) is BUILT


def test_a_builder_that_never_starts_a_process_is_the_machine_s_fault(tmp_path: Path) -> None:
    """Ours is not started either."""
    builder = Builder(*[failed(WORDS)] * TRIES, small=failed(WORDS))
    with pytest.raises(MachineError, match=r"cannot start a process .*end some programs"):
        ask(builder, tmp_path)


def test_a_step_that_writes_the_runtime_s_words_itself_has_failed(tmp_path: Path) -> None:
    """Ours is started."""
    builder = Builder(*[failed(WORDS)] * TRIES)
    assert ask(builder, tmp_path).end is BuildEnd.FAILED
    assert builder.removed == ["x:1-start"]


@pytest.mark.parametrize(
    "log",
    [
        'runc run failed: unable to start container process: exec: "/bin/sh": stat /bin/sh: no such file or directory',
        'runc run failed: unable to start container process: exec: "/etc/passwd": permission denied',
        f"{WORDS}\nmake: *** error",
        "",
    ],
)
def test_an_image_without_the_program_is_built_once(tmp_path: Path, log: str) -> None:
    """As is any other step that failed."""
    builder = Builder(failed(log))
    assert ask(builder, tmp_path).end is BuildEnd.FAILED
    assert builder.builds == 1
