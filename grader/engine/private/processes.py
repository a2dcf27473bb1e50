"""Which of this machine's processes belong to the private engine, read from /proc, and how they are ended.

A process is known by its command line, never by its number alone, because numbers are used again.
"""

import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

from grader.engine.control_groups import process_ids
from grader.engine.private.places import Places

POLL = 0.05
END_SECONDS = 10.0


def daemon_pid(places: Places) -> int | None:
    """Return the process id of this engine's dockerd, or None if it does not run."""
    try:
        pid = int(places.pidfile.read_text(encoding="ascii"))
    except (OSError, ValueError):
        return None
    return pid if is_daemon(places, pid) else None


def is_daemon(places: Places, pid: int) -> bool:
    """Whether the process `pid` runs and is this engine's dockerd, not an editor that has its configuration open."""
    words = _command_line(pid)
    return str(places.config) in words and any(Path(word).name == "dockerd" for word in words[:2])


def has_ended(places: Places, pid: int) -> bool:
    """Whether the process that was started as this engine's dockerd is gone, or another process has its number now.

    For a moment, while the kernel loads a program, the process exists and has no command line.
    """
    if _command_line(pid):
        return not is_daemon(places, pid)
    return _state(pid) in ("", "Z", "X")


def find_daemon(places: Places) -> int | None:
    """Like `daemon_pid`, but finds one that lost its pidfile, or has not written it yet, among all processes."""
    return daemon_pid(places) or next((pid for pid in process_ids() if is_daemon(places, pid)), None)


def dependants(places: Places) -> list[int]:
    """The processes that dockerd has started and that continue without it: containers, their shims, its containerd."""
    parents = {pid: _parent(pid) for pid in process_ids()}
    roots = [pid for pid in parents if _is_containerd(places, pid)]
    return [pid for root in roots for pid in (*_descendants(root, parents), root)]


def end_orphans(places: Places) -> None:
    """Kill what a crashed dockerd left running, and wait until no file is in use any more."""
    orphans = [*dependants(places), *(pid for pid in process_ids() if _lives_in(places.data_root, pid))]
    for pid in orphans:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    wait_until(lambda: not any(map(_command_line, orphans)), END_SECONDS)


def wait_until(condition: Callable[[], bool], seconds: float) -> bool:
    """Look at `condition` until it is true or `seconds` have passed; return whether it became true."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(POLL)
    return True


def _is_containerd(places: Places, pid: int) -> bool:
    """Whether it is a containerd or a shim of this engine, by its exec root or its namespace."""
    words = _command_line(pid)
    if not words or not Path(words[0]).name.startswith("containerd"):
        return False
    return places.name in words or any(word.startswith(f"{places.exec_root}/") for word in words)


def _lives_in(data_root: Path, pid: int) -> bool:
    """Whether its root file system is an overlay in the engine's data: this finds a build's RUN, which has no shim."""
    try:
        mounts = Path(f"/proc/{pid}/mountinfo").read_bytes().splitlines()
    except OSError:
        return False
    root = next((line for line in mounts if line.split()[4] == b"/"), b"")
    return b"upperdir=" + os.fsencode(data_root) + b"/" in root


def _descendants(pid: int, parents: dict[int, int]) -> Iterator[int]:
    for child in [child for child, parent in parents.items() if parent == pid]:
        yield from _descendants(child, parents)
        yield child


def _command_line(pid: int) -> tuple[str, ...]:
    """Return a running process's arguments; a zombie has none."""
    try:
        raw = Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return ()
    return tuple(os.fsdecode(word) for word in raw.split(b"\0") if word)


def _state(pid: int) -> str:
    """Return the letter that proc(5) gives for the process's state; empty if there is no such process."""
    status = _status(pid)
    return status[0] if status else ""


def _parent(pid: int) -> int:
    status = _status(pid)
    return int(status[1]) if status else 0


def _status(pid: int) -> list[str]:
    """Return the fields of /proc/PID/stat after the program's name; empty if there is no such process."""
    try:
        status = Path(f"/proc/{pid}/stat").read_bytes()
    except OSError:
        return []
    return status.rpartition(b")")[2].decode("ascii").split()
