"""One grade, whatever happens to the process that judges: what was known is kept, the rest is the machine's fault.

The exercises here ask nothing of an engine, so that only the running of tests and the record are looked at.
"""

import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from grader.errors import UsageError
from grader.exercise.model import Exercise
from grader.grading.grade import GradeRequest, grade
from grader.verdict import ImageSummary, LayerSummary, Outcome, Status, Verdict

HEADER = """
import os, time, signal
from grader.criteria.outcome import Blocked, Unmet
from grader.errors import MachineError
from grader.pytest_plugin.api import criterion, require

@criterion("first", points=40)
def test_first():
    '''The first passes.'''
"""
Judge = Callable[..., Verdict]


@pytest.fixture
def exercise(tmp_path: Path) -> Exercise:
    """An exercise whose folder contains only its toml file."""
    folder = tmp_path / "exercises" / "07-short"
    folder.mkdir(parents=True)
    (folder / "exercise.toml").write_text(
        'format_version = 1\nslug = "short"\ntitle = "Short"\nminutes = 1\n'
        'editable = ["Dockerfile"]\nbase_images = []\nhints = []\n'
    )
    return Exercise(7, "short", "Short", 1, ("Dockerfile",), (), (), {"image_size": 5}, folder, tmp_path / "solutions")


@pytest.fixture
def judge(exercise: Exercise, tmp_path: Path) -> Judge:
    """Grade an empty submission by tests whose second criterion has the body given."""

    def run(second: str, **how: float) -> Verdict:
        body = f"\n@criterion('second', points=60)\ndef test_second():\n    '''The second passes.'''\n    {second}\n"
        (exercise.directory / "test_exercise.py").write_text(HEADER + body)
        return grade(GradeRequest(exercise, tmp_path, "key", **how))  # type: ignore[arg-type]

    return run


def outcomes(verdict: Verdict) -> list[tuple[str, Outcome, int]]:
    """Each criterion's id, outcome and points."""
    return [(result.id, result.status, result.points) for result in verdict.criteria]


def test_criteria_that_hold_earn_their_points(judge: Judge) -> None:
    """Titles are the docstrings' first lines; the scale comes from the budget."""
    verdict = judge("pass")
    assert outcomes(verdict) == [("first", Outcome.PASSED, 40), ("second", Outcome.PASSED, 60)]
    assert verdict.status is Status.PASSED
    assert (verdict.score, verdict.max_score) == (100, 100)
    assert verdict.criteria[0].title == "The first passes"
    assert verdict.scale is not None
    assert verdict.scale.budget == 5


IMAGE = ImageSummary(9, "scratch", 9, (LayerSummary("COPY . .", 9, from_base=False),))
SHIPS = """
from grader.pytest_plugin.api import criterion
from grader.record.events import ImageRead
from grader.verdict import ImageSummary, LayerSummary

@criterion("ships", points=100)
def test_ships(grading):
    '''There is an image.'''
    grading.run.on_event(ImageRead(ImageSummary(9, "scratch", 9, (LayerSummary("COPY . .", 9, False),))))
"""


@pytest.mark.parametrize(
    ("before", "shown"), [(replace(IMAGE, size=900), replace(IMAGE, size=900)), (IMAGE, None), (None, None)]
)
def test_what_was_before_stands_beside_another_image(
    exercise: Exercise, tmp_path: Path, before: ImageSummary | None, shown: ImageSummary | None
) -> None:
    """The starter next to itself would say nothing."""
    (exercise.directory / "test_exercise.py").write_text(SHIPS)
    verdict = grade(GradeRequest(exercise, tmp_path, "key", before=before))
    assert verdict.image == IMAGE
    assert verdict.before == shown


def test_one_that_does_not_hold_carries_what_the_learner_is_told(judge: Judge) -> None:
    """Expected, actual, why, hint and lines arrive unchanged."""
    verdict = judge("require(Unmet('e\\u00e9', 'a', 'w', 'h', (3, 5)))")
    told = verdict.criteria[1]
    assert (told.expected, told.actual, told.why, told.hint, told.lines) == ("eé", "a", "w", "h", (3, 5))
    assert verdict.status is Status.FAILED
    assert verdict.score == 40


def test_one_that_cannot_be_told_is_blocked(judge: Judge) -> None:
    """Neither passed nor failed."""
    verdict = judge("require(Blocked('first', 'can not tell'))")
    assert outcomes(verdict)[1] == ("second", Outcome.BLOCKED, 0)


def test_a_broken_machine_is_an_error_with_its_one_line(judge: Judge) -> None:
    """The learner did nothing wrong, and the words say what to do."""
    verdict = judge("raise MachineError('The disk is full: free some.')")
    assert verdict.status is Status.ERROR
    assert verdict.error == "The disk is full: free some."


def test_a_bug_of_ours_is_an_error_too(judge: Judge) -> None:
    """A criterion that breaks must not cost points; the kind of the bug is named."""
    verdict = judge("1 / 0")
    assert outcomes(verdict)[1] == ("second", Outcome.ERROR, 0)
    assert "ZeroDivisionError" in verdict.error
    log = Path(verdict.error.rpartition("the details are in ")[2])
    assert "1 / 0" in log.read_text()


@pytest.mark.parametrize(
    ("death", "says"),
    [("os._exit(9)", "exit code 9"), ("os.kill(os.getpid(), signal.SIGKILL)", "SIGKILL")],
)
def test_what_was_known_before_the_process_died_is_kept(judge: Judge, death: str, says: str) -> None:
    """The first criterion keeps its points; only the one running is the machine's fault."""
    verdict = judge(death)
    assert outcomes(verdict) == [("first", Outcome.PASSED, 40), ("second", Outcome.ERROR, 0)]
    assert verdict.status is Status.ERROR
    assert says in verdict.error
    assert Path(verdict.error.rpartition("the details are in ")[2]).is_file()


def test_a_grading_that_never_ends_is_ended(judge: Judge) -> None:
    """At its deadline; it counts as the machine's fault."""
    verdict = judge("time.sleep(600)", deadline=2.0)
    assert outcomes(verdict)[0] == ("first", Outcome.PASSED, 40)
    assert "took longer than 2 s" in verdict.error


def test_tests_that_cannot_be_read_are_an_error(exercise: Exercise, tmp_path: Path) -> None:
    """A syntax error in an exercise is its author's fault: no criterion, no score, and the error says where."""
    (exercise.directory / "test_exercise.py").write_text("def test_(:\n")
    verdict = grade(GradeRequest(exercise, tmp_path, "key"))
    assert verdict.status is Status.ERROR
    assert "SyntaxError" in verdict.error
    log = Path(verdict.error.rpartition("the details are in ")[2])
    assert "def test_(:" in log.read_text()


def test_a_cancelled_grading_ends_as_on_ctrl_c(exercise: Exercise, tmp_path: Path) -> None:
    """What was made is removed first; then the caller is interrupted."""
    started, ended = tmp_path / "started", tmp_path / "ended"
    body = f"""
    open({str(started)!r}, 'w').close()
    try:
        time.sleep(600)
    finally:
        open({str(ended)!r}, 'w').close()
"""
    (exercise.directory / "test_exercise.py").write_text(HEADER + body)
    until = time.monotonic() + 60
    with pytest.raises(KeyboardInterrupt):
        grade(GradeRequest(exercise, tmp_path, "key"), None, lambda: started.exists() or time.monotonic() > until)
    assert ended.exists()


def test_a_submission_that_is_no_folder_is_a_usage_error(exercise: Exercise, tmp_path: Path) -> None:
    """Nothing is graded, nobody has a score."""
    with pytest.raises(UsageError, match="nowhere"):
        grade(GradeRequest(exercise, tmp_path / "nowhere", "key"))
