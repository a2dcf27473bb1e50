"""The files of an exercise that the learner edits: whether they are as handed out, and how they become so again.

Only what the exercise names as editable is looked at or touched.
"""

import os
import shutil
import stat
from datetime import datetime, timezone
from pathlib import Path

from grader.errors import writing_error
from grader.exercise.model import Exercise
from grader.exercise.workspace import STATE

_KEPT = "before-reset"


def is_starter(exercise: Exercise, folder: Path) -> bool:
    """Whether the files in `folder` are those that were handed out."""
    return not changed_files(exercise, folder)


def changed_files(exercise: Exercise, folder: Path) -> tuple[str, ...]:
    """Return the names of files that differ from those handed out: edited, added or missing."""
    return tuple(name for name in exercise.editable if not _is_as_handed_out(exercise, folder, name))


def reset_files(exercise: Exercise, folder: Path, workspace: Path) -> Path:
    """Return the changed files to what was handed out; what was there is copied first. Return where the copies are.

    Raises:
        UsageError: a file cannot be copied or written; says which, and where the copies are.
        MachineError: the disk is full; says the same.

    """
    names = changed_files(exercise, folder)
    kept = workspace / STATE / _KEPT / exercise.slug / f"{datetime.now(timezone.utc):%Y-%m-%dT%H%M%S.%fZ}"
    try:
        for name in names:
            _keep(folder / name, kept / name)
    except OSError as error:
        raise writing_error(f"Nothing was reset: {error.filename} cannot be kept in {kept}", error) from error
    try:
        for name in names:
            _hand_out(exercise.solutions / "starter" / name, folder / name)
    except OSError as error:
        raise writing_error(f"Your files are in {kept}; {error.filename} cannot be written", error) from error
    return kept


def _is_as_handed_out(exercise: Exercise, folder: Path, name: str) -> bool:
    path, starter = folder / name, exercise.solutions / "starter" / name
    if not starter.exists():
        return not os.path.lexists(path)
    return _bytes(path, starter.stat().st_size) == starter.read_bytes()


def _keep(path: Path, kept: Path) -> None:
    """Copy whatever is there: a file, a link as a link, a folder that is in a file's place."""
    kept.parent.mkdir(parents=True, exist_ok=True)
    if path.is_dir() and not path.is_symlink():
        shutil.copytree(path, kept, symlinks=True)
    elif os.path.lexists(path):
        shutil.copy2(path, kept, follow_symlinks=False)


def _hand_out(starter: Path, path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    if not starter.exists():
        path.unlink(missing_ok=True)
        return
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    shutil.copyfile(starter, draft)
    draft.replace(path)


def _bytes(path: Path, size: int) -> bytes | None:
    """Return what is in a regular file of that size; a pipe would never end, and of a device nothing is wanted."""
    try:
        status = path.lstat()
        return path.read_bytes() if stat.S_ISREG(status.st_mode) and status.st_size == size else None
    except OSError:
        return None
