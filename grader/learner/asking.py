"""Remembers that a learner asked for a solution before having passed: the second time it is meant."""

from pathlib import Path

from grader.exercise.model import Exercise
from grader.learner.state import change_state, read_state

_FILE = "solutions-asked.json"


def has_asked(workspace: Path, exercise: Exercise) -> bool:
    """Whether the solution was asked for before."""
    return read_state(workspace, _FILE).get(exercise.slug) is True


def remember_asking(workspace: Path, exercise: Exercise) -> None:
    """Keep that it was asked for."""
    change_state(workspace, _FILE, exercise.slug, lambda _: True)
