"""A workspace with one small exercise, and a verdict on it."""

from dataclasses import replace
from pathlib import Path

import pytest

from grader.exercise.model import Exercise
from grader.verdict import CriterionResult, Outcome, Verdict

VERDICT = Verdict("two", "Two", (), None, 1.0, "2026-03-04T09:26:53+00:00", "0.1.0")


def verdict(*outcomes: tuple[Outcome, int], left_out: tuple[str, ...] = ()) -> Verdict:
    """Return a verdict whose criteria came out so and are worth so many points."""
    criteria = tuple(
        CriterionResult(f"c{at}", "It passes", outcome, worth if outcome is Outcome.PASSED else 0, worth)
        for at, (outcome, worth) in enumerate(outcomes)
    )
    return replace(VERDICT, criteria=criteria, left_out=left_out)


@pytest.fixture
def exercise(tmp_path: Path) -> Exercise:
    """An exercise whose starter is a Dockerfile without a .dockerignore."""
    solutions = tmp_path / "kit" / "solutions" / "02-two"
    (solutions / "starter").mkdir(parents=True)
    (solutions / "starter" / "Dockerfile").write_text("FROM golang:1.26\n")
    editable = ("Dockerfile", ".dockerignore")
    return Exercise(2, "two", "Two", 5, editable, (), ("nudge", "answer"), {}, tmp_path / "kit" / "02-two", solutions)


@pytest.fixture
def workspace(tmp_path: Path, exercise: Exercise) -> Path:
    """A learner's folder with the exercise as learners get it."""
    folder = tmp_path / "workspace" / "exercises" / exercise.folder
    folder.mkdir(parents=True)
    (folder / "Dockerfile").write_text("FROM golang:1.26\n")
    return tmp_path / "workspace"


@pytest.fixture
def folder(workspace: Path, exercise: Exercise) -> Path:
    """Where the learner edits."""
    return workspace / "exercises" / exercise.folder
