"""A stage can be built by its name: `docker build --target NAME`."""

from dataclasses import replace

from grader.criteria.builds import builds
from grader.criteria.facts import Attempt
from grader.criteria.outcome import Answer, Blocked, Unmet
from grader.dockerfile.stages import target_stage

WHY = "With a name, people and pipelines can build one stage of a file that has several."


def has_target(attempt: Attempt, plain: Attempt) -> Answer:
    """Passes if `attempt`, built with a target, gave an image; blocked until the `plain` build without one does."""
    if not is_built(plain):
        return Blocked("builds", "can't tell until it builds")
    if is_built(attempt):
        return None
    target = attempt.target or ""
    expected = f"`docker build --target {target}` gives an image"
    if target_stage(attempt.dockerfile, target) is None:
        names = [stage.name for stage in attempt.dockerfile.stages if stage.name]
        known = f"the stages with a name are {', '.join(names)}" if names else "no stage has a name"
        actual = f"there is no stage called `{target}`: {known}"
        return Unmet(expected, actual, WHY, "FROM can give its stage a name: look for AS in the lesson.")
    answer = builds(attempt)
    return replace(answer, expected=expected, why=WHY) if isinstance(answer, Unmet) else answer


def is_built(attempt: Attempt) -> bool:
    """Whether there is an image."""
    return attempt.result is not None and attempt.result.built
