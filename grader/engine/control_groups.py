"""What the processes of one control group use and wait for, read from this machine's /proc and /sys/fs/cgroup.

An engine gives each container and each RUN of a build its own control group. Both cgroup versions are read, see
https://docs.kernel.org/admin-guide/cgroup-v2.html and https://docs.kernel.org/admin-guide/cgroup-v1/cpuacct.html.
Nothing can be read if the engine runs on another machine or in a virtual one.
"""

import os
import re
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

PROC = Path("/proc")
CGROUPS = Path("/sys/fs/cgroup")
_STEP = re.compile(r":/(?:.*/)?(?:[^/]*[-:])?(?P<id>[a-z0-9]{25})(?:\.scope)?$", re.MULTILINE)
"""BuildKit names a step's group by a random identifier; those of containers are longer."""
_STATE, _START = 0, 19
"""Columns of /proc/PID/stat after the name, see proc_pid_stat(5)."""
_WANTING = ("R", "D")
"""States of a thread that waits for a CPU or has one, or that waits for a disk."""


@dataclass(frozen=True, slots=True)
class ControlGroup:
    """A group of processes. `usage` is the file with its CPU time, `per_second` that file's units in a second."""

    processes: Path
    usage: Path
    per_second: float

    def pids(self) -> tuple[int, ...]:
        """Return its processes; none if it is gone."""
        try:
            return tuple(int(word) for word in self.processes.read_text(encoding="ascii").split())
        except (OSError, ValueError):
            return ()

    def cpu_seconds(self) -> float | None:
        """Return the CPU time that it has used since it was made; None if it is gone."""
        try:
            text = self.usage.read_text(encoding="ascii")
            return int(text.removeprefix("usage_usec").split()[0]) / self.per_second
        except (OSError, ValueError, IndexError):
            return None

    def wants(self, proc: Path = PROC) -> bool:
        """Whether one of its threads runs, waits for a CPU, or waits for a disk: it does not wait of its own accord."""
        return any(state in _WANTING for pid in self.pids() for state in _states(proc / str(pid)))


def group_of(pid: int, proc: Path = PROC, cgroups: Path = CGROUPS) -> ControlGroup | None:
    """Return the control group of process `pid`; None if it cannot be read."""
    for line in _lines(proc / str(pid)):
        _, _, rest = line.partition(":")
        controllers, _, path = rest.partition(":")
        if controllers == "":
            folder, name, per_second = cgroups / path.lstrip("/"), "cpu.stat", 1e6
        elif "cpuacct" in controllers.split(","):
            folder, name, per_second = cgroups / controllers / path.lstrip("/"), "cpuacct.usage", 1e9
        else:
            continue
        found = ControlGroup(folder / "cgroup.procs", folder / name, per_second)
        if found.cpu_seconds() is not None and pid in found.pids():
            return found
    return None


def groups_of_steps(proc: Path = PROC, cgroups: Path = CGROUPS) -> dict[str, tuple[ControlGroup, float]]:
    """Return the groups of all steps that any builder of this machine runs now, by BuildKit's identifiers.

    The second part is when its oldest process began, as `time.monotonic` counts.
    """
    found: dict[str, tuple[ControlGroup, float]] = {}
    for pid in process_ids(proc):
        match = _STEP.search("\n".join(_lines(proc / str(pid))))
        began = _began(proc / str(pid)) if match else None
        if match is None or began is None:
            continue
        name = match["id"]
        known = found.get(name)
        group = known[0] if known else group_of(pid, proc, cgroups)
        if group:
            found[name] = group, min(began, known[1]) if known else began
    return found


def process_ids(proc: Path = PROC) -> Iterator[int]:
    """Return the processes of this machine; one may end at any moment."""
    return (int(name) for name in os.listdir(proc) if name.isdigit())  # noqa: PTH208 - names are all it needs


def _lines(process: Path) -> list[str]:
    try:
        return (process / "cgroup").read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return []


def _states(process: Path) -> Iterator[str]:
    """The states of its threads: the process's own state is only that of its first thread."""
    with suppress(OSError):
        for thread in (process / "task").iterdir():
            columns = _columns(thread)
            if columns:
                yield columns[_STATE]


def _began(process: Path) -> float | None:
    columns = _columns(process)
    if len(columns) <= _START:
        return None
    age = time.clock_gettime(time.CLOCK_BOOTTIME) - int(columns[_START]) / os.sysconf("SC_CLK_TCK")
    return time.monotonic() - age


def _columns(process: Path) -> list[str]:
    """The columns of `stat` after the program's name, which may contain blanks and brackets."""
    try:
        return (process / "stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
    except OSError:
        return []
