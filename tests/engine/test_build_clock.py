"""Which time counts for a build, from vertices and control groups as they are seen."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from grader.engine import build_clock
from grader.engine.build_clock import QUIET, UNSEEN, BuildClock
from grader.engine.control_groups import ControlGroup
from grader.engine.progress import BuildProgress

Groups = Mapping[str, tuple[ControlGroup, float]]


class Machine:
    """A machine with one build: its time, what its steps are, and how much the groups of all builds use."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = 1000.0
        self.share: float | None = None
        self.groups: dict[str, tuple[ControlGroup, float]] = {}
        self.counted: dict[Path, float] = {}
        self.progress = BuildProgress(log_cap=10)
        monkeypatch.setattr(build_clock, "GroupCounts", self._counts)
        monkeypatch.setattr("grader.engine.progress.time.monotonic", lambda: self.now)
        self.clock = BuildClock(self.progress, lambda: self.share, lambda: self.groups, lambda: self.now)

    def _counts(self, group: ControlGroup) -> object:
        return lambda elapsed: elapsed * self.counted[group.usage]

    def begins(self, name: str) -> None:
        """A step begins."""
        self.progress.vertex(name).name = name
        self.progress.start(name)

    def runs(self, name: str, part: float, began: float | None = None) -> None:
        """A group that uses `part` of each second of its own."""
        group = ControlGroup(Path(name), Path(name), 1.0)
        self.groups[name] = group, self.now if began is None else began
        self.counted[group.usage] = part

    def passes(self, seconds: int) -> float:
        """Let time pass; return how much of it counted for the build."""
        before = self.clock.own
        for _ in range(seconds):
            self.now += 1.0
            self.clock.look()
        return self.clock.own - before


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> Machine:
    """A machine after the quiet first seconds of a build."""
    found = Machine(monkeypatch)
    found.passes(int(QUIET) + 1)
    return found


def test_only_steps_that_run_count(machine: Machine) -> None:
    """The engine's own work counts for the engine."""
    machine.begins("[1/3] FROM x")
    assert machine.passes(9) == 0.0
    assert machine.clock.engines == QUIET + 1 + 9
    machine.begins("[2/3] RUN x")
    machine.runs("a", 0.5)
    assert machine.passes(10) == pytest.approx(5.0)
    machine.progress.end("[2/3] RUN x", 9.0)
    machine.begins("[3/3] COPY x y")
    assert machine.passes(10) == 0.0


def test_of_two_groups_that_a_step_may_have_the_one_with_less_counts(machine: Machine) -> None:
    """Nobody is late because of another's build."""
    machine.begins("[2/2] RUN x")
    machine.runs("a", 1.0)
    machine.runs("b", 0.25)
    assert machine.passes(8) == pytest.approx(2.0)
    del machine.groups["b"]
    assert machine.passes(8) == pytest.approx(8.0)


def test_a_group_that_began_at_another_time_is_another_build_s(machine: Machine) -> None:
    """It neither counts nor saves."""
    machine.runs("old", 0.0, began=machine.now - 500)
    machine.begins("[2/2] RUN x")
    machine.runs("a", 1.0)
    machine.runs("new", 0.0, began=machine.now + 500)
    assert machine.passes(8) == pytest.approx(8.0)


def test_of_two_steps_the_one_that_uses_more_counts(machine: Machine) -> None:
    """They run at the same time."""
    machine.begins("[a 2/2] RUN x")
    machine.runs("a", 0.5)
    machine.passes(200)
    machine.begins("[b 2/2] RUN y")
    machine.runs("b", 1.0)
    assert machine.passes(8) == pytest.approx(8.0)


def test_where_no_group_is_seen_the_share_of_a_cpu_is_measured(machine: Machine) -> None:
    """The engine runs in a virtual machine or elsewhere. What cannot be measured makes nobody late."""
    machine.begins("[2/2] RUN x")
    machine.share = 0.25
    assert machine.passes(int(UNSEEN)) == pytest.approx(0.25)
    assert machine.passes(8) == pytest.approx(2.0)
    machine.share = None
    machine.passes(60)
    assert machine.passes(60) == 0.0


def test_the_machine_is_at_fault_when_its_own_work_or_everything_takes_too_long(machine: Machine) -> None:
    """The build's own steps have not used their time."""
    machine.begins("[1/2] FROM x")
    machine.passes(50)
    assert machine.clock.is_hopeless(50.0)
    assert not machine.clock.is_late(50.0)
    machine.begins("[2/2] RUN x")
    machine.runs("a", 0.01)
    machine.passes(500)
    assert not machine.clock.is_hopeless(300.0)
    machine.passes(1300)
    assert machine.clock.is_hopeless(300.0)
