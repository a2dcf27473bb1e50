"""Which hints of an exercise a learner has seen: one more at a time, remembered by slug."""

from pathlib import Path

from grader.exercise.model import Exercise
from grader.learner.state import change_state, read_state

_FILE = "hints.json"


def hints_seen(workspace: Path, exercise: Exercise) -> int:
    """Return how many hints were shown in this workspace; never more than there are."""
    seen = read_state(workspace, _FILE).get(exercise.slug)
    return min(seen, len(exercise.hints)) if isinstance(seen, int) and seen > 0 else 0


def take_hint(workspace: Path, exercise: Exercise) -> int | None:
    """Count one more hint as seen and return its index; None if all were seen."""
    seen = hints_seen(workspace, exercise)
    if seen == len(exercise.hints):
        return None
    change_state(workspace, _FILE, exercise.slug, lambda _: seen + 1)
    return seen


def forget_hints(workspace: Path, exercise: Exercise) -> None:
    """Begin again with the first one."""
    change_state(workspace, _FILE, exercise.slug, lambda _: 0)
