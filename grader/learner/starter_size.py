"""Remembers the starter's image, as it was measured here, so that reports can show the way come since.

It is kept as the JSON report would write it; workspaces from before that have its size alone.
"""

from contextlib import suppress
from pathlib import Path

from grader.codec import FormError, build
from grader.exercise.model import Exercise
from grader.learner.own_files import is_starter
from grader.learner.state import change_state, read_state
from grader.reports.json_report import image_data
from grader.verdict import ImageSummary, Verdict

_FILE = "starter-sizes.json"


def starter_size(workspace: Path, exercise: Exercise) -> int | None:
    """Return the bytes of the starter's image, if it was graded in this workspace."""
    kept = read_state(workspace, _FILE).get(exercise.slug)
    size = kept.get("size") if isinstance(kept, dict) else kept
    return size if isinstance(size, int) else None


def starter_image(workspace: Path, exercise: Exercise, beside: Path | None = None) -> ImageSummary | None:
    """Return the starter's image with its layers, if it was graded in this workspace.

    A folder `beside` which it is shown gets None if it contains the starter itself: no build is quite like another.
    """
    if beside and is_starter(exercise, beside):
        return None
    kept = read_state(workspace, _FILE).get(exercise.slug)
    with suppress(FormError):
        return build(kept, ImageSummary) if isinstance(kept, dict) else None
    return None


def remember_starter_size(workspace: Path, exercise: Exercise, submission: Path, verdict: Verdict) -> None:
    """Keep the image just graded if the submission was the starter."""
    image = verdict.image
    if image is None or not is_starter(exercise, submission):
        return
    if image != starter_image(workspace, exercise):
        change_state(workspace, _FILE, exercise.slug, lambda _: image_data(image))
