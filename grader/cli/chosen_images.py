"""Which base images belong to the exercises that a command line names. What becomes of them is for the commands."""

from grader.exercise.catalogue import all_exercises, find_exercise


def images_of(exercises: tuple[str, ...]) -> tuple[str, ...]:
    """Return the base images of the named exercises, of all if none is named; each once.

    Raises:
        UsageError: there is no such exercise.

    """
    chosen = [find_exercise(name) for name in exercises] or list(all_exercises())
    return tuple(dict.fromkeys(reference for exercise in chosen for reference in exercise.base_images))
