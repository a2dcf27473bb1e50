"""What must be proved of an exercise, as cells: one answer each and what it has to come out as. Only reads folders."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import Enum
from pathlib import Path

from grader.errors import ContentError
from grader.exercise.model import Exercise
from grader.exercise.toml_files import read_toml


class Role(str, Enum):
    """What an answer is there for."""

    STARTER = "starter"
    MODEL = "model"
    ALTERNATIVE = "alternative"
    MISTAKE = "mistake"


@dataclass(frozen=True, slots=True)
class MistakeFile:
    """What is in a `mistake.toml`; docs/exercises.md says what each key means."""

    fails: tuple[str, ...]
    why: str
    line: int | None = None
    says: str = ""
    docker: str = ""


@dataclass(frozen=True, slots=True)
class AlternativeFile:
    """What is in an `alternative.toml`, which an alternative has if it does not build on every engine."""

    docker: str


@dataclass(frozen=True, slots=True)
class Cell:
    """One answer to grade. `fails` are the criteria that must fail (None: any will do, but at least one).

    `line` is a Dockerfile line that one of its failed criteria must name, `says` words that its feedback must have.
    `docker` is the first version of Docker that builds it, such as `23.0`; empty if all do.
    """

    exercise: Exercise
    role: Role
    name: str
    folder: Path
    fails: tuple[str, ...] | None
    line: int | None = None
    says: str = ""
    repeat: int = 1
    docker: str = ""

    @property
    def label(self) -> str:
        """`02 mistake single-stage`, as the matrix and messages call it."""
        return f"{self.exercise.number:02} {self.role.value} {self.name}".rstrip()

    def is_for(self, docker: str) -> bool:
        """Whether the Docker of this version builds it; a version that cannot be read is a newer one."""
        here, needed = _numbers(docker), _numbers(self.docker)
        return here is None or needed is None or here >= needed


ALTERNATIVES_NEEDED = 3
MISTAKES_NEEDED = 6
_VERSION = re.compile(r"(\d+)\.(\d+)")
GOLDEN = "feedback.txt"
"""The file with what a learner reads about the starter, and about each mistake; it is in the answer's folder."""


def cells_of(exercise: Exercise) -> tuple[Cell, ...]:
    """List the cells of one exercise: starter, model (twice), each alternative, each mistake.

    Raises:
        ContentError: a folder or `mistake.toml` is missing or wrong.

    """
    solutions = exercise.solutions
    alternatives = [
        Cell(exercise, Role.ALTERNATIVE, folder.name, folder, fails=(), docker=_needed_by(folder))
        for folder in _answers(solutions / "alternatives", exercise.editable, ALTERNATIVES_NEEDED)
    ]
    everywhere = [cell for cell in alternatives if not cell.docker]
    if len(everywhere) < ALTERNATIVES_NEEDED:
        raise ContentError(
            f"{solutions / 'alternatives'}: {len(everywhere)} answers are for every engine, at least "
            f"{ALTERNATIVES_NEEDED} are needed."
        )
    named = ("mistake.toml", *exercise.editable)
    mistakes = [_mistake(exercise, folder) for folder in _answers(solutions / "mistakes", named, MISTAKES_NEEDED)]
    starter = Cell(exercise, Role.STARTER, "", solutions / "starter", fails=None)
    return (starter, Cell(exercise, Role.MODEL, "", solutions, fails=(), repeat=2), *alternatives, *mistakes)


def sample_of(cells: Sequence[Cell]) -> tuple[Cell, ...]:
    """Return the model answers, each to be graded once, and few mistakes that fail every criterion which one fails.

    The alternatives that not every engine builds are in it as well: elsewhere they may be left out.
    """
    models = [replace(cell, repeat=1) for cell in cells if cell.role is Role.MODEL]
    models += [cell for cell in cells if cell.role is Role.ALTERNATIVE and cell.docker]
    return (*models, *covering([cell for cell in cells if cell.role is Role.MISTAKE]))


def covering(mistakes: Sequence[Cell]) -> list[Cell]:
    """Choose mistakes that together fail every criterion which one of them fails: few, but not always the fewest."""
    left = {identity for cell in mistakes for identity in cell.fails or ()}
    chosen: list[Cell] = []
    while left:
        best = max(mistakes, key=lambda cell: len(left & set(cell.fails or ())))
        chosen.append(best)
        left -= set(best.fails or ())
    return chosen


def _mistake(exercise: Exercise, folder: Path) -> Cell:
    path = folder / "mistake.toml"
    file = read_toml(path, MistakeFile)
    if not file.fails or not file.why:
        raise ContentError(f"{path}: `fails` and `why` must not be empty.")
    docker = _checked(path, file.docker)
    return Cell(exercise, Role.MISTAKE, folder.name, folder, file.fails, file.line, file.says, docker=docker)


def _needed_by(folder: Path) -> str:
    path = folder / "alternative.toml"
    return _checked(path, read_toml(path, AlternativeFile).docker) if _is_file(path) else ""


def _checked(path: Path, docker: str) -> str:
    if docker and not _VERSION.fullmatch(docker):
        raise ContentError(f"{path}: `docker` is a version with two numbers, such as `23.0`.")
    return docker


def _numbers(version: str) -> tuple[int, int] | None:
    match = _VERSION.match(version)
    return (int(match[1]), int(match[2])) if match else None


def _answers(parent: Path, names: tuple[str, ...], needed: int) -> list[Path]:
    """List the folders that have one of the files `names`; other folders are no answers."""
    folders = sorted(folder for folder in parent.glob("*") if any(_is_file(folder / name) for name in names))
    if len(folders) < needed:
        raise ContentError(f"{parent}: {len(folders)} answers, at least {needed} are needed.")
    return folders


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:  # another user's folder
        return False
