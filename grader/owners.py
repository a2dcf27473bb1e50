"""Which process something belongs to, so that what a killed one left behind can be removed; and its temporary folders.

A process is known by its number and the moment it started, because numbers are used again.
"""

import hashlib
import os
import re
import socket
import tempfile
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

from grader.removal import remove_tree

_OF_PROCESS = re.compile(r"(?P<machine>[^:]*)(?::(?P<pid>\d+))?(?::(?P<start>\d*))?")
_FOLDER = re.compile(r"workshop-[a-z-]*?(?P<machine>[0-9a-f]{8})-(?P<pid>\d+)-(?P<start>\d+)-\w+")
_START = 19
"""Where /proc/PID/stat has the start time, counted after the program's name (proc_pid_stat(5))."""


def this_process() -> str:
    """Return `host:pid:start` of this process; `start` is in ticks since the machine began, 0 where it is unknown."""
    return f"{socket.gethostname()}:{os.getpid()}:{_start_of(os.getpid()) or 0}"


def is_gone(owner: str) -> bool:
    """Whether the process that `owner` names has ended. Another host's processes never count as gone."""
    match = _OF_PROCESS.fullmatch(owner)
    if match is None or match["machine"] != socket.gethostname() or not match["pid"]:
        return owner.partition(":")[0] == ""
    return not _runs(int(match["pid"]), int(match["start"] or 0))


def own_folder(kind: str) -> "TemporaryDirectory[str]":
    """Make a temporary folder whose name says that it belongs to this process; to be used as a context manager.

    Raises:
        OSError: it cannot be made.

    """
    return TemporaryDirectory(prefix=f"workshop-{kind}-{_machine()}-{os.getpid()}-{_start_of(os.getpid()) or 0}-")


def remove_folders_of_the_gone() -> int:
    """Remove the temporary folders that processes of this machine and user have left behind; return how many."""
    count = 0
    for folder in Path(tempfile.gettempdir()).glob("workshop-*"):
        if _is_left_behind(folder):
            with suppress(OSError):
                remove_tree(folder)
                count += 1
    return count


def _is_left_behind(folder: Path) -> bool:
    match = _FOLDER.fullmatch(folder.name)
    if not match or match["machine"] != _machine() or _runs(int(match["pid"]), int(match["start"])):
        return False
    try:
        return folder.stat(follow_symlinks=False).st_uid == os.getuid()
    except OSError:
        return False


def _machine() -> str:
    """Return a short name of the host and its process numbers: a container may share this folder and not these."""
    numbers = ""
    with suppress(OSError):
        numbers = os.readlink("/proc/self/ns/pid")  # noqa: PTH115 - it is no path
    return hashlib.sha256(f"{socket.gethostname()} {numbers}".encode()).hexdigest()[:8]


def _runs(pid: int, start: int) -> bool:
    """Whether the process is there, and is the one that started at `start`, if both times are known."""
    try:
        os.kill(pid, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:
        pass
    now = _start_of(pid)
    return not start or now is None or now == start


def _start_of(pid: int) -> int | None:
    """Return when a process started; None where the system does not say."""
    try:
        status = Path(f"/proc/{pid}/stat").read_bytes()
        return int(status.rpartition(b")")[2].split()[_START])
    except (OSError, ValueError, IndexError):
        return None
