"""Which base images belong to the exercises that a command line names. What happens to them is for the commands."""

from collections.abc import Sequence

from grader.exercise.catalogue import all_exercises, find_exercise
from grader.exercise.model import Pack


def images_of(exercises: tuple[str, ...], packs: Sequence[Pack]) -> tuple[str, ...]:
    """Return the base images of the named exercises, of all if none is named; each once.

    Raises:
        UsageError: there is no such exercise.

    """
    chosen = [find_exercise(name, packs) for name in exercises] or list(all_exercises(packs))
    return tuple(dict.fromkeys(reference for exercise in chosen for reference in exercise.base_images))
