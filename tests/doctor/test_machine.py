"""What is judged of a machine: its room, memory, clock, limits, terminal, and whether it tells of changed files."""

from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from grader.doctor.disk import engine_disk, own_disk, room_for_engine
from grader.doctor.engine_state import clock, engine_found, limits, memory
from grader.doctor.file_events import file_events
from grader.doctor.finding import State
from grader.doctor.machine import python, terminal
from grader.engine import private
from grader.engine.condition import condition_of
from tests.doctor.conftest import Patient

Make = Callable[..., Patient]


@pytest.mark.parametrize(
    ("free", "state"), [(9_000_000_000, State.OK), (4_900_000_000, State.WARN), (900_000_000, State.FAIL)]
)
def test_room_for_the_engine(free: int, state: State) -> None:
    """Scarce is worth a look, next to none is no grading; and what to do is said."""
    found = room_for_engine(free, "/data")
    assert found.state is state
    assert "GB free at /data" in found.seen
    assert bool(found.advice) == (state is not State.OK)


def test_the_engines_folder_is_looked_at_only_where_it_is(patient: Make, tmp_path: Path) -> None:
    """Of an engine elsewhere nothing is claimed."""
    assert engine_disk(patient().condition()) == []
    [found] = engine_disk(patient(data_root=tmp_path).condition())
    assert str(tmp_path) in found.seen
    assert own_disk(tmp_path).state is State.OK


@pytest.mark.parametrize(
    ("size", "state"), [(8_000_000_000, State.OK), (1_500_000_000, State.WARN), (512_000_000, State.FAIL)]
)
def test_memory(patient: Make, size: int, state: State) -> None:
    """Docker Desktop's setting is named where it is too little."""
    found = memory(patient(memory=size).condition())
    assert found.state is state
    assert ("Docker Desktop" in found.advice) == (state is not State.OK)


@pytest.mark.parametrize(
    ("seconds", "state", "words"),
    [(0, State.OK, "differs by 0.0 s"), (3600, State.WARN, "ahead"), (-90, State.WARN, "90 s behind")],
)
def test_the_clock(patient: Make, seconds: int, state: State, words: str) -> None:
    """A virtual machine that slept is behind."""
    found = clock(patient(clock=datetime.now(timezone.utc) + timedelta(seconds=seconds)))
    assert found.state is state
    assert words in found.seen


def test_an_engines_time_is_read_to_the_microsecond() -> None:
    """Engines write nanoseconds and any zone; one that tells nonsense tells nothing."""
    times = ("2026-11-25T02:31:23.379034948Z", "2026-11-25T03:31:23.379034+01:00", "yesterday", "")
    read = [condition_of({}, {"SystemTime": text}, None, is_podman=False).clock for text in times]
    assert read == [datetime(2026, 11, 25, 2, 31, 23, 379034, timezone.utc)] * 2 + [None] * 2


def test_an_engine_that_cannot_limit_is_worth_a_look(patient: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    """It says which limit is lacking; on the private engine, also whether builds have one."""
    assert limits(patient()).state is State.OK
    found = limits(patient(limits_processes=False))
    assert (found.state, "processes" in found.seen) == (State.WARN, True)
    monkeypatch.setenv("WORKSHOP_HOME", "/tmp/workshop-nobody")
    here = patient()
    here.host = private.host()
    found = limits(here)
    assert (found.state, "any number of processes" in found.seen) == (State.WARN, True)


def test_podman_and_emulation_are_told(patient: Make) -> None:
    """The first cannot build, the second is slow."""
    assert engine_found(patient(name="podman")).state is State.FAIL
    found = engine_found(patient(architecture="s390x"))
    assert (found.state, "s390x" in found.seen) == (State.WARN, True)


@pytest.mark.parametrize(
    ("encoding", "state"), [("utf-8", State.OK), ("UTF8", State.OK), ("ascii", State.WARN), ("cp1252", State.WARN)]
)
def test_the_terminal(encoding: str, state: State) -> None:
    """Where it takes no symbols there is a way to have them."""
    assert terminal(encoding).state is state


def test_python_is_the_one_that_runs() -> None:
    """And the workshop's own version is next to it."""
    assert python().state is State.OK
    assert "workshop" in python().seen


class TestFileEvents:
    """Whether changes are reported."""

    def test_a_disk_of_this_machine_tells(self, tmp_path: Path) -> None:
        """And nothing of the trial stays."""
        assert file_events(tmp_path).state is State.OK
        assert list((tmp_path / ".workshop").iterdir()) == []

    def test_a_place_that_cannot_be_written_is_said(self, tmp_path: Path) -> None:
        """With the way to one that can."""
        (tmp_path / "file").touch()
        found = file_events(tmp_path / "file")
        assert found.state is State.WARN
        assert "workshop init" in found.advice
