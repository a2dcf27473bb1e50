"""How the TOML files of exercises, answers and workspaces become data. Every key must be known, and of its type."""

import sys
from collections.abc import Callable, Mapping
from pathlib import Path, PurePosixPath
from typing import Any

from grader.errors import ContentError
from grader.exercise.model import AppCopy, Exercise

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

FORMAT_VERSION = 1
_NOT_SOURCE = ("README.md", "exercise.toml", "test_exercise.py")


def read_exercise(directory: Path, solutions: Path) -> Exercise:
    """Read `directory/exercise.toml`.

    Raises:
        ContentError: the file is missing, is not TOML, has unknown keys or values of a wrong type.

    """
    path = directory / "exercise.toml"
    raw = _load(path)
    take = _Taker(path, raw)
    version = take("format_version", int)
    if version != FORMAT_VERSION:
        raise ContentError(f"{path}: format_version is {version}, this grader reads {FORMAT_VERSION}.")
    exercise = Exercise(
        number=int(directory.name[:2]),
        slug=take("slug", str),
        title=take("title", str),
        minutes=take("minutes", int),
        editable=take.strings("editable"),
        base_images=take.strings("base_images"),
        hints=take.strings("hints"),
        budgets=take.budgets(),
        directory=directory,
        solutions=solutions,
        own_files=take.paths("files"),
        copies=take.copies(),
    )
    take.finish()
    _refuse_doubtful(path, exercise)
    if directory.name != exercise.folder:
        raise ContentError(f"{path}: slug is `{exercise.slug}`, but the folder is called {directory.name}.")
    return exercise


def read_pack_folders(path: Path) -> tuple[str, ...]:
    """Return the folders that the table [packs] of a `workshop.toml` names, as they stand there.

    Raises:
        ContentError: the file is not TOML, or has something else in it; names file and key.

    """
    take = _Taker(path, _load(path))
    packs = take.table("packs")
    take.finish()
    folders = packs.strings("folders") if packs else ()
    if packs:
        packs.finish()
    return folders


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


def read_toml(path: Path, known: Mapping[str, type | tuple[type, ...]]) -> dict[str, Any]:
    """Read a small TOML file whose keys must all be in `known` with values of the type named there.

    Raises:
        ContentError: it is missing, is not TOML, or has an unknown key or a value of another type.

    """
    raw = _load(path)
    for key, value in raw.items():
        if key not in known:
            raise ContentError(f"{path}: unknown key `{key}`; known are {', '.join(known)}.")
        if not isinstance(value, known[key]):
            raise ContentError(f"{path}: `{key}` is {type(value).__name__}, expected {known[key]}.")
    return raw


def _load(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ContentError(f"{path} is missing.") from None
    except OSError as error:
        raise ContentError(f"{path} cannot be read: {error.strerror}.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ContentError(f"{path} is not valid TOML: {error}") from error


class _Taker:
    """Takes keys out of a TOML table one by one, so that what is left over is unknown."""

    def __init__(self, path: Path, raw: dict[str, Any]) -> None:
        self._path = path
        self._left = raw

    def __call__(self, key: str, kind: Callable[..., Any]) -> Any:
        if key not in self._left:
            raise ContentError(f"{self._path}: `{key}` is missing.")
        value = self._left.pop(key)
        if not isinstance(value, kind) or isinstance(value, bool):  # type: ignore[arg-type]
            raise ContentError(f"{self._path}: `{key}` is {value!r}, expected {getattr(kind, '__name__', kind)}.")
        return value

    def strings(self, key: str) -> tuple[str, ...]:
        value = self(key, list)
        if not all(isinstance(item, str) for item in value):
            raise ContentError(f"{self._path}: `{key}` must be a list of strings.")
        return tuple(value)

    def paths(self, key: str) -> tuple[str, ...]:
        """Take a list of paths below the file's folder; empty if there is none."""
        return tuple(self._inside(key, path) for path in self.strings(key)) if key in self._left else ()

    def copies(self) -> tuple[AppCopy, ...]:
        """Take the tables `[[copies]]`."""
        tables = self("copies", list) if "copies" in self._left else []
        if not all(isinstance(table, dict) for table in tables):
            raise ContentError(f"{self._path}: `copies` must be tables: [[copies]].")
        return tuple(_Taker(self._path, table).copy() for table in tables)

    def copy(self) -> AppCopy:
        """Take all of one table `[[copies]]`."""
        app = self._inside("app", self("app", str))
        copy = AppCopy(
            app, self.paths("files"), self._inside("into", self("into", str)) if "into" in self._left else ""
        )
        self.finish()
        return copy

    def _inside(self, key: str, path: str) -> str:
        parts = PurePosixPath(path).parts
        if not parts or path != "/".join(parts) or parts[0] == "/" or ".." in parts or "\\" in path:
            raise ContentError(f"{self._path}: `{key}` has {path!r}, which is not a path like `backend/server.js`.")
        return path

    def table(self, key: str) -> "_Taker | None":
        """Take a table, to take keys out of it; None if there is none."""
        table = self._left.pop(key, None)
        if table is not None and not isinstance(table, dict):
            raise ContentError(f"{self._path}: `{key}` must be a table: [{key}].")
        return None if table is None else _Taker(self._path, table)

    def budgets(self) -> dict[str, int]:
        table = self._left.pop("budgets", {})
        known = ("image_size", "added_size")
        if not isinstance(table, dict):
            raise ContentError(f"{self._path}: `budgets` must be a table: [budgets].")
        for key, value in table.items():
            if key not in known or not isinstance(value, int):
                raise ContentError(
                    f"{self._path}: [budgets] takes {' and '.join(known)} in bytes, not `{key} = {value!r}`."
                )
        return dict(table)

    def finish(self) -> None:
        if self._left:
            raise ContentError(f"{self._path}: unknown key `{next(iter(self._left))}`.")
