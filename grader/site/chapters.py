"""How the exercises are grouped into chapters, for the site and for the notebooks. The exercises know nothing of it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from grader.exercise.model import Exercise, Pack


@dataclass(frozen=True, slots=True)
class Chapter:
    """A chapter: its title, what one can do after it, and the numbers of its first and last exercise."""

    title: str
    promise: str
    first: int
    last: int


CHAPTERS = (
    Chapter("Stages and bases", "Build in one stage, ship from another, down to an image with one file in it.", 1, 3),
    Chapter("Caching and context", "Rebuild in a second, and send the builder what it needs and nothing else.", 4, 5),
    Chapter("Builders and arguments", "Build parts side by side, and tell a build what is different this time.", 6, 7),
    Chapter(
        "Tests, hygiene, targets", "Ship only what passed its tests, run it well, keep a door for debugging.", 8, 10
    ),
    Chapter(
        "Layers, secrets, caches, platforms", "Make each layer count, and build for machines other than yours.", 11, 14
    ),
    Chapter("The capstone", "All of it, in one Dockerfile of your own.", 15, 15),
)


def by_chapter(exercises: Iterable[Exercise], packs: Sequence[Pack] = ()) -> list[tuple[Chapter, list[Exercise]]]:
    """Return each chapter with its exercises, in order; one that has none is left out.

    Each pack is a chapter of its own, and what fits nowhere comes last.
    """
    left = sorted(exercises, key=lambda exercise: exercise.number)
    found, of_packs = [], []
    for pack in packs:
        inside = [exercise for exercise in left if exercise.root == pack.root]
        left = [exercise for exercise in left if exercise not in inside]
        if inside:
            promise = f"Exercises of the pack {pack.name}."
            of_packs.append((Chapter(pack.name, promise, inside[0].number, inside[-1].number), inside))
    for chapter in CHAPTERS:
        inside = [exercise for exercise in left if chapter.first <= exercise.number <= chapter.last]
        left = [exercise for exercise in left if exercise not in inside]
        if inside:
            found.append((chapter, inside))
    if left:
        found.append((Chapter("More", "Exercises of your own.", left[0].number, left[-1].number), left))
    return [*found, *of_packs]
