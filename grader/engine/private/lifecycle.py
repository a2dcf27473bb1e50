"""Starting, stopping and looking at the private engine: who may do it, in which order, one command at a time."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from grader.called import called
from grader.engine.private.packages import Announce
from grader.engine.private.places import Places, places, require_short_paths
from grader.errors import EngineUnavailableError, MachineError

LOCK_SECONDS = 900.0
"""Another command may need this long to install the engine's package over a slow connection."""


@dataclass(frozen=True, slots=True)
class EngineStatus:
    """The private engine as it is now. If `disk_is_whole` is false, `disk_bytes` is only the part that was counted.

    `process_limit` is how many processes its builds and containers may have in total; None if nothing limits them.
    """

    running: bool
    version: str | None
    pid: int | None
    host: str
    data_root: Path
    disk_bytes: int
    disk_is_whole: bool = True
    process_limit: int | None = None


def host() -> str:
    """Return the address of the private engine; it answers there while it runs."""
    return places().host


def up(announce: Announce) -> str:
    """Start the private engine unless it runs; return its address. `announce` gets lines that say what is being done.

    Raises:
        EngineUnavailableError: not on this system, or not as this user; says what to do instead.
        UsageError: `WORKSHOP_HOME` is too long a path for sockets.
        MachineError: its package cannot be installed, or it does not start.

    """
    _require_linux_root()
    from grader.engine.private import daemon, packages, processes

    here = places()
    require_short_paths(here)
    with _alone(here, announce):
        pid = processes.find_daemon(here)
        if pid is not None:
            daemon.wait_for_answer(here, pid, announce)
            return here.host
        dockerd = daemon.find_dockerd()
        if dockerd is None:
            packages.install_engine(announce)
            dockerd = daemon.find_dockerd()
        if dockerd is None:
            raise MachineError("The engine's package is installed, but it contains no dockerd. Install Docker Engine.")
        announce(f"starting {dockerd}, its data in {here.data_root} ...")
        daemon.start(here, dockerd, announce)
    return here.host


def down(announce: Announce, *, purge: bool = False) -> None:
    """Stop the private engine; with `purge`, delete its images and build cache as well.

    Raises:
        EngineUnavailableError: not on this system, or not as this user.
        MachineError: it does not end, or its data cannot be deleted.

    """
    _require_linux_root()
    from grader.engine.private import daemon, processes, storage

    here = places()
    with _alone(here, announce):
        pid = processes.find_daemon(here)
        if not daemon.end(here, daemon.STOP_SECONDS):
            raise MachineError(
                f"The private engine (process {pid}) does not end. Read {here.log}, or end it with "
                f"`kill -9 {pid}` and run `{called()} engine down` again."
            )
        announce("The private engine is stopped." if pid is not None else "The private engine was not running.")
        if purge:
            storage.delete(here)
            announce(f"Deleted {here.data_root}.")


def status() -> EngineStatus:
    """Look at the private engine; needs no rights, starts nothing."""
    here = places()
    if sys.platform != "linux":
        return EngineStatus(
            running=False, version=None, pid=None, host=here.host, data_root=here.data_root, disk_bytes=0
        )
    from grader.engine.private import control_group, daemon, processes, storage

    pid = processes.find_daemon(here)
    size, whole = storage.disk_bytes(here.data_root)
    return EngineStatus(
        running=pid is not None,
        version=daemon.answering_version(here) if pid is not None else None,
        pid=pid,
        host=here.host,
        data_root=here.data_root,
        disk_bytes=size,
        disk_is_whole=whole,
        process_limit=control_group.read_limit(here) if pid is not None else None,
    )


def process_limit() -> int | None:
    """Return how many processes its builds and containers may have in total; None if nothing limits them."""
    from grader.engine.private import control_group

    return control_group.read_limit(places())


def _require_linux_root() -> None:
    if sys.platform == "darwin":
        raise EngineUnavailableError(
            "The private engine only runs on Linux. Install Docker Desktop, or Colima "
            "(`brew install colima docker docker-buildx && colima start`), and start it."
        )
    if sys.platform != "linux":
        raise EngineUnavailableError("The private engine only runs on Linux. Install Docker Desktop and start it.")
    if os.geteuid() != 0:
        raise EngineUnavailableError(
            f"The private engine needs root. Run `sudo {called()} engine up`, or start your distribution's Docker and "
            "join its group (`sudo usermod -aG docker $USER`, then log in again)."
        )


@contextmanager
def _alone(here: Places, announce: Announce) -> Iterator[None]:
    """Let one command at a time start or stop the engine."""
    try:
        here.run.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise MachineError(f"{here.run} cannot be made: {error.strerror}.") from error
    lock = FileLock(here.lock)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        announce("another command is starting or stopping the private engine; waiting for it ...")
        try:
            lock.acquire(timeout=LOCK_SECONDS)
        except Timeout:
            raise MachineError(
                f"Another command has locked {here.lock} for {LOCK_SECONDS:.0f} s. End that command, then try again."
            ) from None
    try:
        yield
    finally:
        lock.release()
