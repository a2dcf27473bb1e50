"""A new version of the application does not install its dependencies again."""

from collections.abc import Iterable, Sequence

from grader.criteria.deps_cached import installed_again, nothing_installed
from grader.criteria.facts import Attempt, Installed
from grader.criteria.outcome import Answer, Blocked, Unmet

WHY = "An argument's value is part of the cache key of every RUN below it: with a new value, all of them run again."
_VARIABLE = "APP_VERSION"


def until_it_arrives(*answers: Answer) -> Answer:
    """Return why nothing can be decided yet, if the version arrives in none of the places that `answers` are about."""
    if any(answer is None for answer in answers):
        return None
    return Blocked("app-version-arrives", f"can't tell until {_VARIABLE} arrives somewhere")


def late_arg(
    attempt: Attempt,
    before: Sequence[Installed],
    after: Sequence[Installed],
    anew: Iterable[Sequence[Installed]],
) -> Answer:
    """Passes if the installations are the same `before` and `after` a new version was given.

    `anew` has builds with versions that no build had before: see `installed_again`.

    Raises:
        MachineError: the engine's layer cache keeps nothing, so it cannot be decided.

    """
    if not before:
        return nothing_installed()
    again = installed_again(before, after, anew)
    if again is None:
        return None
    expected = f"with another {_VARIABLE} the installed packages come from the layer cache"
    hint = "Which instructions need the version? Declare it just above them."
    actual = "they were installed again" + (f" in stage `{again.stage}`" if again.stage else "")
    installing = (again.line,) if again.line is not None else ()
    return Unmet(expected, actual, WHY, hint, _declarations(attempt) or installing)


def _declarations(attempt: Attempt) -> tuple[int, ...]:
    """Where stages take the version above a RUN: this only points at what was found."""
    lines = []
    for stage in attempt.dockerfile.stages:
        last_run = max((step.first_line for step in stage.instructions if step.keyword == "RUN"), default=0)
        takes = (step for step in stage.instructions if step.keyword in ("ARG", "ENV") and _VARIABLE in step.arguments)
        lines += [step.first_line for step in takes if step.first_line < last_run]
    return tuple(lines)
