"""Small JSON files that the kit keeps in a workspace's `.workshop/`, one entry a line, keyed by exercises' slugs.

What is in them belongs to the modules next to this one. A damaged or unwritable file costs one line of words and
what cannot be read of it, never the command.
"""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timezone
from pathlib import Path

from grader.codec import FormError, encode, parse_json
from grader.exercise.workspace import STATE

LOCK_SECONDS = 5.0
"""How long one command waits for another that writes; writing takes milliseconds."""
_LOCK = "state.lock"
Entries = dict[str, object]


def read_state(workspace: Path, name: str) -> Entries:
    """Return what is kept under `name`; of a damaged file what can still be read, after it was set aside."""
    path = workspace / STATE / name
    try:
        content = path.read_bytes()
    except OSError:
        return {}
    entries = _whole(content)
    return _mend(path) if entries is None else entries


def change_state(workspace: Path, name: str, key: str, change: Callable[[object], object]) -> None:
    """Put `change(entry)` in place of the entry under `key` (None if there is none), whoever else writes meanwhile."""
    path = workspace / STATE / name
    entries = read_state(workspace, name)  # a damaged file is set aside before the lock is taken
    with suppress(OSError), _lock(path):
        with suppress(OSError):
            entries = _whole(path.read_bytes()) or entries
        _write(path, {**entries, key: change(entries.get(key))})


def _write(path: Path, entries: Entries) -> None:
    """Write next to it and rename, so that a reader meets the old file or the new one and never a part."""
    lines = (f"{encode(key).decode()}: {encode(value).decode()}" for key, value in entries.items())
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    try:
        draft.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


@contextmanager
def _lock(path: Path) -> Iterator[None]:
    """Keep the lock of all these files. If another command keeps it for too long, a line says so.

    Raises:
        OSError: the workspace cannot be written, or the lock could not be had.

    """
    from filelock import FileLock, Timeout

    path.parent.mkdir(exist_ok=True)
    lock = FileLock(path.with_name(_LOCK), timeout=LOCK_SECONDS)
    try:
        lock.acquire()
    except Timeout as error:
        _say(f"another command keeps {path} locked; what was to be remembered in it is lost.")
        raise OSError from error
    except NotImplementedError:  # a file system without locks: the rename still keeps the file complete
        yield
        return
    try:
        yield
    finally:
        lock.release()


def _mend(path: Path) -> Entries:
    """Set the damaged file aside and put in its place what can be read of it; return that."""
    entries: Entries = {}
    with suppress(OSError), _lock(path):
        content = path.read_bytes()
        whole = _whole(content)
        if whole is not None:  # another command was quicker
            return whole
        entries = _legible(content)
        aside = path.with_name(f"{path.name}.damaged-{datetime.now(timezone.utc):%Y%m%dT%H%M%S%f}")
        path.replace(aside)
        _write(path, entries)
        count = f"{len(entries)} {'entry' if len(entries) == 1 else 'entries'}"
        _say(f"{path} was damaged: {count} could be read and stay, the damaged file is kept as {aside.name}.")
    return entries


def _whole(content: bytes) -> Entries | None:
    """Return the entries of an undamaged file, else None."""
    with suppress(FormError):
        kept = parse_json(content)
        if isinstance(kept, dict):
            return kept
    return None


def _legible(content: bytes) -> Entries:
    """Return the entries of those lines that are complete."""
    entries: Entries = {}
    for line in content.decode("utf-8", "replace").splitlines():
        text = line.strip().removesuffix(",")
        if text.startswith('"') and "\N{REPLACEMENT CHARACTER}" not in text:
            with suppress(FormError):
                entries |= parse_json("{" + text + "}")
    return entries


def _say(words: str) -> None:
    with suppress(OSError):
        sys.stderr.write(f"workshop: {words}\n")
