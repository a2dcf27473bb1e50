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
from grader.criteria.outcome import Unmet
from grader.pytest_plugin.api import Variant, criterion, require

PLAIN = Variant(appends={"source.txt": "{now}"})

@criterion("builds", points=50)
def test_builds(attempt):
    """The Dockerfile builds."""
    require(builds(attempt))

@criterion("newest", points=50)
def test_newest(image, nonce):
    """The image has the source as it is now."""
    found = any(match.needle == nonce("now").encode() for match in image.image.matches)
    require(None if found else Unmet("the newest source", "an older one", "why", "hint"))
'''
KEPT = """FROM alpine:latest
WORKDIR /src
COPY . .
RUN --mount=type=cache,target=/cache [ -f /cache/made ] || cp source.txt /cache/made; cp /cache/made /made
RUN rm source.txt && date +%N > /late
FROM scratch
COPY --from=0 /made /late /
"""
"""Keeps in a cache mount what it made first."""
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


def check(exercise: Exercise, folder: Path, dockerfile: str, key: str = "key") -> Verdict:
    """Grade this Dockerfile in the workspace with this key."""
    folder.mkdir()
    (folder / "Dockerfile").write_text(dockerfile, encoding="utf-8")
    return grade(GradeRequest(exercise, folder, key))


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


def test_what_another_workspace_left_in_a_cache_mount_is_not_there(exercise: Exercise, tmp_path: Path) -> None:
    """Whoever is graded first: an answer has the same score."""
    assert check(exercise, tmp_path / "first", KEPT, "one").score == 100
    assert check(exercise, tmp_path / "second", KEPT, "another").score == 100


def test_what_another_answer_left_in_a_cache_mount_is_not_there(exercise: Exercise, tmp_path: Path) -> None:
    """A mistake of before, put right, leaves nothing behind."""
    wrong = KEPT.replace("cp source.txt", "echo wrong >")
    assert check(exercise, tmp_path / "first", wrong).score == 50
    assert check(exercise, tmp_path / "second", KEPT).score == 100


def test_a_step_with_a_cache_mount_comes_from_the_layer_cache(exercise: Exercise, tmp_path: Path) -> None:
    """At the next check, also after an edit below it."""
    check(exercise, tmp_path / "first", KEPT)
    again = check(exercise, tmp_path / "again", KEPT).builds[0]
    edited = check(exercise, tmp_path / "edited", KEPT + "LABEL color=blue\n").builds[0]
    assert again.cached >= 5
    assert edited.cached >= 5
