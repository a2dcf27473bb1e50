"""What is said when an engine goes away in the middle of something, or its disk is full: one that may be broken."""

import gc
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from http import HTTPStatus
from pathlib import Path

import pytest

from grader.engine import private
from grader.engine.client import Engine
from grader.engine.connection import connect
from grader.engine.docker_command import OVERRIDE
from grader.engine.model import BuildRequest, BuildStep, RunRequest
from grader.errors import EngineUnavailableError, MachineError

pytestmark = pytest.mark.engine
Image = Callable[..., str]
SMALL_DISK = 48_000_000
MORE_THAN_FITS = 60_000_000
COMMAND_SECONDS = 60


@pytest.fixture
def _no_socket_left() -> Iterator[None]:
    """Collect the sockets that docker-py makes and drops, unclosed, when nothing takes the connection any more."""
    yield
    gc.collect()


leaves_sockets = pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning")


@pytest.fixture
def home(_no_socket_left: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The folder of a private engine that a test may do anything to; sockets want a short path."""
    folder = Path(tempfile.mkdtemp(prefix="wk-"))
    monkeypatch.setenv("WORKSHOP_HOME", str(folder))
    try:
        yield folder
    finally:
        private.down(_say_nothing)
        shutil.rmtree(folder)


def _say_nothing(_: str) -> None:
    """Take what the private engine announces."""


@contextmanager
def throwaway(path: str | None = None) -> Iterator[Engine]:
    """Start the private engine of `home`; build on it with the docker command at `path`."""
    with pytest.MonkeyPatch.context() as patch:
        if path:
            patch.setenv(OVERRIDE, path)
        found = connect(private.up(_say_nothing))
        assert found.docker_command
    try:
        yield found
    finally:
        found.close()


def kill_engine() -> None:
    """End the private engine as a crash would."""
    pid = private.status().pid
    assert pid
    os.kill(pid, signal.SIGKILL)
    until = time.monotonic() + COMMAND_SECONDS
    while private.status().pid == pid:
        assert time.monotonic() < until
        time.sleep(0.02)


GONE = r"\A[^\n]*stopped answering[^\n]*try again\.\Z"


@leaves_sockets
def test_an_engine_that_goes_during_a_build_is_told(home: Path, engine: Engine, base: str, builder: Engine) -> None:
    """Never a traceback, never the learner's fault."""
    context = home / "context"
    context.mkdir()
    (context / "Dockerfile").write_text(f"FROM {base}\nRUN sleep 3600\n")

    def kill_at_sleep(step: BuildStep) -> None:
        if "sleep" in step.instruction and not step.ended:
            kill_engine()

    with throwaway(builder.docker_command.path) as other:
        other.load(engine.save(base))
        with pytest.raises(EngineUnavailableError, match=GONE):
            other.build(BuildRequest(context, "workshop-test/gone:1"), kill_at_sleep)
        with pytest.raises(EngineUnavailableError, match=GONE):
            other.build(BuildRequest(context, "workshop-test/gone:1"))


@leaves_sockets
def test_an_engine_that_goes_during_a_question_is_told(home: Path, engine: Engine, base: str) -> None:
    """The container cannot be removed either, which says the same."""
    with throwaway() as other:
        other.load(engine.save(base))
        request = RunRequest(base, port=8080, arguments=("httpd", "-f", "-p", "8080"))
        with ExitStack() as stack:
            container = stack.enter_context(other.run(request))
            assert container.get("/").status == HTTPStatus.NOT_FOUND
            kill_engine()
            with pytest.raises(EngineUnavailableError, match=GONE):
                container.get("/")
            with pytest.raises(EngineUnavailableError, match=GONE):
                stack.close()


@leaves_sockets
def test_an_engine_that_goes_while_saving_and_loading_is_told(home: Path, engine: Engine, image: Image) -> None:
    """Half an image is no image."""
    large = image("FROM BASE\nRUN head -c 40000000 /dev/urandom > /f\n")

    def cut_off(chunks: Iterator[bytes]) -> Iterator[bytes]:
        yield next(chunks)
        kill_engine()
        yield from chunks

    with throwaway() as other:
        other.load(engine.save(large))
        with pytest.raises(EngineUnavailableError, match=GONE):
            list(cut_off(other.save(large)))
    with throwaway() as other, pytest.raises(EngineUnavailableError, match=GONE):
        other.load(cut_off(engine.save(large)))


@pytest.fixture
def small_disk(home: Path, tmp_path: Path) -> Iterator[None]:
    """Put all of the private engine on a file system of its own: a file with hardly any room in it."""
    disk = tmp_path / "disk"
    with disk.open("wb") as file:
        file.truncate(SMALL_DISK)
    subprocess.run(["mkfs.ext4", "-q", "-m", "0", str(disk)], check=True, timeout=COMMAND_SECONDS)
    subprocess.run(["mount", "-o", "loop", str(disk), str(home)], check=True, timeout=COMMAND_SECONDS)
    yield
    private.down(_say_nothing)
    subprocess.run(["umount", str(home)], check=True, timeout=COMMAND_SECONDS)


FULL = r"\AThe disk is full: [^\n]*Free some space and try again\.\Z"


def test_a_full_disk_is_told(
    small_disk: None, engine: Engine, base: str, builder: Engine, image: Image, tmp_path: Path
) -> None:
    """When a file is copied, when a step writes, and when an image is loaded."""
    context = tmp_path / "context"
    context.mkdir()
    (context / "large").write_bytes(bytes(MORE_THAN_FITS))
    with throwaway(builder.docker_command.path) as other:
        other.load(engine.save(base))
        for instruction in (
            f"RUN dd if=/dev/zero of=/f bs=1000000 count={MORE_THAN_FITS // 1_000_000}",
            "COPY large /f",
        ):
            (context / "Dockerfile").write_text(f"FROM {base}\n{instruction}\n")
            with pytest.raises(MachineError, match=FULL):
                other.build(BuildRequest(context, "workshop-test/full:1"))
        large = image(f"FROM BASE\nRUN head -c {MORE_THAN_FITS} /dev/zero > /f\n")
        with pytest.raises(MachineError, match=FULL):
            other.load(engine.save(large))
