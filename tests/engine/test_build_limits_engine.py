"""What a build may not do on a real engine: last for ever, write without end, breed, or outlive the one who asked."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from uuid import uuid4

import pytest

from grader.engine.client import Engine
from grader.engine.model import BuildEnd, BuildResult

pytestmark = pytest.mark.engine
Build = Callable[..., BuildResult]
DISAPPEAR_SECONDS = 15.0


def command_lines() -> Iterator[str]:
    """Return what every process of this machine was started with, containers' included."""
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):  # it has just ended
            yield (process / "cmdline").read_bytes().replace(b"\0", b" ").decode("utf-8", "replace")


def is_running(marker: str) -> bool:
    """Whether a process was started with `marker` among its arguments."""
    return any(marker in line for line in command_lines())


def await_end_of(marker: str) -> None:
    """Wait until no process has `marker` among its arguments."""
    until = time.monotonic() + DISAPPEAR_SECONDS
    while is_running(marker):
        assert time.monotonic() < until, f"still running: {[line for line in command_lines() if marker in line]}"
        time.sleep(0.05)


def test_the_deadline_ends_a_build_on_the_engine_too(builder: Engine, build: Build) -> None:
    """Nothing of it is left, or thirty of them would bring the machine down."""
    marker = f"marker-{uuid4().hex}"
    result = build(f"FROM BASE\nRUN sh -c 'sleep 3600; true' {marker}\n", deadline=2.0)
    assert result.end is BuildEnd.DEADLINE
    assert [step.ended for step in result.steps if marker in step.instruction] == [False]
    await_end_of(marker)
    assert build("FROM BASE\nRUN echo\n").built


def test_a_flood_of_output_is_cut_off(build: Build) -> None:
    """Neither memory nor the log fills; the step that did it is named by being the last."""
    marker = f"marker-{uuid4().hex}"
    result = build(f"FROM BASE\nRUN yes {marker}\n", deadline=60.0, log_cap=100_000)
    assert result.end is BuildEnd.LOG_FLOOD
    assert 50_000 <= len(result.steps[-1].log) <= 100_000
    await_end_of(marker)


def test_a_flood_that_the_engine_clips_is_told_from_a_step_that_hangs(build: Build) -> None:
    """The engine passes on only a megabyte or two of a step, so that our cap is never reached."""
    result = build("FROM BASE\nRUN yes\n", deadline=4.0, log_cap=50_000_000)
    assert result.end is BuildEnd.LOG_FLOOD


def test_a_step_that_breeds_processes_ends_with_the_deadline(build: Build) -> None:
    """Three hundred of them here; the engine still builds afterwards."""
    marker = f"marker-{uuid4().hex}"
    breed = f"for i in $(seq 300); do sh -c 'sleep 3600; true' {marker} & done; wait"
    assert build(f"FROM BASE\nRUN {breed}\n", deadline=4.0).end is BuildEnd.DEADLINE
    await_end_of(marker)
    assert build(f"FROM BASE\nRUN echo {marker}\n").built


CHILD = """
import sys
from pathlib import Path
from grader.engine.connection import connect
from grader.engine.model import BuildRequest
print("begun", flush=True)
engine = connect()
engine.build(BuildRequest(Path(sys.argv[1]), sys.argv[2]), lambda step: print(step.name, flush=True))
"""


@pytest.mark.parametrize("builder", ["cli", "buildx"], indirect=True)
def test_ctrl_c_leaves_neither_process_nor_file(builder: Engine, base: str, tmp_path: Path) -> None:
    """The build is cancelled on the engine before the exception goes on."""
    marker, temporary, context = f"marker-{uuid4().hex}", tmp_path / "tmp", tmp_path / "context"
    temporary.mkdir()
    context.mkdir()
    (context / "Dockerfile").write_text(f"FROM {base}\nRUN sh -c 'sleep 3600; true' {marker}\n")
    environment = {
        **os.environ,
        "TMPDIR": str(temporary),
        "WORKSHOP_DOCKER": builder.docker_command.path,
        "WORKSHOP_ENGINE": builder.host,
    }
    arguments = [sys.executable, "-c", CHILD, str(context), "workshop-test/ctrl-c:1"]
    with subprocess.Popen(arguments, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as child:
        assert child.stdout is not None
        assert any(marker.encode() in line for line in child.stdout)
        until = time.monotonic() + DISAPPEAR_SECONDS
        while sum(marker in line for line in command_lines()) < 1 and time.monotonic() < until:
            time.sleep(0.05)
        child.send_signal(signal.SIGINT)
        child.wait(timeout=DISAPPEAR_SECONDS)
    await_end_of(marker)
    assert list(temporary.iterdir()) == []
