"""Remembers how large the starter's image was, as measured here, so that reports can show the way come since."""

import json
from contextlib import suppress
from pathlib import Path

from grader.exercise.model import Exercise
from grader.exercise.workspace import STATE
from grader.verdict import Verdict

_FILE = "starter-sizes.json"


def starter_size(workspace: Path, exercise: Exercise) -> int | None:
    """Return the bytes of the starter's image, if it was graded in this workspace."""
    size = _read(workspace).get(exercise.slug)
    return size if isinstance(size, int) else None


def remember_starter_size(workspace: Path, exercise: Exercise, submission: Path, verdict: Verdict) -> None:
    """Keep the size of the image just graded if the submission was the starter; a folder that is read-only is fine."""
    if verdict.image is None or not _is_starter(exercise, submission):
        return
    sizes = _read(workspace) | {exercise.slug: verdict.image.size}
    with suppress(OSError):
        folder = workspace / STATE
        folder.mkdir(exist_ok=True)
        draft = folder / f"{_FILE}.new"
        draft.write_text(json.dumps(sizes), encoding="utf-8")
        draft.replace(folder / _FILE)


def _read(workspace: Path) -> dict[str, object]:
    with suppress(OSError, ValueError):
        sizes = json.loads((workspace / STATE / _FILE).read_text(encoding="utf-8"))
        if isinstance(sizes, dict):
            return sizes
    return {}


def _is_starter(exercise: Exercise, submission: Path) -> bool:
    return all(_bytes(submission / name) == _bytes(exercise.solutions / "starter" / name) for name in exercise.editable)


def _bytes(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except OSError:
        return None
