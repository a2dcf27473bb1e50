"""A new version of the application does not have its dependencies installed anew."""

from grader.criteria.facts import Attempt
from grader.criteria.outcome import Answer, Blocked, Unmet

WHY = "An argument's value is part of the cache key of every RUN below it: a new value has them all run again."


def late_arg(before: str | None, after: str | None, attempt: Attempt, *, arrives: bool) -> Answer:
    """Hold if the mark of the installation is the same `before` and `after` a new version was given.

    Where the version does not arrive at all, nothing can be told.
    """
    if not arrives:
        return Blocked("app-version-arrives", "can't tell until APP_VERSION arrives anywhere")
    if before is None or after is None:
        return Blocked("app-version-arrives", "can't tell without installed packages in the image")
    if before == after:
        return None
    return Unmet(
        expected="a build with another APP_VERSION takes the installed packages from the layer cache",
        actual="with another APP_VERSION the packages were installed again",
        why=WHY,
        hint="Which instructions need the version? Ask for it just above them.",
        lines=_declarations(attempt),
    )


def _declarations(attempt: Attempt) -> tuple[int, ...]:
    """Where stages take the version, above a RUN: text, and only good for pointing at what was seen."""
    lines = []
    for stage in attempt.dockerfile.stages:
        runs = [step.first_line for step in stage.instructions if step.keyword == "RUN"]
        lines += [
            step.first_line
            for step in stage.instructions
            if step.keyword in ("ARG", "ENV")
            and "APP_VERSION" in step.arguments
            and step.first_line < max(runs, default=0)
        ]
    return tuple(lines)
