"""Which build of an exercise is the ordinary one, for building without grading."""

import runpy

from grader.errors import ContentError
from grader.exercise.model import Exercise, Variant


def ordinary_variant(exercise: Exercise) -> Variant:
    """Return `PLAIN` of the exercise's test module, else the unchanged source.

    Raises:
        ContentError: the module cannot be run, or its PLAIN is no variant.

    """
    path = exercise.directory / "test_exercise.py"
    try:
        variant = runpy.run_path(str(path)).get("PLAIN", Variant())
    except Exception as error:
        raise ContentError(f"{path} cannot be run: {type(error).__name__}: {error}.") from error
    if not isinstance(variant, Variant):
        raise ContentError(f"{path}: PLAIN is not a Variant.")
    return variant
