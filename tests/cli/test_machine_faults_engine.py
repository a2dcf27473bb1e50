"""The machine's fault is never the learner's: status `error`, exit 3, one line; and Ctrl-C leaves nothing behind."""

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from grader.engine import private
from grader.engine.client import Engine
from grader.engine.connection import connect
from tests.cli.running import ARGUMENTS, Ran, Workshop, environment

pytestmark = pytest.mark.engine

MACHINE = 3
INTERRUPTED = (130, -signal.SIGINT)
"""Shells show both as 130: Python ends by the signal itself if it met it in certain places, handled or not."""
SERVES = (
    'FROM busybox\nCOPY greeting.txt /www/index.html\nEXPOSE 8080\nCMD ["httpd", "-f", "-p", "8080", "-h", "/www"]\n'
)
MARK = b"7.0123"
NEVER_ENDS = f"FROM busybox\nRUN while :; do sleep {MARK.decode()}; done\n"


@pytest.fixture
def handed_in(tmp_path: Path) -> Path:
    """A submission that passes exercise 01."""
    folder = tmp_path / "handed-in"
    folder.mkdir()
    (folder / "Dockerfile").write_text(SERVES)
    return folder


@pytest.fixture
def short_folder() -> Iterator[Path]:
    """A folder whose path is short enough for sockets in it."""
    with TemporaryDirectory(prefix="wk-") as name:
        yield Path(name)


def machine_fault(ran: Ran) -> str:
    """Return the one line that is said when the machine failed and nobody lost a point."""
    assert ran.code == MACHINE, ran.out + ran.err
    assert "Traceback" not in ran.out + ran.err
    verdict = ran.verdict
    assert verdict["status"] == "error"
    assert "failed" not in {result["status"] for result in verdict["criteria"]}
    assert "\n" not in verdict["error"]
    return str(verdict["error"])


def test_no_engine_says_what_to_do(workshop: Workshop, handed_in: Path, tmp_path: Path) -> None:
    """The address that was tried, and how to fix it."""
    nowhere = f"unix://{tmp_path}/docker.sock"
    ran = workshop("check", "01", "-s", handed_in, "-f", "json", "-q", env={"WORKSHOP_ENGINE": nowhere})
    said = machine_fault(ran)
    assert nowhere in said
    assert "Start it" in said


def test_a_base_image_that_cannot_be_had_lists_what_can(workshop: Workshop, handed_in: Path) -> None:
    """One line; it may be the learner's typing, but without a registry nobody can tell."""
    (handed_in / "Dockerfile").write_text("FROM registry.invalid/nobody/nothing:1\n")
    said = machine_fault(workshop("check", "01", "-s", handed_in, "-f", "json", "-q"))
    assert "registry.invalid/nobody/nothing:1" in said
    assert "alpine:latest" in said


def test_an_engine_that_is_killed_in_the_middle_costs_no_points(
    handed_in: Path, tmp_path: Path, short_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It dies while a RUN is running; what was not judged is an error, not a failure."""
    monkeypatch.setenv("WORKSHOP_HOME", str(short_folder))
    host = private.up(announce=lambda _: None)
    try:
        copy_image("busybox", connect(), connect(host))
        (handed_in / "Dockerfile").write_text(NEVER_ENDS)
        process = start("check", "01", "-s", handed_in, "-f", "json", env={"WORKSHOP_ENGINE": host}, cwd=tmp_path)
        wait_for_the_build(process)
        os.kill(int(private.status().pid or 0), signal.SIGKILL)
        out, err = process.communicate(timeout=120)
    finally:
        private.down(announce=lambda _: None, purge=True)
    assert "stopped answering" in machine_fault(Ran(process.returncode, out.decode(), err.decode()))


@pytest.mark.skipif(os.geteuid() != 0, reason="only root makes network namespaces")
def test_an_engine_in_another_network_costs_no_points(handed_in: Path, tmp_path: Path) -> None:
    """Its socket can be reached and the ports that it publishes cannot: no program would ever seem to answer."""
    process = start("check", "01", "-s", handed_in, "-f", "json", "-q", cwd=tmp_path, before=("unshare", "--net"))
    out, err = process.communicate(timeout=120)
    said = machine_fault(Ran(process.returncode, out.decode(), err.decode()))
    assert "it is in another network than the workshop" in said


@pytest.mark.skipif(os.geteuid() != 0, reason="only root makes mount namespaces")
def test_a_docker_command_that_does_not_see_the_temporary_folder_is_named(
    workshop: Workshop, handed_in: Path, tmp_path: Path
) -> None:
    """As one from a snap, which has a /tmp of its own."""
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    engine = connect()
    real = engine.docker_command.path
    engine.close()
    apart = tmp_path / Path(real).name
    apart.write_text(
        f'#!/bin/sh\nexec unshare --mount sh -c \'mount -t tmpfs none {temporary}; exec {real} "$@"\' docker "$@"\n'
    )
    apart.chmod(0o755)
    env = {"WORKSHOP_DOCKER": str(apart), "TMPDIR": str(temporary)}
    said = machine_fault(workshop("check", "01", "-s", handed_in, "-f", "json", "-q", env=env))
    assert f"The docker command {apart} does not see {temporary}" in said
    assert "snap" in said


def copy_image(reference: str, source: Engine, target: Engine) -> None:
    """Bring an image from one engine to another."""
    target.load(source.save(reference))
    source.close()
    target.close()


def start(
    *arguments: str | Path, cwd: Path, env: dict[str, str] | None = None, before: tuple[str, ...] = ()
) -> "subprocess.Popen[bytes]":
    """Start a command whose output is read later; `before` is a program that starts it."""
    return subprocess.Popen(
        [*before, *ARGUMENTS, *map(str, arguments)],
        cwd=cwd,
        env=environment(env),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def wait_for_the_build(process: "subprocess.Popen[bytes]") -> None:
    """Read the progress up to the build, then give its RUN time to be seen among this machine's processes."""
    assert process.stderr is not None
    seen = b""
    while b"building your Dockerfile" not in seen:
        line = process.stderr.readline()
        assert line, seen
        seen += line
    until = time.monotonic() + 20
    while not runs(MARK) and time.monotonic() < until:
        time.sleep(0.05)


def runs(words: bytes) -> bool:
    """Whether a process here has these words among its arguments."""
    for arguments in Path("/proc").glob("[0-9]*/cmdline"):
        with suppress(OSError):
            if words in arguments.read_bytes().split(b"\0"):
                return True
    return False


class TestCtrlC:
    """Interrupted at any point, a check leaves nothing behind: no container, image, process or file."""

    @pytest.mark.parametrize("after", [0.15, 0.3, 0.6, 0.9, 1.2, 1.6, 2.0, 2.5, 3.0])
    def test_leaves_nothing_behind(self, handed_in: Path, tmp_path: Path, after: float) -> None:
        """Wherever it happens to be, start-up included: exit 130, or the verdict if it was done by then."""
        temporary = tmp_path / "temporary"
        temporary.mkdir()
        (handed_in / "Dockerfile").write_text(f"{SERVES}ENV AFTER={after}\nRUN sleep 0.4; echo {after}\n")
        process = start("check", "01", "-s", handed_in, "-q", cwd=tmp_path, env={"TMPDIR": str(temporary)})
        try:
            process.wait(after)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
        assert process.returncode in (0, *INTERRUPTED), (out, err)
        assert b"Traceback" not in err
        assert list(temporary.iterdir()) == []
        assert left_on_the_engine() == []

    def test_in_a_build_without_end_is_heard_at_once(self, handed_in: Path, tmp_path: Path) -> None:
        """The build is cancelled on the engine, not left to run."""
        (handed_in / "Dockerfile").write_text(NEVER_ENDS)
        process = start("check", "01", "-s", handed_in, cwd=tmp_path)
        wait_for_the_build(process)
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=60)
        assert process.returncode in INTERRUPTED
        assert b"interrupted" in err
        assert not runs(MARK)
        assert left_on_the_engine() == []


def left_on_the_engine() -> list[str]:
    """Return what a dead process of the kit still has on the engine, by removing it."""
    engine = connect()
    try:
        return ["leftover"] * engine.remove_leftovers()
    finally:
        engine.close()
