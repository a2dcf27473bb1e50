"""The folder a learner works in, and the little that the kit keeps in `.workshop/`."""

import os
import shlex
import shutil
from collections.abc import Sequence
from pathlib import Path

from grader.called import called, in_words_of
from grader.errors import UsageError, writing_error
from grader.exercise.catalogue import all_exercises, content_root
from grader.exercise.model import Exercise, Pack
from grader.exercise.nonce import new_key
from grader.exercise.source import copy_source

STATE = ".workshop"
MARKER = "workspace"
LESSON = "README.md"
_IGNORED = f"# The workshop's own: your progress, and a secret key of this folder. Do not hand it in.\n{STATE}/\n"


def find_workspace(start: Path | None = None) -> Path:
    """Return the nearest folder at or above `start` that `init` laid out; else the clone, else `start` itself."""
    start = (start or Path.cwd()).resolve()
    for folder in (start, *start.parents):
        if is_workspace(folder):
            return folder
    root = content_root()
    return root if (root / "grader").is_dir() else start


def is_workspace(folder: Path) -> bool:
    """Whether `init` laid out this folder."""
    return (folder / STATE / MARKER).is_file()


def own_folder(exercise: Exercise, workspace: Path) -> Path:
    """Return where the learner edits `exercise`, whether it is there or not.

    It is the workspace's folder of that name. Where nothing was laid out, it is the pack's: authors work there.
    """
    folder = workspace / "exercises" / exercise.folder
    is_of_pack = not exercise.directory.is_relative_to(content_root())
    if is_of_pack and not folder.is_dir() and not (workspace / STATE / MARKER).is_file():
        return exercise.directory
    return folder


def default_submission(exercise: Exercise, workspace: Path) -> Path:
    """Return the folder in which the learner edits `exercise`.

    Raises:
        UsageError: the workspace has none; says how to lay one out.

    """
    folder = own_folder(exercise, workspace)
    if folder.is_dir():
        return folder
    if (workspace / STATE / MARKER).is_file():
        pack = () if exercise.directory.is_relative_to(content_root()) else ("--pack", str(exercise.root))
        typed = f"{called()} {shlex.join(('init', str(workspace), *pack))}"
        raise UsageError(f"{workspace} has no folder exercises/{exercise.folder}: `{typed}` adds it.")
    raise UsageError(
        f"{workspace} is not a workspace: run `{called()} init DIR` and work in there, or name your folder with "
        "--submission DIR."
    )


def init_workspace(directory: Path, packs: Sequence[Pack] = ()) -> tuple[Exercise, ...]:
    """Lay out every exercise in `directory`, leaving alone what is there already; return the exercises.

    Raises:
        UsageError: `directory` is a file, or cannot be written.
        MachineError: the disk is full.

    """
    exercises = all_exercises(packs)
    try:
        (directory / STATE).mkdir(parents=True, exist_ok=True)
        for exercise in exercises:
            folder = directory / "exercises" / exercise.folder
            folder.mkdir(parents=True, exist_ok=True)
            copy_source(exercise, folder, replace=False)
            _copy_lesson(exercise.directory / LESSON, folder / LESSON, called(directory))
            for name in exercise.editable:
                _copy_missing(exercise.solutions / "starter" / name, folder / name)
        ignored = directory / ".gitignore"
        if not os.path.lexists(ignored):
            ignored.write_text(_IGNORED, encoding="utf-8")
        (directory / STATE / MARKER).write_text("A workspace of the multi-stage workshop.\n", encoding="utf-8")
    except OSError as error:
        raise writing_error(f"Cannot lay out a workspace in {directory}", error) from error
    return exercises


def _copy_lesson(source: Path, target: Path, name: str) -> None:
    """Copy a lesson, never over one that is there; its commands are those that work here: the workshop is `name`."""
    if source.is_file() and not os.path.lexists(target):
        target.write_text(in_words_of(source.read_text(encoding="utf-8"), name), encoding="utf-8", newline="\n")


def _copy_missing(source: Path, target: Path) -> None:
    """Copy a file if there is one, never over something that is there: the learner may have edited it."""
    if source.is_file() and not os.path.lexists(target):
        shutil.copyfile(source, target)


def nonce_key(workspace: Path) -> str:
    """Return the workspace's nonce key, drawn the first time; where nothing can be written, each run draws its own."""
    path = workspace / STATE / "nonce-key"
    try:
        if key := path.read_text(encoding="utf-8").strip():
            return key
    except OSError:
        pass
    key = new_key()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_suffix(f".{os.getpid()}")
        draft.write_text(key, encoding="utf-8")
        draft.replace(path)
    except OSError:
        return key
    return key
