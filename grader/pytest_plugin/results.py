"""Turns pytest's report of a test into a criterion's result: four outcomes, never mixed."""

import traceback
from collections.abc import Sequence
from pathlib import Path

import pytest

from grader.criteria.outcome import BlockedError
from grader.errors import KitError
from grader.exercise.model import Variant
from grader.pytest_plugin.api import NotMetError
from grader.record.events import AskedCriterion
from grader.verdict import CriterionResult, Outcome


def criteria_of(items: Sequence[pytest.Item]) -> tuple[AskedCriterion, ...]:
    """List the criteria among the collected tests, in order."""
    return tuple(
        AskedCriterion(mark.args[0], _title(item), mark.kwargs["points"])
        for item in items
        if (mark := item.get_closest_marker("criterion")) is not None
    )


def targets_of(items: Sequence[pytest.Item]) -> frozenset[str]:
    """Return the stages that the variants in the tests' modules ask for by name."""
    modules = {id(module): module for item in items if (module := getattr(item, "module", None)) is not None}
    values = [value for module in modules.values() for value in vars(module).values()]
    return frozenset(value.target for value in values if isinstance(value, Variant) and value.target)


def result_of(item: pytest.Item, call: pytest.CallInfo[None], log: Path) -> CriterionResult | None:
    """Return the criterion's result when a phase decides it: a set-up that ended early, or the test itself."""
    mark = item.get_closest_marker("criterion")
    if mark is None or call.when == "teardown" or (call.when == "setup" and call.excinfo is None):
        return None
    identity, points, title = mark.args[0], mark.kwargs["points"], _title(item)
    error = call.excinfo.value if call.excinfo else None
    if error is None:
        return CriterionResult(identity, title, Outcome.PASSED, points, points)
    if isinstance(error, NotMetError):
        unmet = error.unmet
        return CriterionResult(
            identity,
            title,
            Outcome.FAILED,
            0,
            points,
            unmet.expected,
            unmet.actual,
            unmet.why,
            unmet.hint,
            unmet.lines,
        )
    if isinstance(error, BlockedError):
        return CriterionResult(identity, title, Outcome.BLOCKED, 0, points, actual=error.blocked.reason)
    return CriterionResult(identity, title, Outcome.ERROR, 0, points, actual=_machine_words(error, log))


def _machine_words(error: BaseException, log: Path) -> str:
    """Return one line for the person who can fix it; an exception that is not ours leaves its traceback in the log."""
    if isinstance(error, KitError):
        return str(error)
    if isinstance(error, KeyboardInterrupt):
        return "interrupted"
    write_down("".join(traceback.format_exception(type(error), error, error.__traceback__)), log)
    return f"the grader itself failed ({type(error).__name__}: {error}); the details are in {log}"


def write_down(text: str, log: Path) -> None:
    """Add a text to the log of the grading."""
    with log.open("a", encoding="utf-8", errors="backslashreplace") as file:
        file.write(f"{text}\n")


def _title(item: pytest.Item) -> str:
    function = getattr(item, "function", None)
    lines = (getattr(function, "__doc__", None) or item.name).strip().splitlines()
    return lines[0].rstrip(".")
