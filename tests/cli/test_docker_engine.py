"""`workshop docker` is docker on the workshop's engine; a line that makes `docker` work is said if it is needed."""

import shlex
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from grader.base_images.prepare import prepare
from grader.engine.client import Engine
from grader.engine.connection import connect
from tests.cli.running import ARGUMENTS, DEADLINE, Workshop, environment

pytestmark = pytest.mark.engine

IMAGE = "alpine:latest"
OTHER = "DOCKER_HOST"


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    """An engine that has an image to run."""
    with closing(connect()) as found:
        prepare(found, [IMAGE])
        yield found


@pytest.fixture
def newcomer(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """Take away what tells docker where the engine is; the workshop has a way of its own."""
    for name in (OTHER, "DOCKER_CONTEXT", "DOCKER_BUILDKIT"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("WORKSHOP_ENGINE", engine.host)


@pytest.mark.usefixtures("newcomer")
def test_output_and_exit_code_are_dockers(workshop: Workshop) -> None:
    """Options behind docker's own command are docker's, `--help` too."""
    ran = workshop("docker", "run", "--rm", "--network", "none", IMAGE, "sh", "-c", "echo here; echo there >&2; exit 7")
    assert (ran.code, ran.out, ran.err) == (7, "here\n", "there\n")
    assert "--no-trunc" in workshop("docker", "history", "--help").out
    assert workshop("docker", "--nonsense").code == 125


@pytest.mark.usefixtures("newcomer")
def test_input_and_the_process_are_dockers(engine: Engine) -> None:
    """So that a terminal and signals reach it as if it had been typed."""
    command = [*ARGUMENTS, "docker", "run", "--rm", "-i", "--network", "none", IMAGE, "cat"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment()) as running:
        assert running.stdin is not None
        assert running.stdout is not None
        running.stdin.write(b"heard\n")
        running.stdin.flush()
        assert running.stdout.readline() == b"heard\n"
        assert Path(f"/proc/{running.pid}/exe").readlink().name == "docker"
        running.stdin.close()
        assert running.wait(DEADLINE) == 0


@pytest.mark.usefixtures("newcomer")
def test_an_interrupt_is_dockers() -> None:
    """Nothing of ours says a word when it ends."""
    command = [*ARGUMENTS, "docker", "events"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment()) as running:
        deadline = time.monotonic() + DEADLINE
        while Path(f"/proc/{running.pid}/exe").readlink().name != "docker":
            assert time.monotonic() < deadline
            time.sleep(0.02)
        running.send_signal(signal.SIGINT)
        _, said = running.communicate(timeout=DEADLINE)
    assert b"interrupted." not in said
    assert b"Traceback" not in said


def test_without_an_engine_it_says_so(workshop: Workshop, tmp_path: Path) -> None:
    """The machine's fault, in one line."""
    ran = workshop("docker", "images", env={"WORKSHOP_ENGINE": f"unix://{tmp_path}/nothing.sock"})
    assert ran.code == 3
    assert ran.err.count("\n") == 1


def line_of(text: str) -> str:
    """Return what is said to type; fails if it is not there exactly once."""
    [line] = [line.strip() for line in text.splitlines() if line.lstrip().startswith("export ")]
    return line


@pytest.mark.usefixtures("newcomer")
@pytest.mark.parametrize("arguments", [("next",), ("doctor", "--exercise", "01")])
def test_the_line_that_is_said_makes_docker_work(
    workshop: Workshop, arguments: tuple[str, ...], engine: Engine
) -> None:
    """It is typed in a shell; then it is said no more."""
    line = line_of(workshop(*arguments).out)
    assert f"DOCKER_HOST={shlex.quote(engine.host)}" in line
    shell = ["sh", "-c", f'{line}; docker version --format "{{{{.Server.Version}}}}" && env']
    typed = subprocess.run(shell, env=environment(), capture_output=True, check=False, text=True, timeout=DEADLINE)
    assert typed.returncode == 0, typed.stderr
    now = dict(pair.partition("=")[::2] for pair in typed.stdout.splitlines()[1:])
    after = workshop(
        *arguments, env={name: now[name] for name in now if name in ("PATH", "DOCKER_HOST", "DOCKER_BUILDKIT")}
    )
    assert "export " not in after.out
