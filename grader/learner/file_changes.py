"""Tells when a learner's files have changed, however their editor saves and whatever the file system reports.

What counts is the content: events only say when to look, and where none come, a look now and then does.
"""

import os
import stat
from collections.abc import Iterator, Mapping
from pathlib import Path
from threading import Event

from watchfiles import watch

from grader.exercise.model import Exercise
from grader.exercise.submission import SIZE_CAP

STEP_MILLISECONDS = 40
"""Saves that come closer together are one: editors write, rename and touch."""
LOOK_MILLISECONDS = 1000
"""How often the files are looked at although no event came: some mounts report none."""
POLL_MILLISECONDS = 250
SETTLE_SECONDS = 0.4
"""How long a file that has just gone, or is empty, may take to come back before that is believed."""
FileContents = Mapping[str, bytes | None]


def contents(exercise: Exercise, folder: Path) -> FileContents:
    """Return what is in each editable file; None for one that is not there."""
    return {name: _content(folder / name) for name in exercise.editable}


def saves(exercise: Exercise, folder: Path, stop: Event, *, poll: bool = False) -> Iterator[FileContents]:
    """Yield what the files hold now, and again whenever that has changed, until `stop` is set."""
    known = contents(exercise, folder)
    yield known
    for _ in _looks(sorted({(folder / name).parent for name in exercise.editable}), stop, poll=poll):
        now = _settled(exercise, folder, known, stop)
        if now != known and not stop.is_set():
            known = now
            yield known


def _looks(folders: list[Path], stop: Event, *, poll: bool) -> Iterator[None]:
    """Yield whenever the files should be looked at."""
    try:
        for _ in watch(
            *folders,
            watch_filter=None,
            step=STEP_MILLISECONDS,
            stop_event=stop,
            rust_timeout=LOOK_MILLISECONDS,
            yield_on_timeout=True,
            raise_interrupt=False,
            force_polling=poll or None,
            poll_delay_ms=POLL_MILLISECONDS,
            recursive=False,
        ):
            yield
    except (OSError, RuntimeError):  # no watches left, or a folder that has gone
        while not stop.wait(POLL_MILLISECONDS / 1000):
            yield


def _settled(exercise: Exercise, folder: Path, known: FileContents, stop: Event) -> FileContents:
    """Return the contents; a file that was full a moment ago and is gone or empty is given time to come back."""
    now = contents(exercise, folder)
    for _ in range(round(SETTLE_SECONDS * 1000 / STEP_MILLISECONDS)):
        if not any(known[name] and not now[name] for name in now) or stop.wait(STEP_MILLISECONDS / 1000):
            break
        now = contents(exercise, folder)
    return now


def _content(path: Path) -> bytes | None:
    """Read an ordinary file; of anything else only say that it is there."""
    try:
        status = path.lstat()
        if not stat.S_ISREG(status.st_mode):
            return f"no ordinary file: {stat.S_IFMT(status.st_mode)}".encode()
        with os.fdopen(os.open(path, os.O_RDONLY | getattr(os, "O_BINARY", 0)), "rb") as file:
            return file.read(SIZE_CAP + 1)
    except FileNotFoundError:
        return None
    except OSError as error:
        return f"cannot be read: {error.strerror}".encode()
