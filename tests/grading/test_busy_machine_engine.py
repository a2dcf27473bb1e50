"""Right answers on a machine that has four endless loops for each CPU: they pass, or the machine is at fault."""

import pytest

from grader.exercise.catalogue import find_exercise
from grader.exercise.nonce import new_key
from grader.grading.grade import GradeRequest, grade
from grader.verdict import Outcome
from tests.engine.busy import busy_machine

pytestmark = pytest.mark.engine


def test_a_busy_machine_fails_no_right_answer() -> None:
    """This exercise has the shortest limits: two seconds to end, and a health check."""
    exercise = find_exercise("09")
    with busy_machine():
        verdict = grade(GradeRequest(exercise, exercise.solutions, new_key()))
    assert [result for result in verdict.criteria if result.status is Outcome.FAILED] == []
