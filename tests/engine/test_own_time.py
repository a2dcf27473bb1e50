"""What counts as a program's own time, from figures as a control group gives them."""

import itertools
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

from grader.engine.control_groups import ControlGroup, group_of, groups_of_steps
from grader.engine.own_time import LEAST_WALL, GroupCounts, OwnTime, UsageCounts, wall_limit
from grader.errors import MachineError

STEP = "k9lv5frpixt6j81h9z9krr3ls"
CONTAINER = "f" * 64


def process(proc: Path, pid: int, cgroup: str, states: str = "S") -> None:
    """Lay out /proc/PID: its control groups, and one thread for each letter of `states`."""
    for number, state in enumerate(states):
        thread = proc / str(pid) / "task" / str(pid + number)
        thread.mkdir(parents=True, exist_ok=True)
        (thread / "stat").write_text(f"{pid + number} (a) b) {state} " + "0 " * 40)
    (proc / str(pid) / "stat").write_text(f"{pid} (a) b) {states[0]} " + "0 " * 40)
    (proc / str(pid) / "cgroup").write_text(cgroup)


def group(root: Path, path: str, file: str, used: str, pids: Sequence[int]) -> None:
    """Lay out a control group."""
    folder = root / path
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "cgroup.procs").write_text("".join(f"{pid}\n" for pid in pids))
    (folder / file).write_text(used)


@pytest.mark.parametrize(
    ("cgroup", "path", "file", "used"),
    [
        ("0::/docker/x\n", "docker/x", "cpu.stat", "usage_usec 2500000\nuser_usec 1\n"),
        ("9:cpuacct:/docker/x\n1:cpu:/\n", "cpuacct/docker/x", "cpuacct.usage", "2500000000\n"),
        ("4:cpu,cpuacct:/docker/x\n0::/\n", "cpu,cpuacct/docker/x", "cpuacct.usage", "2500000000\n"),
    ],
)
def test_both_versions_of_control_groups_are_read(tmp_path: Path, cgroup: str, path: str, file: str, used: str) -> None:
    """Version 1 may have its controllers together or apart."""
    process(tmp_path / "proc", 7, cgroup)
    group(tmp_path / "cgroup", path, file, used, [7])
    found = group_of(7, tmp_path / "proc", tmp_path / "cgroup")
    assert found is not None
    assert found.cpu_seconds() == 2.5


def test_a_group_that_cannot_be_read_is_none(tmp_path: Path) -> None:
    """A namespace hides it, or the file system is not there."""
    process(tmp_path / "proc", 7, "0::/../../docker/x\n")
    assert group_of(7, tmp_path / "proc", tmp_path / "cgroup") is None
    assert group_of(8, tmp_path / "proc", tmp_path / "cgroup") is None


@pytest.mark.parametrize(
    "folder", ["/docker/buildkit/{}", "/system.slice/docker-{}.scope", "/system.slice/buildkit:{}"]
)
def test_the_groups_of_a_builder_s_steps_are_found(tmp_path: Path, folder: str) -> None:
    """Wherever the engine puts them; a container's group is none."""
    for pid, path in ((7, folder.format(STEP)), (8, folder.format(STEP)), (9, f"/docker/{CONTAINER}"), (10, "/")):
        process(tmp_path / "proc", pid, f"0::{path}\n")
        group(tmp_path / "cgroup", path.lstrip("/"), "cpu.stat", "usage_usec 0\n", [7, 8] if pid < 9 else [pid])
    found = groups_of_steps(tmp_path / "proc", tmp_path / "cgroup")
    assert list(found) == [STEP]
    assert found[STEP][0].pids() == (7, 8)


@pytest.mark.parametrize(
    ("states", "counted"),
    [("S", 1.0), ("SS", 1.0), ("SR", 0.25), ("D", 0.25), ("R", 0.25)],
    ids=["it waits", "all its threads wait", "one thread wants a CPU", "it waits for a disk", "it wants a CPU"],
)
def test_time_counts_that_a_program_ran_or_waited_of_its_own_accord(
    tmp_path: Path, states: str, counted: float
) -> None:
    """In the last second it ran for a quarter of a second."""
    usage, processes = tmp_path / "usage", tmp_path / "cgroup.procs"
    process(tmp_path, 7, "", states)
    processes.write_text("7\n")
    usage.write_text("1000\n")
    counts = GroupCounts(ControlGroup(processes, usage, 1000), tmp_path)
    usage.write_text("1250\n")
    assert counts(1.0) == counted


def test_a_group_that_is_gone_uses_no_time(tmp_path: Path) -> None:
    """What takes long then is the engine's work."""
    usage, processes = tmp_path / "usage", tmp_path / "cgroup.procs"
    usage.write_text("0\n")
    processes.write_text("")
    counts = GroupCounts(ControlGroup(processes, usage, 1000))
    assert counts(1.0) == 0.0
    usage.unlink()
    assert counts(1.0) == 0.0


@pytest.mark.parametrize(("used", "counted"), [(0.0, 1.0), (0.01, 1.0), (0.3, 0.3), (4.0, 1.0)])
def test_of_a_program_elsewhere_only_its_cpu_time_is_known(used: float, counted: float) -> None:
    """One that used next to none waits of its own accord."""
    figures = iter([5.0, 5.0 + used])
    assert UsageCounts(lambda: next(figures))(1.0) == pytest.approx(counted)
    assert UsageCounts(lambda: None)(1.0) == 1.0


def test_a_look_that_comes_late_counts_little() -> None:
    """This process had to wait, so the program probably had to, too."""
    begin = time.monotonic()
    ticks = itertools.chain([begin, begin, begin], itertools.repeat(begin + 50.0))
    clock = OwnTime(lambda elapsed: elapsed, period=0.01, now=lambda: next(ticks))
    with clock.counting():
        while not clock.seconds:
            time.sleep(0.001)
    assert clock.seconds == pytest.approx(0.02)


def test_a_machine_that_gives_a_program_no_time_is_at_fault() -> None:
    """Long before, nothing is decided."""
    now = [100.0]
    clock = OwnTime(lambda _: 0.0, now=lambda: now[0])
    now[0] += LEAST_WALL - 1
    assert not clock.is_late(5.0)
    now[0] += 2
    with pytest.raises(MachineError, match="This machine is too busy: in 61 s a program could not use the 5 s"):
        clock.is_late(5.0)
    assert wall_limit(300.0) == 1800.0


def test_time_in_which_the_engine_is_asked_does_not_count() -> None:
    """It may be slow itself."""
    clock = OwnTime(lambda elapsed: elapsed, period=0.01)
    with clock.counting():
        with clock.on_hold():
            time.sleep(0.1)
            held = clock.seconds
        while clock.seconds <= held:
            time.sleep(0.001)
    assert held <= 0.02
