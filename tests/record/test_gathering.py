"""What a record tells becomes a verdict; what it does not tell is the machine's fault."""

from collections.abc import Iterable

import pytest

from grader.exercise.catalogue import find_exercise
from grader.record.events import (
    AskedCriterion,
    CriteriaKnown,
    CriterionJudged,
    Doing,
    Event,
    GradingEnded,
    Progress,
    SubmissionRead,
    SubmissionTaken,
)
from grader.record.gathering import Gathering
from grader.verdict import CriterionResult, Finding, Outcome, Status, SubmissionSummary, Verdict

CRITERIA = CriteriaKnown((AskedCriterion("builds", "Builds", 50), AskedCriterion("size", "Size", 50)))
BUILDS = CriterionJudged(CriterionResult("builds", "Builds", Outcome.PASSED, 50, 50))


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
    """They are next to the criteria."""
    one = CriteriaKnown(CRITERIA.criteria[:1])
    found = verdict([one, SubmissionRead("FROM x\n", findings=(Finding(3, "unwise"),)), BUILDS])
    assert (found.findings, found.dockerfile) == ((Finding(3, "unwise"),), "FROM x\n")
    assert found.status is Status.PASSED


def test_progress_is_handed_on_and_changes_nothing() -> None:
    """It is for whoever watches."""
    seen: list[Event] = []
    gathering = Gathering(seen.append)
    gathering.take([Progress(Doing.BUILD, "plain"), GradingEnded()])
    assert seen == [Progress(Doing.BUILD, "plain"), GradingEnded()]
    assert gathering.ended


@pytest.mark.parametrize("events", [[], [CRITERIA], [CRITERIA, BUILDS]])
def test_it_is_complete_once_every_criterion_has_a_result(events: list[Event]) -> None:
    """None announced is none known."""
    gathering = Gathering(None)
    gathering.take(events)
    assert not gathering.is_complete


def test_the_files_that_were_graded_are_in_the_verdict() -> None:
    """If none was taken, nothing is said of them."""
    files = SubmissionSummary("sha256:1", files=("Dockerfile",))
    assert verdict([SubmissionTaken(files)]).submission == files
    assert verdict([SubmissionTaken(SubmissionSummary())]).submission is None
