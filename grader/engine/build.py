"""Runs one build with the docker command, follows it, ends one that takes too long, and returns how it went.

`build_command.py` makes the command line, `progress*.py` reads the output, and `build_faults.py` decides whose fault
a failure is.
"""

import os
import selectors
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Protocol

from grader.engine.build_clock import BuildClock
from grader.engine.build_command import BuildInvocation, invocation
from grader.engine.build_faults import (
    does_not_see,
    engine_gone,
    engine_is_in_doubt,
    fault_of,
    gave_nothing,
    not_seen,
    says_disk_full,
    unfinished_fault,
)
from grader.engine.build_text import last_error, named_line, tidy_error
from grader.engine.docker_command import DockerCommand
from grader.engine.faults import disk_full
from grader.engine.guard import guarded
from grader.engine.model import BuildEnd, BuildRequest, BuildResult, BuildStep
from grader.engine.own_time import too_busy
from grader.engine.progress import BuildProgress, Vertex
from grader.engine.progress_plain import PlainReader
from grader.engine.progress_rawjson import RawJsonReader
from grader.errors import EngineUnavailableError, MachineError

CHUNK = 1 << 16
LINE_CAP = 16_000_000
"""Bytes of one line; the rest of a longer one is dropped."""
CANCEL_SECONDS = 10.0
"""How long the docker command may take to cancel its build on the engine."""
PING_SECONDS = 10
CANCEL_POLL = 0.5
"""Seconds between two looks at whether a build is over or cancelled."""
SCARCE = 500_000_000
"""With fewer bytes free than this, a step that says that the disk is full is believed."""
EXHAUSTED = 32_000_000
"""With fewer bytes free than this, the full disk explains any failure: some programs only report an I/O error."""


class _Reader(Protocol):
    def feed(self, line: bytes) -> None: ...
    def close(self) -> None: ...


def build(
    command: DockerCommand,
    request: BuildRequest,
    on_step: Callable[[BuildStep], None] | None = None,
    data_root: Path | None = None,
    is_cancelled: Callable[[], bool] = lambda: False,
    share: Callable[[], float | None] = lambda: None,
) -> BuildResult:
    """Build `request` with BuildKit. `on_step` gets a step when it begins, and again when it has ended.

    A build whose steps have used `request.deadline` seconds themselves, or write more than `request.log_cap` bytes, is
    cancelled on the engine too. `data_root` is where the engine keeps its data, if that is on this machine. `share`
    measures which part of a CPU a program gets on the engine's machine; see `grader.engine.build_clock`.

    Raises:
        CancelledError: `is_cancelled` said so; the build is cancelled on the engine too.
        EngineUnavailableError: the engine or the docker command is not there, or went away.
        MachineError: the disk is full, or a base image is not in the engine and no registry answers, or the machine is
            so busy that the build cannot use its time.

    """
    started = time.monotonic()
    progress = BuildProgress(request.log_cap, _telling(on_step))
    reader = _reader(command, progress)
    clock = BuildClock(progress, share)
    with invocation(command, request) as made:
        with _running(made) as process:
            end = _follow(process, reader, progress, _Limit(clock, request.deadline, is_cancelled))
        if end is None:
            if process.returncode and does_not_see(progress, (request.context, made.iid_file.parent)):
                raise not_seen(command.path, request.context)
            end = _judge(command, process.returncode, progress, data_root)
        image_id = made.image_id() if end is BuildEnd.BUILT else None
    if end is BuildEnd.BUILT and image_id is None:
        raise MachineError("The docker command reported a finished build, but named no image. Try again.")
    if end is BuildEnd.DEADLINE:
        fault = unfinished_fault(progress, command.host, clock.wall)
        if fault:
            raise fault
        end = _why_unfinished(progress)
        if end is BuildEnd.DEADLINE and not clock.is_late(request.deadline):
            raise too_busy(request.deadline, clock.wall)
    return _result(end, image_id, progress, time.monotonic() - started, clock.own)


def _reader(command: DockerCommand, progress: BuildProgress) -> _Reader:
    return RawJsonReader(progress) if command.has_rawjson else PlainReader(progress, glues=command.route == "cli")


def _result(end: BuildEnd, image_id: str | None, progress: BuildProgress, seconds: float, used: float) -> BuildResult:
    if end is not BuildEnd.FAILED:
        return BuildResult(end, image_id, progress.steps(), seconds, used=used)
    error = tidy_error(last_error(progress.tail))
    failure = progress.first_failure
    if failure and not error:
        error = tidy_error(failure.error)
    return BuildResult(end, None, progress.steps(), seconds, error, named_line(progress.tail), used)


def _telling(on_step: Callable[[BuildStep], None] | None) -> Callable[[Vertex], None] | None:
    def tell(vertex: Vertex) -> None:
        step = vertex.step()
        if step and on_step:
            on_step(step)

    return tell if on_step else None


def _why_unfinished(progress: BuildProgress) -> BuildEnd:
    """A step that writes without end is cut off by the engine, so that only the deadline ends it."""
    running = [vertex for vertex in progress.begun if not vertex.ended]
    return BuildEnd.LOG_FLOOD if any(vertex.clipped for vertex in running) else BuildEnd.DEADLINE


def _judge(command: DockerCommand, code: int, progress: BuildProgress, data_root: Path | None) -> BuildEnd:
    """Return how a command ended that was not interrupted."""
    if code == 0:
        return BuildEnd.BUILT
    fault = fault_of(progress, command.host)
    if fault:
        raise fault
    if gave_nothing(progress):
        return BuildEnd.EMPTY
    if engine_is_in_doubt(progress) and not _answers(command):
        raise engine_gone(command.host)
    if code < 0:
        raise MachineError(f"Another program ended the docker command (signal {-code}). Try again.")
    if data_root and _free(data_root) < (SCARCE if says_disk_full(progress) else EXHAUSTED):
        raise disk_full("building")
    return BuildEnd.FAILED


def _free(folder: Path) -> int:
    try:
        return shutil.disk_usage(folder).free
    except OSError:
        return SCARCE


def _answers(command: DockerCommand) -> bool:
    """Whether the engine still answers."""
    from docker.api.client import APIClient
    from docker.errors import DockerException
    from requests.exceptions import RequestException

    try:
        client = APIClient(base_url=command.host, timeout=PING_SECONDS, tls=command.endpoint.tls or False)
        try:
            return bool(client.ping())
        finally:
            client.close()
    except (DockerException, RequestException, OSError):
        return False


# The process --------------------------------------------------------------------------------------------------------


@contextmanager
def _running(made: BuildInvocation) -> Iterator["subprocess.Popen[bytes]"]:
    """Start the command in a process group of its own; at the end nothing of it or of its build is left."""
    try:
        process = subprocess.Popen(
            made.arguments,
            env=dict(made.environment),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )
    except OSError as error:
        raise EngineUnavailableError(
            f"The docker command {made.arguments[0]} cannot be started ({error.strerror or error}). Install it again."
        ) from error
    try:
        with guarded(process):
            yield process
    finally:
        gone = process.returncode is not None
        try:
            gone = gone or _cancel(process)
        finally:
            if not gone:
                _signal(process, signal.SIGKILL)
            process.wait()
            if process.stderr:
                process.stderr.close()


def _cancel(process: "subprocess.Popen[bytes]") -> bool:
    """Interrupt the command, which then cancels the build on the engine; return whether all of it ended in time."""
    _signal(process, signal.SIGINT)
    until = time.monotonic() + CANCEL_SECONDS
    if any(chunk is None for chunk in _chunks(process, lambda: time.monotonic() >= until)):
        return False
    with suppress(subprocess.TimeoutExpired):
        process.wait(max(0.1, until - time.monotonic()))
    return process.returncode is not None


def _signal(process: "subprocess.Popen[bytes]", number: signal.Signals) -> None:
    """Signal the process group: buildx runs as a child of the docker command."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, number)


def _follow(
    process: "subprocess.Popen[bytes]",
    reader: _Reader,
    progress: BuildProgress,
    limit: "_Limit",
) -> BuildEnd | None:
    """Read the output up to its end; return why to cancel the build, or None once the command has ended."""
    rest = b""
    for chunk in _chunks(process, limit.is_over):
        if chunk is None:
            return BuildEnd.DEADLINE
        *lines, rest = (rest + chunk).split(b"\n")
        for line in lines:
            reader.feed(line[:LINE_CAP])
        rest = rest[:LINE_CAP]
        if progress.flooded:
            return BuildEnd.LOG_FLOOD
    if rest:
        reader.feed(rest)
    reader.close()
    while process.poll() is None:
        if limit.is_over():
            return BuildEnd.DEADLINE
        with suppress(subprocess.TimeoutExpired):
            process.wait(CANCEL_POLL)
    return None


class _Limit:
    """Ends a build that has used its time, or that the machine does not let use it."""

    def __init__(self, clock: BuildClock, seconds: float, is_cancelled: Callable[[], bool]) -> None:
        self._clock = clock
        self._seconds = seconds
        self._is_cancelled = is_cancelled

    def is_over(self) -> bool:
        """Whether to end the build now.

        Raises:
            CancelledError: somebody asks for its end.

        """
        if self._is_cancelled():
            raise CancelledError
        self._clock.look()
        return self._clock.is_late(self._seconds) or self._clock.is_hopeless(self._seconds)


def _chunks(process: "subprocess.Popen[bytes]", is_over: Callable[[], bool]) -> Iterator[bytes | None]:
    """What the command prints, up to its end; once `is_over` says so one None, and then nothing more."""
    if process.stderr is None:
        return
    with selectors.DefaultSelector() as selector:
        selector.register(process.stderr, selectors.EVENT_READ)
        while True:
            if is_over():
                yield None
                return
            if not selector.select(CANCEL_POLL):
                continue
            chunk = os.read(process.stderr.fileno(), CHUNK)
            if not chunk:
                return
            yield chunk
