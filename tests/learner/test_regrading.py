"""One grading at a time and always the newest; what is superseded or closed is interrupted and cleans up."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from queue import Queue

import pytest

from grader.errors import UsageError
from grader.exercise.model import Exercise
from grader.grading.grade import GradeRequest
from grader.learner.regrading import Regrading, Result
from grader.record.events import CriteriaKnown, Event

DEADLINE = 60
TESTS = """
import pathlib, time
from grader.pytest_plugin.api import criterion

FOLDER = pathlib.Path({folder!r})

@criterion("waits", points=1)
def test_waits():
    '''It waits for as long as there is a file that says so.'''
    if (FOLDER / "wait").exists():
        time.sleep(20)
"""


@pytest.fixture
def long_request(exercise: Exercise, tmp_path: Path, folder: Path) -> GradeRequest:
    """Grade an exercise that takes long as long as `wait` is there."""
    exercise.directory.mkdir(parents=True)
    (exercise.directory / "exercise.toml").write_text(
        'format_version = 1\nslug = "two"\ntitle = "Two"\nminutes = 5\neditable = ["Dockerfile", ".dockerignore"]\n'
        "base_images = []\nhints = []\n"
    )
    (exercise.directory / "test_exercise.py").write_text(TESTS.format(folder=str(tmp_path)))
    (tmp_path / "wait").touch()
    return GradeRequest(exercise, folder, "key")


def test_asking_anew_interrupts_and_only_the_newest_has_a_verdict(long_request: GradeRequest, tmp_path: Path) -> None:
    """The older one ends without any."""
    results: Queue[Result] = Queue()
    begun: Queue[int] = Queue()
    with Regrading(lambda: long_request, tell_begin(begun), results.put) as regrading:
        regrading.ask(1)
        assert begun.get(timeout=DEADLINE) == 1
        (tmp_path / "wait").unlink()
        regrading.ask(2)
        first, second = results.get(timeout=DEADLINE), results.get(timeout=DEADLINE)
    assert (first.number, first.verdict, first.error) == (1, None, None)
    assert second.number == 2
    assert second.verdict is not None
    assert second.verdict.score == 1


def test_cancelling_begins_nothing_new(long_request: GradeRequest) -> None:
    """Until it is asked again."""
    results: Queue[Result] = Queue()
    begun: Queue[int] = Queue()
    with Regrading(lambda: long_request, tell_begin(begun), results.put) as regrading:
        regrading.ask(1)
        begun.get(timeout=DEADLINE)
        regrading.cancel()
        assert results.get(timeout=DEADLINE).verdict is None
    assert results.empty()
    assert begun.empty()


def test_leaving_interrupts_what_is_under_way(long_request: GradeRequest) -> None:
    """It has cleaned up by then, and came to no verdict."""
    results: Queue[Result] = Queue()
    begun: Queue[int] = Queue()
    with Regrading(lambda: long_request, tell_begin(begun), results.put) as regrading:
        regrading.ask(1)
        begun.get(timeout=DEADLINE)
    assert results.get_nowait().verdict is None


def test_what_cannot_be_graded_is_handed_on(long_request: GradeRequest, tmp_path: Path) -> None:
    """The thread lives on, for the next save may be better."""
    results: Queue[Result] = Queue()
    nowhere = replace(long_request, submission=tmp_path / "nowhere")
    with Regrading(lambda: nowhere, tell_begin(Queue()), results.put) as regrading:
        for number in (1, 2):
            regrading.ask(number)
            assert isinstance(results.get(timeout=DEADLINE).error, UsageError)


def tell_begin(begun: "Queue[int]") -> Callable[[int, Event], None]:
    """Put a grading's number once its criteria are about to be asked."""

    def take(number: int, event: Event) -> None:
        if isinstance(event, CriteriaKnown):
            begun.put(number)

    return take
