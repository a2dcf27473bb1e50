"""Some criteria only: those are asked, what they need is made, the rest is left out, and the verdict says so."""

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from grader.errors import UsageError
from grader.exercise.model import Exercise
from grader.grading.grade import GradeRequest, grade
from grader.reports import html, json_report, junit, terminal
from grader.verdict import Outcome, Status

TESTS = """
import pytest
from grader.pytest_plugin.api import criterion

@pytest.fixture
def fact():
    return 42

@criterion("first", points=40)
def test_first():
    '''The first passes.'''
    raise AssertionError('never asked')

@criterion("second-one", points=30)
def test_second(fact):
    '''The second passes.'''
    assert fact == 42

@criterion("third", points=30)
def test_third():
    '''The third passes.'''
"""


@pytest.fixture
def exercise(tmp_path: Path) -> Exercise:
    """Three criteria of which the first would be an error."""
    folder = tmp_path / "exercises" / "07-short"
    folder.mkdir(parents=True)
    (folder / "exercise.toml").write_text(
        'format_version = 1\nslug = "short"\ntitle = "Short"\nminutes = 1\n'
        'editable = ["Dockerfile"]\nbase_images = []\nhints = []\n'
    )
    (folder / "test_exercise.py").write_text(TESTS)
    return Exercise(7, "short", "Short", 1, ("Dockerfile",), (), (), {}, folder, tmp_path / "solutions")


def test_only_what_is_named_is_asked_and_the_rest_is_told(exercise: Exercise, tmp_path: Path) -> None:
    """The fixtures of what is asked still give their facts; the order is the exercise's."""
    verdict = grade(GradeRequest(exercise, tmp_path, "key", criteria=("third", "second-one", "third")))
    assert [(result.id, result.status) for result in verdict.criteria] == [
        ("second-one", Outcome.PASSED),
        ("third", Outcome.PASSED),
    ]
    assert verdict.left_out == ("first",)
    assert (verdict.status, verdict.score, verdict.max_score) == (Status.PASSED, 60, 60)


def test_all_of_them_by_name_is_no_partial_verdict(exercise: Exercise, tmp_path: Path) -> None:
    """Nothing is left out."""
    verdict = grade(GradeRequest(exercise, tmp_path, "key", criteria=("first", "second-one", "third")))
    assert verdict.left_out == ()
    assert len(verdict.criteria) == 3


@pytest.mark.parametrize(("name", "offer"), [("secnd-one", "did you mean `second-one`?"), ("zzz", "There are: first")])
def test_a_name_that_is_none_is_a_usage_error_with_all_there_are(
    exercise: Exercise, tmp_path: Path, name: str, offer: str
) -> None:
    """Nothing is asked then, not even what was named rightly."""
    with pytest.raises(UsageError) as caught:
        grade(GradeRequest(exercise, tmp_path, "key", criteria=("third", name)))
    said = str(caught.value)
    assert "\n" not in said
    assert f"`{name}`" in said
    assert offer in said
    assert "There are: first, second-one, third." in said


def test_every_report_says_that_it_is_partial(exercise: Exercise, tmp_path: Path, repository: Path) -> None:
    """Whoever reads it, person or program, must not take the score for a grade."""
    verdict = grade(GradeRequest(exercise, tmp_path, "key", criteria=("third",)))
    written = json_report.render(verdict)
    schema = json.loads((repository / "docs" / "verdict.schema.json").read_text())
    Draft202012Validator(schema).validate(json.loads(written))
    assert json_report.parse(written) == verdict
    assert "A partial check: 1 of 3 criteria were asked." in terminal.render(verdict)
    assert "first second-one" in junit.render(verdict)
    assert "A partial check: 1 of 3 criteria were asked." in html.render(verdict)
