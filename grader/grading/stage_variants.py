"""Finds the stages that an image was made from, as separate build variants. Pure: nothing is built here."""

from dataclasses import replace

from grader.criteria.facts import Attempt
from grader.dockerfile.stages import needed_stages
from grader.exercise.model import Variant


def stage_variants(variant: Variant, attempt: Attempt) -> tuple[tuple[str, Variant], ...]:
    """Return the stages that the image of `variant` takes from, by name or number, with variants that end there.

    A stage is left out if another one begins from it: the other one has the same files.
    """
    needed = needed_stages(attempt.dockerfile, variant.target)
    begun_from = {stage.base_stage for stage in needed}
    stages = [stage for stage in needed[:-1] if stage.index not in begun_from]
    # A stage's name is the learner's text: no variant, and so no path and no tag, is named by it.
    return tuple(
        (
            stage.name or str(stage.index),
            replace(variant, name=f"{variant.name}:stage-{stage.index}", stages=stage.index + 1),
        )
        for stage in stages
    )
