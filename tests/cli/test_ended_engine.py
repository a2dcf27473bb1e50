"""However a command is ended, nothing of it stays: a closed terminal, an ended CI job, a grader that was killed."""

import os
import pty
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from grader.engine.connection import connect
from tests.cli.running import ARGUMENTS, Workshop, environment

pytestmark = pytest.mark.engine
SECONDS = 60
NEVER_ENDS = "FROM busybox\nRUN while :; do sleep 7.0456; done\n"


@pytest.fixture
def temporary(tmp_path: Path) -> Iterator[Path]:
    """A temporary folder by which all processes of one command are known."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    yield folder
    for pid in processes_of(folder):
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


@pytest.fixture
def handed_in(tmp_path: Path) -> Path:
    """A submission whose build never ends."""
    folder = tmp_path / "handed-in"
    folder.mkdir()
    (folder / "Dockerfile").write_text(NEVER_ENDS)
    return folder


def processes_of(temporary: Path) -> dict[int, bytes]:
    """Return the processes that were started with this temporary folder, and their arguments; zombies have ended."""
    found = {}
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            arguments = (process / "cmdline").read_bytes()
            if arguments and f"TMPDIR={temporary}".encode() in (process / "environ").read_bytes().split(b"\0"):
                found[int(process.name)] = arguments
    return found


def becomes_true(condition: Callable[[], bool], seconds: float = SECONDS) -> bool:
    """Look until it is true."""
    until = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > until:
            return False
        time.sleep(0.05)
    return True


def builds(temporary: Path) -> bool:
    """Whether a docker command of this command builds."""
    return any(b"--iidfile" in arguments for arguments in processes_of(temporary).values())


def start(temporary: Path, *arguments: str | Path) -> "subprocess.Popen[bytes]":
    """Start a command in a session of its own, as a terminal or a CI job does."""
    return subprocess.Popen(
        [*ARGUMENTS, *map(str, arguments)],
        cwd=temporary.parent,
        env=environment({"TMPDIR": str(temporary)}),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


def left_on_the_engine() -> int:
    """Return how many things of dead processes the engine still had."""
    engine = connect()
    try:
        return engine.remove_leftovers()
    finally:
        engine.close()


@pytest.mark.parametrize("how", [signal.SIGHUP, signal.SIGTERM], ids=["hang-up", "terminate"])
@pytest.mark.parametrize("command", ["check", "watch", "verify", "demo"])
def test_asked_to_end_it_leaves_nothing(
    temporary: Path, handed_in: Path, workshop: Workshop, command: str, how: signal.Signals
) -> None:
    """The build, its containers, the processes and the folders are gone when the command is."""
    arguments: list[str | Path] = [command, "01"]
    if command == "check":
        arguments += ["-s", handed_in]
    elif command == "watch":
        workshop("init", ".", cwd=temporary.parent)
    elif command == "demo":
        arguments.pop()
    process = start(temporary, *arguments)
    assert becomes_true(lambda: builds(temporary))
    process.send_signal(how)
    process.send_signal(how)  # a shell that ends passes it on, too
    assert process.wait(SECONDS) in (130, -signal.SIGINT)
    assert processes_of(temporary) == {}
    assert list(temporary.iterdir()) == []
    assert left_on_the_engine() == 0


def test_a_terminal_that_is_closed_ends_it(temporary: Path, handed_in: Path) -> None:
    """Nothing can be written to it any more."""
    master, slave = pty.openpty()
    process = subprocess.Popen(
        ["setsid", "--ctty", *ARGUMENTS, "check", "01", "-s", str(handed_in)],
        env=environment({"TMPDIR": str(temporary), "TERM": "xterm"}),
        cwd=temporary.parent,
        stdin=slave,
        stdout=slave,
        stderr=slave,
    )
    os.close(slave)
    assert becomes_true(lambda: builds(temporary))
    os.close(master)
    process.wait(SECONDS)
    assert becomes_true(lambda: processes_of(temporary) == {}, 5)
    assert list(temporary.iterdir()) == []
    assert left_on_the_engine() == 0


@pytest.mark.parametrize("who", ["command", "grading", "both"])
@pytest.mark.parametrize("moment", ["starting", "building", "a second later"])
def test_killed_it_leaves_no_build_and_clean_removes_the_rest(
    temporary: Path, handed_in: Path, workshop: Workshop, moment: str, who: str
) -> None:
    """The build ends with its grader; folders, containers and images are removed by `clean`."""
    process = start(temporary, "check", "01", "-s", handed_in)
    awaited = grades if moment == "starting" else builds
    assert becomes_true(lambda: awaited(temporary))
    if moment == "a second later":
        time.sleep(1)
    victims = [process.pid] if who != "grading" else []
    if who != "command":
        victims += [pid for pid, arguments in processes_of(temporary).items() if b"--workshop-job" in arguments]
    for pid in victims:
        os.kill(pid, signal.SIGKILL)
    process.wait(SECONDS)
    assert becomes_true(lambda: processes_of(temporary) == {})
    workshop("clean", env={"TMPDIR": str(temporary)})
    assert list(temporary.iterdir()) == []
    assert left_on_the_engine() == 0


def grades(temporary: Path) -> bool:
    """Whether the grading process is there."""
    return any(b"--workshop-job" in arguments for arguments in processes_of(temporary).values())
