"""The verdict as JUnit XML: what a CI system makes of each outcome."""

import xml.etree.ElementTree as ET
from collections.abc import Callable
from dataclasses import replace
from functools import partial

import pytest

from grader.reports import html, junit, terminal
from grader.verdict import CriterionResult, Outcome, SubmissionSummary, Verdict


def suite_of(verdict: Verdict) -> ET.Element:
    """Read the one suite back."""
    suite = ET.fromstring(junit.render(verdict)).find("testsuite")  # noqa: S314 - the XML is our own
    assert suite is not None
    return suite


def test_a_failed_criterion_tells_all_that_the_learner_needs(sample: Callable[[str], Verdict]) -> None:
    """Many see only the CI system's page."""
    failure = suite_of(sample("failed")).find("testcase[@name='size']/failure")
    assert failure is not None
    assert (failure.get("message") or "").startswith("The image is small: expected at most 25.0 MB; seen: 614 MB")
    assert failure.text is not None
    assert [line.partition(":")[0] for line in failure.text.splitlines()] == [
        *("title", "points", "expected", "actual", "why", "hint", "lines"),
    ]


def test_a_blocked_criterion_is_skipped_with_its_reason(sample: Callable[[str], Verdict]) -> None:
    """It is neither right nor wrong."""
    suite = suite_of(sample("builds-failed"))
    skipped = suite.find("testcase[@name='size']/skipped")
    assert skipped is not None
    assert skipped.get("message") == "can't tell until it builds"
    assert (suite.get("failures"), suite.get("skipped"), suite.get("errors")) == ("1", "8", "0")


@pytest.mark.parametrize("outcomes", [(), (Outcome.PASSED,)])
def test_a_machines_fault_that_is_no_criterions_is_a_case_of_its_own(outcomes: tuple[Outcome, ...]) -> None:
    """An empty suite, or one in which all passed, would look like success."""
    criteria = tuple(CriterionResult("a", "A", outcome, 1, 1) for outcome in outcomes)
    suite = suite_of(Verdict("x", "X", criteria, None, 1, "2026-01-01T00:00:00+00:00", "0", error="no engine"))
    error = suite.find("testcase[@name='grading']/error")
    assert error is not None
    assert error.get("message") == "no engine"
    assert (suite.get("errors"), suite.get("tests")) == ("1", str(len(outcomes) + 1))


def test_the_time_is_utc_without_an_offset() -> None:
    """JUnit's readers take no offset."""
    suite = suite_of(Verdict("x", "X", (), None, 1, "2026-01-01T01:30:00+02:00", "0", error="e"))
    assert suite.get("timestamp") == "2025-12-31T23:30:00"


def test_a_suite_is_named_by_whose_answer_it_is(sample: Callable[[str], Verdict]) -> None:
    """Many answers to one exercise have different names; without a label the name is the exercise's."""
    passed = sample("passed")
    assert suite_of(replace(passed, submission=None)).get("name") == passed.exercise
    whose = SubmissionSummary("sha256:" + "0" * 64, "Anna\x1b[1m \u00c5", ("Dockerfile",))
    suite = suite_of(replace(passed, submission=whose))
    assert suite.get("name") == f"Anna \u00c5: {passed.exercise}"
    found = {each.get("name"): each.get("value") for each in suite.iter("property")}
    assert (found["label"], found["submission"]) == ("Anna \u00c5", whose.digest)


@pytest.mark.parametrize("render", [terminal.render, html.render, partial(terminal.render, full=False)])
def test_every_report_for_people_says_whose_answer_it_is(
    sample: Callable[[str], Verdict], render: Callable[[Verdict], str]
) -> None:
    """Also that of a machine that failed."""
    for case in ("passed", "failed", "machine-error"):
        whose = SubmissionSummary("sha256:" + "0123456789abcdef" * 4, "Anna <b>", ("Dockerfile",))
        text = render(replace(sample(case), submission=whose))
        assert "Anna <b>" in text or "Anna &lt;b&gt;" in text
