"""Grades every cell of the exercises named, several at a time, and compares each with what it declares."""

import os
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path

from grader.authoring.cells import GOLDEN, Cell, Role, cells_of, sample_of
from grader.authoring.feedback import feedback_text
from grader.authoring.judge import complaints
from grader.exercise.model import Exercise
from grader.grading.grade import GradeRequest, grade
from grader.verdict import Outcome, Status, Verdict


@dataclass(frozen=True, slots=True)
class CellResult:
    """How a cell came out: the verdicts in order, and what is not as declared."""

    cell: Cell
    verdicts: tuple[Verdict, ...]
    complaints: tuple[str, ...]

    @property
    def failed_ids(self) -> tuple[str, ...]:
        """The criteria that failed in the last verdict."""
        return tuple(result.id for result in self.verdicts[-1].criteria if result.status is Outcome.FAILED)


def verify(
    exercises: Sequence[Exercise],
    nonce_key: str,
    *,
    jobs: int | None = None,
    update_golden: bool = False,
    is_sample: bool = False,
    docker: str = "",
    on_cell: Callable[[CellResult, int, int], None] | None = None,
) -> tuple[CellResult, ...]:
    """Grade all cells with one set of nonces, so that the layer cache serves, and return their results in order.

    With `is_sample` only the cells of `sample_of` are graded. What `left_out` names for `docker`, the version of the
    engine, is not graded.
    `on_cell` gets each result as it comes, with how many are done and how many there are.

    Raises:
        ContentError: an exercise's folders are not complete.
        KeyboardInterrupt: after the running gradings have cleaned up.

    """
    cells = [cell for exercise in exercises for cell in cells_of(exercise) if cell.is_for(docker)]
    cells = list(sample_of(cells)) if is_sample else cells
    stop = threading.Event()
    results: dict[int, CellResult] = {}
    with ThreadPoolExecutor(jobs or os.cpu_count() or 2) as pool:
        futures: dict[Future[CellResult], int] = {
            pool.submit(_prove, cell, nonce_key, stop, update_golden=update_golden): index
            for index, cell in enumerate(cells)
        }
        try:
            for done, future in enumerate(as_completed(futures), 1):
                results[futures[future]] = future.result()
                if on_cell:
                    on_cell(results[futures[future]], done, len(cells))
        except BaseException:
            stop.set()
            pool.shutdown(wait=True, cancel_futures=True)
            raise
    return tuple(results[index] for index in range(len(cells)))


def left_out(exercises: Sequence[Exercise], docker: str) -> tuple[Cell, ...]:
    """Return the cells that the Docker of this version does not build."""
    return tuple(cell for exercise in exercises for cell in cells_of(exercise) if not cell.is_for(docker))


def content_complaints(exercise: Exercise) -> tuple[str, ...]:
    """Return what is missing around the answers: lesson, hints, reasons."""
    found = []
    for path, least in ((exercise.directory / "README.md", 2000), (exercise.solutions / "README.md", 500)):
        if not path.is_file() or path.stat().st_size < least:
            found.append(f"{path} is missing or too short to teach")
    if len(exercise.hints) < 3:  # noqa: PLR2004 - from nudge to near-answer takes three steps
        found.append(f"{exercise.directory / 'exercise.toml'} has fewer than three hints")
    return tuple(found)


def _prove(cell: Cell, nonce_key: str, stop: threading.Event, *, update_golden: bool) -> CellResult:
    request = GradeRequest(cell.exercise, cell.folder, nonce_key)

    verdicts = [grade(request, is_cancelled=stop.is_set) for _ in range(cell.repeat)]
    found = [complaint for verdict in verdicts for complaint in complaints(cell, verdict)]
    # If the machine failed, nobody knows what learners read: the file stays as it was.
    if cell.role in (Role.MISTAKE, Role.STARTER) and verdicts[-1].status is not Status.ERROR:
        found += golden_complaints(cell.folder / GOLDEN, feedback_text(verdicts[-1]), update=update_golden)
    return CellResult(cell, tuple(verdicts), tuple(dict.fromkeys(found)))


def golden_complaints(path: Path, text: str, *, update: bool) -> list[str]:
    """Compare the feedback `text` with the file, or with `update` write it; return what is wrong."""
    if update:
        path.write_text(text, encoding="utf-8")
        return []
    if not path.is_file():
        return [f"{path.name} is missing: `verify --update-feedback` writes it; then read what learners read there"]
    known = path.read_text(encoding="utf-8")
    if known == text:
        return []
    changed = next((line for line in text.splitlines() if line not in known.splitlines()), "a line is gone")
    return [
        f"the feedback is not that of {path.name} (first change: {changed.strip()}); see `verify --update-feedback`"
    ]
