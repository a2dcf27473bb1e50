"""How far a learner has come: the best score counts, what is passed stays passed, and only what is theirs counts."""

from dataclasses import replace
from pathlib import Path

import pytest

from grader.exercise.model import Exercise
from grader.learner.progress import Standing, next_exercise, remember_verdict, standing
from grader.learner.state import change_state
from grader.verdict import Outcome
from tests.learner.conftest import verdict

PASSED, FAILED, ERROR = Outcome.PASSED, Outcome.FAILED, Outcome.ERROR
HALF = verdict((PASSED, 50), (FAILED, 50))
ALL = verdict((PASSED, 50), (PASSED, 50))
NONE = verdict((FAILED, 50), (FAILED, 50))


def test_the_best_score_is_kept_and_the_last_one_too(workspace: Path, folder: Path, exercise: Exercise) -> None:
    """A worse answer afterwards takes nothing away."""
    for each in (HALF, NONE):
        assert remember_verdict(workspace, exercise, folder, each)
    stands = standing(workspace, exercise)
    assert (stands.best_score, stands.max_score, stands.last_score, stands.checks) == (50, 100, 0, 2)
    assert not stands.is_passed


def test_what_is_passed_stays_passed_since_the_first_time(workspace: Path, folder: Path, exercise: Exercise) -> None:
    """The learner may go on trying."""
    remember_verdict(workspace, exercise, folder, ALL)
    remember_verdict(workspace, exercise, folder, replace(ALL, started_at="2027-01-01T00:00:00+00:00"))
    remember_verdict(workspace, exercise, folder, NONE)
    stands = standing(workspace, exercise)
    assert stands.passed_at == ALL.started_at
    assert (stands.best_score, stands.last_status) == (100, "failed")


def test_of_two_scales_the_larger_share_is_the_better(workspace: Path, folder: Path, exercise: Exercise) -> None:
    """The exercise may have got other points since."""
    remember_verdict(workspace, exercise, folder, HALF)
    remember_verdict(workspace, exercise, folder, verdict((PASSED, 30), (FAILED, 10)))
    assert (standing(workspace, exercise).best_score, standing(workspace, exercise).max_score) == (30, 40)


@pytest.mark.parametrize(
    "uncounted", [verdict((ERROR, 50)), verdict((PASSED, 50), left_out=("c1",))], ids=["machine-error", "partial"]
)
def test_a_broken_machine_and_a_partial_check_do_not_count(
    workspace: Path, folder: Path, exercise: Exercise, uncounted: object
) -> None:
    """Neither is a score of the complete exercise."""
    assert not remember_verdict(workspace, exercise, folder, uncounted)  # type: ignore[arg-type]
    assert standing(workspace, exercise) == Standing()


def test_another_folder_does_not_count(workspace: Path, exercise: Exercise) -> None:
    """Whoever checks the model answer has not passed."""
    assert not remember_verdict(workspace, exercise, exercise.solutions, ALL)
    assert standing(workspace, exercise) == Standing()


def test_progress_survives_a_renumbering(workspace: Path, folder: Path, exercise: Exercise) -> None:
    """It is the slug's."""
    remember_verdict(workspace, exercise, folder, ALL)
    assert standing(workspace, replace(exercise, number=17)).is_passed


@pytest.mark.parametrize("entry", [3, "passed", ["x"], {"best_score": "many"}, {"passed_at": 1}, {"checks": True}])
def test_an_entry_that_says_something_else_is_as_good_as_none(
    workspace: Path, exercise: Exercise, entry: object
) -> None:
    """It costs that exercise's progress and no more."""
    change_state(workspace, "progress.json", "two", lambda _: entry)
    assert standing(workspace, exercise) == Standing()


def test_the_next_one_is_the_first_that_is_not_passed(workspace: Path, folder: Path, exercise: Exercise) -> None:
    """From the one at hand it goes on, and then begins at the top; at the end there is none."""
    exercises = [replace(exercise, number=number, slug=slug) for number, slug in ((1, "one"), (2, "two"), (3, "three"))]
    remember_verdict(workspace, exercise, folder, ALL)
    assert [each and each.slug for each in (next_exercise(workspace, exercises),)] == ["one"]
    following = next_exercise(workspace, exercises, exercises[0])
    assert following is not None
    assert following.slug == "three"
    back = next_exercise(workspace, exercises, exercises[2])
    assert back is not None
    assert back.slug == "one"
    assert next_exercise(workspace, exercises[1:2]) is None
