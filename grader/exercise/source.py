"""The files of an exercise's program. Its `exercise.toml` lists them: nothing else in its folder is looked at."""

import os
import stat
from pathlib import Path

from grader.errors import ContentError
from grader.exercise.model import Exercise


def copy_source(exercise: Exercise, into: Path, *, replace: bool = True) -> None:
    """Copy the program's files into the folder `into`; without `replace`, what is there already stays as it is.

    Raises:
        ContentError: a file that is listed is missing, or is no ordinary file, or cannot be read.

    """
    for name in exercise.files:
        target = into / name
        if replace or not os.path.lexists(target):
            _copy(exercise, name, target)


def _copy(exercise: Exercise, name: str, target: Path) -> None:
    source = exercise.directory / name
    listed = f"{exercise.directory / 'exercise.toml'} lists {name}"
    try:
        kind = stat.S_IFMT(source.lstat().st_mode)
    except OSError as error:
        raise ContentError(f"{listed}, which cannot be read: {error.strerror}.") from error
    if kind != stat.S_IFREG:  # a link might lead anywhere, and a pipe would never end
        raise ContentError(f"{listed}, which is not an ordinary file.")
    try:
        content = source.read_bytes()
    except OSError as error:
        raise ContentError(f"{listed}, which cannot be read: {error.strerror}.") from error
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(content)
