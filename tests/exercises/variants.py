"""The build variants of the exercises, laid out as a submission would get them."""

import re
import runpy
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from grader.exercise.catalogue import all_exercises
from grader.exercise.model import Exercise, Variant
from grader.exercise.nonce import Nonces
from grader.exercise.submission import Submission, lay_out

DOCKERFILE = b"FROM scratch\n"


@dataclass(frozen=True)
class Edited:
    """An exercise's program with the edits of one of its variants."""

    exercise: Exercise
    variant: Variant

    def __str__(self) -> str:
        """Return its name in the list of tests."""
        return f"{self.exercise.folder}:{self.variant.name}"

    def lay(self, folder: Path, nonces: Nonces | None = None) -> Path:
        """Write it into the new folder, with a Dockerfile that somebody handed in, and return the folder."""
        nonces = nonces or Nonces("key", self.exercise.slug)
        lay_out(self.exercise, Submission({"Dockerfile": DOCKERFILE}), self.variant, nonces, folder)
        return folder


def all_edited() -> list[Edited]:
    """List the variants of all exercises that build the submission's Dockerfile from a source with edits."""
    return [
        Edited(exercise, variant)
        for exercise in all_exercises()
        for variant in _variants(exercise)
        if not variant.dockerfile and (variant.writes or variant.appends or variant.replaces or variant.removes)
    ]


def unlike(edited: list[Edited]) -> list[Edited]:
    """Leave out those that differ from another one of the same exercise only in their nonces."""
    return list({(one.exercise.folder, _shape(one.variant)): one for one in reversed(edited)}.values())[::-1]


def _shape(variant: Variant) -> str:
    edits = (variant.writes, variant.appends, variant.replaces, variant.removes)
    return re.sub(r"\{[a-z0-9:-]+\}", "{}", repr(edits))


def _variants(exercise: Exercise) -> list[Variant]:
    """Return what the exercise's tests call a variant, also in a table of them."""
    found = runpy.run_path(str(exercise.directory / "test_exercise.py"))
    return list({variant.name: variant for value in found.values() for variant in _in(value)}.values())


def _in(value: object) -> Iterator[Variant]:
    if isinstance(value, Variant):
        yield value
    elif isinstance(value, dict):
        yield from (variant for variant in value.values() if isinstance(variant, Variant))
