"""Hints come one at a time and are remembered; what is kept survives damage."""

from pathlib import Path

import pytest

from grader.exercise.model import Exercise
from grader.learner.hints import forget_hints, hints_seen, take_hint
from grader.learner.state import change_state, read_state

EXERCISE = Exercise(2, "two", "Two", 5, (), (), ("nudge", "shove", "answer"), {}, Path(), Path())


def test_each_hint_comes_once_and_then_there_are_none(tmp_path: Path) -> None:
    """In the order in which they are written."""
    assert [take_hint(tmp_path, EXERCISE) for _ in range(4)] == [0, 1, 2, None]
    assert hints_seen(tmp_path, EXERCISE) == 3


def test_they_begin_again_when_asked(tmp_path: Path) -> None:
    """Other exercises keep theirs."""
    other = Exercise(3, "three", "Three", 5, (), (), ("only",), {}, Path(), Path())
    take_hint(tmp_path, EXERCISE)
    take_hint(tmp_path, other)
    forget_hints(tmp_path, EXERCISE)
    assert take_hint(tmp_path, EXERCISE) == 0
    assert hints_seen(tmp_path, other) == 1


@pytest.mark.parametrize("damage", [b"", b"[1]", b"{", b"\xff", b'{"two": "many"}', b'{"two": -4}'])
def test_a_damaged_file_costs_what_was_remembered_and_no_more(tmp_path: Path, damage: bytes) -> None:
    """The next hint is the first one again."""
    take_hint(tmp_path, EXERCISE)
    (tmp_path / ".workshop" / "hints.json").write_bytes(damage)
    assert take_hint(tmp_path, EXERCISE) == 0


def test_more_hints_seen_than_there_are_is_all_of_them(tmp_path: Path) -> None:
    """The exercise may have lost one since."""
    change_state(tmp_path, "hints.json", "two", lambda _: 9)
    assert take_hint(tmp_path, EXERCISE) is None


def test_a_workspace_that_cannot_be_written_still_gives_hints(tmp_path: Path) -> None:
    """A file stands where the folder would be; nothing is remembered, nothing breaks."""
    (tmp_path / ".workshop").write_text("in the way")
    assert take_hint(tmp_path, EXERCISE) == 0
    assert read_state(tmp_path, "hints.json") == {}
