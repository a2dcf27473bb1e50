"""An engine's cache may have two results of one step, from two builds at the same moment: that is no one's fault."""

import runpy
from dataclasses import replace
from pathlib import Path

import pytest

from grader.engine.connection import connect
from grader.engine.model import BuildRequest
from grader.exercise.catalogue import find_exercise
from grader.exercise.model import Exercise, Variant
from grader.exercise.nonce import Nonces, new_key
from grader.exercise.submission import lay_out, take_submission
from grader.grading.grade import GradeRequest, grade
from grader.verdict import Outcome

pytestmark = pytest.mark.engine


@pytest.fixture(autouse=True)
def criteria_may_be_imported(pytestconfig: pytest.Config) -> None:
    """Let this process read the exercises' tests, whose marker only the plugin knows."""
    pytestconfig.addinivalue_line("markers", "criterion: a criterion of an exercise")


def do_again(exercise: Exercise, dockerfile: str, key: str, folder: Path) -> None:
    """Run the last step of `dockerfile` again, as if two builds had done it at the same moment."""
    submission = take_submission(exercise, exercise.solutions)
    plain: Variant = runpy.run_path(str(exercise.directory / "test_exercise.py"))["PLAIN"]
    nonces = Nonces(key, exercise.slug)
    lay_out(exercise, submission, replace(plain, dockerfile=dockerfile), nonces, folder)
    secrets = {name: nonces.fill(value).encode() for name, value in plain.secrets.items()}
    engine = connect(None)
    tag = f"workshop/two-results:{key}"
    try:
        assert engine.build(BuildRequest(folder, tag, secrets=secrets, no_cache=True)).built
        engine.remove_image(tag)
    finally:
        engine.close()


@pytest.mark.parametrize(
    ("name", "criterion", "until"),
    [
        ("04", "deps-cached", "RUN npm ci\n"),
        ("15", "deps-cached", "@private/brand\n"),
        ("06", "builders-independent", "RUN npm run build:backend\n"),
    ],
)
def test_a_second_result_of_a_step_blames_nobody(name: str, criterion: str, until: str, tmp_path: Path) -> None:
    """The ordinary build has the first one in the layers above it; all builds after an edit take the second."""
    exercise, key = find_exercise(name), new_key()
    request = GradeRequest(exercise, exercise.solutions, key)
    assert grade(replace(request, criteria=("builds",))).score
    text = (exercise.solutions / "Dockerfile").read_text(encoding="utf-8")
    begin, end, _ = text.partition(until)
    do_again(exercise, begin + end, key, tmp_path / "context")
    verdict = grade(replace(request, criteria=(criterion,)))
    assert [result.status for result in verdict.criteria] == [Outcome.PASSED], verdict.criteria
