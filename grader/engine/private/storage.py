"""The private engine's data on disk: how much it is, and deleting it. This module does not read the data."""

import errno
import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from grader.engine.private.places import Places
from grader.errors import MachineError
from grader.removal import remove_tree

MEASURE_SECONDS = 2.0
UNMOUNT_SECONDS = 30


def disk_bytes(root: Path, *, seconds: float = MEASURE_SECONDS) -> tuple[int, bool]:
    """Return the bytes that files below `root` take, and whether all were counted within `seconds`.

    Hard links count once. Holes and other file systems (containers' mounts) do not count.
    """
    deadline = time.monotonic() + seconds
    counted: set[int] = set()
    total = 0
    for folder, device in _folders(root):
        if time.monotonic() > deadline:
            return total, False
        with suppress(OSError), os.scandir(folder) as entries:
            for entry in entries:
                status = entry.stat(follow_symlinks=False)
                if status.st_dev == device and status.st_ino not in counted:
                    counted.add(status.st_ino)
                    total += status.st_blocks * 512
    return total, True


def _folders(root: Path) -> Iterator[tuple[str, int]]:
    """Every folder on the file system of `root`."""
    try:
        device = root.stat().st_dev
    except OSError:
        return
    waiting = [str(root)]
    while waiting:
        folder = waiting.pop()
        yield folder, device
        with suppress(OSError), os.scandir(folder) as entries:
            waiting.extend(
                entry.path
                for entry in entries
                if entry.is_dir(follow_symlinks=False) and entry.stat(follow_symlinks=False).st_dev == device
            )


def unmount_leftovers(*roots: Path) -> None:
    """Unmount what a crashed dockerd left mounted at or below `roots`, innermost first.

    On a root itself only dockerd's bind mount of the folder onto itself is unmounted. A complete file system that is
    mounted there is the user's: perhaps it limits the engine's disk.
    """
    for point, is_bind in sorted(_mount_points(), key=lambda mount: len(mount[0].parts), reverse=True):
        if any(point.is_relative_to(root) and (point != root or is_bind) for root in roots):
            subprocess.run(["umount", "-l", str(point)], capture_output=True, check=False, timeout=UNMOUNT_SECONDS)


def _mount_points() -> Iterator[tuple[Path, bool]]:
    """This process's mount points, and whether the thing mounted there is a folder; see proc(5)."""
    with open("/proc/self/mountinfo", "rb") as lines:  # noqa: PTH123 - bytes, line by line
        for line in lines:
            fields = line.split()
            # The kernel writes spaces in octal.
            point = Path(os.fsdecode(fields[4].decode("unicode_escape").encode("latin-1")))
            yield point, fields[3] != b"/"


def delete(places: Places) -> None:
    """Delete the data root.

    Raises:
        MachineError: it was not made by the workshop, or a file cannot be deleted.

    """
    if not places.data_root.exists():
        return
    if not places.marker.is_file():
        raise MachineError(f"{places.data_root} was not made by the workshop and stays. Delete it by hand if you may.")
    unmount_leftovers(places.data_root)
    still = [
        point for point, _ in _mount_points() if point != places.data_root and point.is_relative_to(places.data_root)
    ]
    if still:
        raise MachineError(
            f"{places.data_root} cannot be deleted: something is mounted at {still[0]}",
            f"Run `umount {still[0]}`, then this again.",
        )
    try:
        remove_tree(places.data_root, last=places.marker.name)
    except OSError as error:
        raise MachineError(
            f"{places.data_root} cannot be deleted ({error.strerror}: {error.filename})", _what_to_do(error, places)
        ) from error


def _what_to_do(error: OSError, places: Places) -> str:
    if error.errno == errno.EPERM:  # root is refused only this way
        return f"A file that is immutable is made ordinary by `chattr -R -i {places.data_root}`; then run this again."
    if error.errno in (errno.EBUSY, errno.EXDEV):
        return "Something is mounted there: unmount it, then run this again."
    return "Delete it by hand."
