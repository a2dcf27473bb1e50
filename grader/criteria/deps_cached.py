"""A change of source alone does not install the dependencies again."""

from collections.abc import Iterable, Sequence

from grader.criteria.facts import Attempt, Installed
from grader.criteria.outcome import Answer, Blocked, Unmet
from grader.errors import MachineError

EXPECTED = "after a change of source or of a build argument, the packages are those of the build before"
WHY = "Installing is the slow step, and source changes many times a day: a cached layer makes the next build quick."

LOST = "The engine does not keep its layer cache, so caching cannot be judged: give it more disk, and check again."


def deps_cached(
    attempt: Attempt,
    before: Sequence[Installed],
    after: Sequence[Installed],
    anew: Iterable[Sequence[Installed]],
) -> Answer:
    """Passes if the build after the change still has each installation of the first build (`attempt`).

    `anew` is as in `installed_again`.

    Raises:
        MachineError: the engine's layer cache keeps nothing, so it cannot be decided.

    """
    if not before:
        return nothing_installed()
    again = installed_again(before, after, anew)
    return _unmet(attempt, again) if again else None


def installed_again(
    before: Sequence[Installed], after: Sequence[Installed], anew: Iterable[Sequence[Installed]]
) -> Installed | None:
    """Return the first installation of the first build that a change makes again, if there is one.

    If the build after the change has another one, this is no proof: an engine's cache may have two results of one step,
    and two builds may take one each. So three more builds are asked for, one by one: after two more changes that no
    build had before, and the second of them again. An engine that has lost its layers by then keeps none.

    Raises:
        MachineError: the engine's layer cache keeps nothing, so it cannot be decided.

    """
    if _another(before, before, after) is None:
        return None
    more = iter(anew)
    first, second = next(more), next(more)
    again = _another(before, first, second)
    if again and _another(second, second, next(more)):
        raise MachineError(LOST)
    return again


def _another(wanted: Sequence[Installed], one: Sequence[Installed], other: Sequence[Installed]) -> Installed | None:
    """Return the first of the `wanted` installations that is not the same in two builds, or is in none of them."""
    marks, others = ({installed.stage: installed.mark for installed in build} for build in (one, other))
    for installed in wanted:
        mark = marks.get(installed.stage)
        if mark is None or mark != others.get(installed.stage):
            return installed
    return None


def _unmet(attempt: Attempt, again: Installed) -> Unmet:
    where = f" in stage `{again.stage}`" if again.stage else ""
    actual = f"they were installed again{where}"
    if again.sources:
        actual += f": line {again.sources[0]} had brought the source before line {again.line} installed them"
        hint = "Before the step that installs, copy only what it reads; copy the rest after it."
        return Unmet(EXPECTED, actual, WHY, hint, _lines(again.sources[0], again.line))
    arguments = _arguments_before(attempt, again)
    if arguments:
        actual += f": the build argument of line {arguments[-1]} has another value in each build"
        hint = "A step is run again when a build argument declared above it changes: declare it further down."
        return Unmet(EXPECTED, actual, WHY, hint, _lines(*arguments, again.line))
    hint = "A step is run again when anything above it has changed: look at the order, and at what each line copies."
    return Unmet(EXPECTED, actual, WHY, hint, _lines(again.line))


def nothing_installed() -> Blocked:
    """Return why criteria about installed packages cannot be decided for images without any."""
    return Blocked("answers-http", "can't tell: there is no node_modules folder with packages in any stage")


def _arguments_before(attempt: Attempt, installed: Installed) -> tuple[int, ...]:
    """The lines of ARG in the stage of the installation and above it: this only points at a cause."""
    stages = attempt.dockerfile.stages
    stage = next((stage for stage in stages if installed.stage in (stage.name, str(stage.index))), stages[-1])
    return tuple(
        step.first_line
        for step in stage.instructions
        if step.keyword == "ARG" and installed.line is not None and step.first_line < installed.line
    )


def _lines(*lines: int | None) -> tuple[int, ...]:
    return tuple(sorted({line for line in lines if line is not None}))
