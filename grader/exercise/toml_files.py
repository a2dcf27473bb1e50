"""How the TOML files of exercises, answers and workspaces become data. Every key must be known, and of its type."""

import re
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Literal, TypeVar

from grader.codec import FormError, build, parse_toml
from grader.errors import ContentError
from grader.exercise.model import DOCKERFILE, IGNORE, OWN_IGNORE, AppCopy, Exercise

FORMAT_VERSION = 1
_NOT_SOURCE = ("README.md", "exercise.toml", "test_exercise.py")
_File = TypeVar("_File")


@dataclass(frozen=True, slots=True)
class ExerciseFile:
    """What is in an `exercise.toml`; docs/exercises.md says what each key means."""

    format_version: int
    slug: str
    title: str
    minutes: int
    editable: tuple[str, ...]
    base_images: tuple[str, ...]
    hints: tuple[str, ...]
    budgets: dict[Literal["image_size", "added_size"], int] = field(default_factory=dict)
    files: tuple[str, ...] = ()
    copies: tuple[AppCopy, ...] = ()


@dataclass(frozen=True, slots=True)
class _PackFolders:
    folders: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _WorkspaceFile:
    packs: _PackFolders | None = None


def _editable(named: tuple[str, ...]) -> tuple[str, ...]:
    takes_both = DOCKERFILE in named and IGNORE in named
    return tuple(dict.fromkeys((*named, OWN_IGNORE))) if takes_both else named


def read_exercise(directory: Path, solutions: Path) -> Exercise:
    """Read `directory/exercise.toml`.

    Raises:
        ContentError: the file is missing, is not TOML, has unknown keys or values of a wrong type.

    """
    path = directory / "exercise.toml"
    file = read_toml(path, ExerciseFile)
    if file.format_version != FORMAT_VERSION:
        raise ContentError(f"{path}: format_version is {file.format_version}, this grader reads {FORMAT_VERSION}.")
    for key, paths in _paths_in(file):
        for name in paths:
            if not _is_inside(name):
                raise ContentError(f"{path}: `{key}` has {name!r}, which is not a path like `backend/server.js`.")
    exercise = Exercise(
        number=int(directory.name[:2]),
        slug=file.slug,
        title=file.title,
        minutes=file.minutes,
        editable=_editable(file.editable),
        base_images=file.base_images,
        hints=file.hints,
        budgets={str(name): size for name, size in file.budgets.items()},
        directory=directory,
        solutions=solutions,
        own_files=file.files,
        copies=file.copies,
    )
    _refuse_doubtful(path, exercise)
    if directory.name != exercise.folder:
        raise ContentError(f"{path}: slug is `{exercise.slug}`, but the folder is called {directory.name}.")
    return exercise


def read_pack_folders(path: Path) -> tuple[str, ...]:
    """Return the folders that the table [packs] of a `workshop.toml` names, as they are written there.

    Raises:
        ContentError: the file is not TOML, or has something else in it; names file and key.

    """
    packs = read_toml(path, _WorkspaceFile).packs
    return packs.folders if packs else ()


def read_toml(path: Path, kind: type[_File]) -> _File:
    """Read a TOML file whose keys are the fields of the dataclass `kind`.

    Raises:
        ContentError: it is missing, is not TOML, or has an unknown key or a value of another type; names file and line.

    """
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise ContentError(f"{path} is missing.") from None
    except OSError as error:
        raise ContentError(f"{path} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise ContentError(f"{path} is not valid TOML: it is not UTF-8 text.") from error
    try:
        return build(parse_toml(text), kind)
    except FormError as error:
        end = "" if str(error).endswith("?") else "."
        raise ContentError(f"{path}{_place(text, error.key)}: {error}{end}") from error


def _place(text: str, key: str) -> str:
    """Return where the key of that path first stands, as `, line 3`; nothing where that cannot be found."""
    name = re.split(r"[.\[]", key)[-1] if not key.endswith("]") else re.split(r"[.\[]", key)[0]
    pattern = re.compile(rf"""\s*(?:\[+)?["']?{re.escape(name)}["']?\s*(?:=|\])""")
    numbers = (number for number, line in enumerate(text.splitlines(), 1) if name and pattern.match(line))
    return next((f", line {number}" for number in numbers), "")


def _paths_in(file: ExerciseFile) -> list[tuple[str, tuple[str, ...]]]:
    """Return every path that must be inside the exercise's folder, by the key that has it."""
    found = [("files", file.files)]
    for copy in file.copies:
        found += [("app", (copy.app,)), ("files", copy.files), ("into", (copy.into,) if copy.into else ())]
    return found


def _is_inside(path: str) -> bool:
    parts = PurePosixPath(path).parts
    return bool(parts) and path == "/".join(parts) and parts[0] != "/" and ".." not in parts and "\\" not in path


def _refuse_doubtful(path: Path, exercise: Exercise) -> None:
    """Refuse files that are listed twice, or that cannot be part of the source."""
    listed = [*exercise.own_files, *(target for copy in exercise.copies for target in copy.targets)]
    for name in listed:
        if listed.count(name) > 1:
            raise ContentError(f"{path}: {name} is listed twice in `files` and [[copies]].")
        if name in exercise.editable:
            raise ContentError(f"{path}: {name} is in `files` or [[copies]], but also in `editable`.")
        if name in _NOT_SOURCE:
            raise ContentError(f"{path}: {name} cannot be in `files`: it is not part of the program.")
