"""What a record tells becomes a verdict; what it does not tell is the machine's fault."""

from collections.abc import Iterable
from pathlib import Path

import pytest

from grader.exercise.catalogue import find_exercise
from grader.record.events import Event
from grader.record.gathering import Gathering
from grader.verdict import Finding, Outcome, Status, Verdict

CRITERIA = Event(
    "criteria",
    {"criteria": [{"id": name, "title": name.title(), "max_points": 50} for name in ("builds", "size")]},
)
BUILDS = Event(
    "result",
    {
        "result": {
            "id": "builds", "title": "Builds", "status": "passed", "points": 50, "max_points": 50,
            "expected": "", "actual": "", "why": "", "hint": "", "lines": [],
        }
    },
)  # fmt: skip


def verdict(events: Iterable[Event], ending: str = "") -> Verdict:
    """Gather `events` and return the verdict of a grading that ended so."""
    gathering = Gathering(None)
    gathering.take(events)
    return gathering.verdict(find_exercise("02"), None, ending, "2026-01-01T00:00:00+00:00", 1.0)


def test_a_criterion_without_a_result_is_in_error_and_not_failed() -> None:
    """The process was gone before it was asked."""
    found = verdict([CRITERIA, BUILDS], "the grading process was ended by signal SIGKILL")
    assert [(result.id, result.status) for result in found.criteria] == [
        ("builds", Outcome.PASSED),
        ("size", Outcome.ERROR),
    ]
    assert (found.status, found.score, "SIGKILL" in found.criteria[1].actual) == (Status.ERROR, 50, True)


def test_remarks_reach_the_verdict_and_cost_nothing() -> None:
    """They stand beside the criteria."""
    remark = Event("findings", {"findings": [{"line": 3, "text": "unwise"}]})
    one = Event("criteria", {"criteria": CRITERIA.fields["criteria"][:1]})
    found = verdict([one, remark, BUILDS])
    assert (found.findings, found.status) == ((Finding(3, "unwise"),), Status.PASSED)


def test_an_event_of_a_kind_that_is_not_known_is_passed_over(tmp_path: Path) -> None:
    """Progress is for whoever looks on."""
    seen: list[Event] = []
    gathering = Gathering(seen.append)
    gathering.take([Event("progress", {"text": "building"}), Event("end", {})])
    assert ([event.kind for event in seen], gathering.ended) == (["progress", "end"], True)


@pytest.mark.parametrize("events", [[], [CRITERIA], [CRITERIA, BUILDS]])
def test_it_is_complete_once_every_criterion_has_a_result(events: list[Event]) -> None:
    """None announced is none known."""
    gathering = Gathering(None)
    gathering.take(events)
    assert not gathering.is_complete
