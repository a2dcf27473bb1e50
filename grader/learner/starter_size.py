"""Remembers how large the starter's image was, as measured here, so that reports can show the way come since."""

from pathlib import Path

from grader.exercise.model import Exercise
from grader.learner.state import read_state, write_state
from grader.verdict import Verdict

_FILE = "starter-sizes.json"


def starter_size(workspace: Path, exercise: Exercise) -> int | None:
    """Return the bytes of the starter's image, if it was graded in this workspace."""
    size = read_state(workspace, _FILE).get(exercise.slug)
    return size if isinstance(size, int) else None


def remember_starter_size(workspace: Path, exercise: Exercise, submission: Path, verdict: Verdict) -> None:
    """Keep the size of the image just graded if the submission was the starter."""
    if verdict.image is not None and _is_starter(exercise, submission):
        write_state(workspace, _FILE, read_state(workspace, _FILE) | {exercise.slug: verdict.image.size})


def _is_starter(exercise: Exercise, submission: Path) -> bool:
    return all(_bytes(submission / name) == _bytes(exercise.solutions / "starter" / name) for name in exercise.editable)


def _bytes(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except OSError:
        return None
