"""The layer cache serves a learner's next check: an edited Dockerfile does not undo what is above the edit."""

from pathlib import Path

import pytest

from grader.exercise.model import Exercise
from grader.exercise.nonce import new_key
from grader.exercise.toml_files import read_exercise
from grader.grading.grade import GradeRequest, grade
from grader.verdict import Verdict

pytestmark = pytest.mark.engine

TOML = """
format_version = 1
slug = "short"
title = "Short"
minutes = 1
editable = ["Dockerfile"]
base_images = ["alpine:latest"]
hints = []
files = ["source.txt"]
"""
TESTS = '''
from grader.criteria.builds import builds
from grader.pytest_plugin.api import criterion, require

@criterion("builds", points=100)
def test_builds(attempt):
    """The Dockerfile builds."""
    require(builds(attempt))
'''
SLOW = "FROM alpine:latest\nWORKDIR /src\nCOPY . .\nRUN date +%N > /made\n"


@pytest.fixture
def exercise(tmp_path: Path) -> Exercise:
    """An exercise that only builds; its one source file is new to the engine."""
    folder = tmp_path / "exercises" / "07-short"
    folder.mkdir(parents=True)
    (folder / "exercise.toml").write_text(TOML, encoding="utf-8")
    (folder / "test_exercise.py").write_text(TESTS, encoding="utf-8")
    (folder / "source.txt").write_text(new_key(), encoding="utf-8")
    return read_exercise(folder, tmp_path / "solutions")


def check(exercise: Exercise, folder: Path, dockerfile: str) -> Verdict:
    """Grade this Dockerfile."""
    folder.mkdir()
    (folder / "Dockerfile").write_text(dockerfile, encoding="utf-8")
    return grade(GradeRequest(exercise, folder, "key"))


def test_an_edit_below_copy_leaves_all_above_it_cached(exercise: Exercise, tmp_path: Path) -> None:
    """`COPY . .` must not see that the Dockerfile is another one: else every check would compile again."""
    first = check(exercise, tmp_path / "first", SLOW).builds[0]
    second = check(exercise, tmp_path / "second", SLOW + "RUN true\n").builds[0]
    assert first.steps - first.cached >= 2, "COPY and RUN were new"
    assert second.cached >= 3, "WORKDIR, COPY and the slow RUN; engines differ on whether FROM is reported as cached"


def test_a_dockerfile_may_be_copied_all_the_same(exercise: Exercise, tmp_path: Path) -> None:
    """Who copies it finds a file of that name."""
    verdict = check(exercise, tmp_path / "first", "FROM alpine:latest\nCOPY Dockerfile source.txt /\n")
    assert verdict.score == 100, verdict.criteria
