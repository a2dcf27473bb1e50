"""The image itself says what to start."""

from grader.criteria.facts import Shipped
from grader.criteria.outcome import Answer, Unmet
from grader.criteria.start import starts_only_its_base

WHY = "People who run the image should only need its name."


def has_start_command(shipped: Shipped) -> Answer:
    """Passes if ENTRYPOINT or CMD is set and is not simply what the base image has."""
    config = shipped.image.config
    expected = "the image has its own CMD or ENTRYPOINT"
    hint = "End the final stage with the program to start, in JSON form with double quotes."
    if not config.entrypoint and not config.command:
        return Unmet(expected, "it has neither", WHY, hint, shipped.attempt.final_from)
    if starts_only_its_base(shipped):
        inherited = " ".join((*config.entrypoint, *config.command))
        actual = f"it only has what {shipped.base_reference} starts: `{inherited}`"
        return Unmet(expected, actual, WHY, hint, shipped.attempt.final_from)
    return None
