"""A clock that counts only the time that a program takes itself, so that a busy machine makes nobody late.

What counts is the time in which the program ran, and the time in which it waited of its own accord: for a request, a
timer, an input. What does not count is the time in which it waited for a CPU or a disk, because other programs had
them. On a machine that has nothing else to do, this clock goes as fast as any other.

A program that uses its time up is late. A program that cannot use it up in `WALL_FACTOR` times that time on the wall
clock is not: then the machine is too busy, and that is a `MachineError`.
"""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from grader.engine.control_groups import PROC, ControlGroup
from grader.errors import MachineError

WALL_FACTOR = 6
LEAST_WALL = 60.0
"""Seconds on the wall clock that any program gets, however short its own time is."""
PERIOD = 0.1
"""Seconds between two looks at the processes of this machine."""
IDLE = 0.02
"""A program that used less than this part of a CPU waits of its own accord, if nothing more is known about it."""


class Counts(Protocol):
    """Returns how many of the last `elapsed` seconds count as a program's own."""

    def __call__(self, elapsed: float) -> float:
        """Seconds, from 0 to `elapsed`."""
        ...


class GroupCounts:
    """What counts for the processes of a control group of this machine."""

    def __init__(self, group: ControlGroup, proc: Path = PROC) -> None:
        self._group = group
        self._proc = proc
        self._used = group.cpu_seconds() or 0.0

    def __call__(self, elapsed: float) -> float:
        """See `Counts`; a group that is gone uses no time: what takes long then is the engine's work."""
        used = self._group.cpu_seconds()
        if used is None or not self._group.pids():
            return 0.0
        ran, self._used = used - self._used, used
        return min(ran, elapsed) if self._group.wants(self._proc) else elapsed


class UsageCounts:
    """What counts for a program of which an engine elsewhere reports only the CPU seconds it has used."""

    def __init__(self, cpu_seconds: Callable[[], float | None]) -> None:
        self._cpu_seconds = cpu_seconds
        self._used = cpu_seconds()

    def __call__(self, elapsed: float) -> float:
        """See `Counts`."""
        used = self._cpu_seconds()
        if used is None or self._used is None:
            return elapsed
        ran, self._used = used - self._used, used
        return elapsed if ran < IDLE * elapsed else min(ran, elapsed)


class OwnTime:
    """Counts in a thread of its own, inside a `counting` block."""

    def __init__(self, counts: Counts, period: float = PERIOD, now: Callable[[], float] = time.monotonic) -> None:
        self._counts = counts
        self._period = period
        self._now = now
        self._began = now()
        self._counted = 0.0
        self._held = False
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._work, name="own-time", daemon=True)

    @contextmanager
    def counting(self) -> Iterator["OwnTime"]:
        """Count until the end of the block."""
        self._began = self._now()
        self._thread.start()
        try:
            yield self
        finally:
            self._stop.set()
            self._thread.join()

    @contextmanager
    def on_hold(self) -> Iterator[None]:
        """Count nothing until the end of the block: the engine is asked, and may be slow itself."""
        self._held = True
        try:
            yield
        finally:
            self._held = False

    @property
    def seconds(self) -> float:
        """The seconds that have counted so far."""
        return self._counted

    def is_late(self, limit: float, since: float = 0.0) -> bool:
        """Whether the program has used `limit` seconds since this clock showed `since`.

        Raises:
            MachineError: it used less, but so much time has passed that it never will.

        """
        if self._counted - since >= limit:
            return True
        if self.is_hopeless(limit):
            raise too_busy(limit, self._now() - self._began)
        return False

    def is_hopeless(self, limit: float) -> bool:
        """Whether more time has passed on the wall clock than a program with this `limit` may take."""
        return self._now() - self._began > wall_limit(limit)

    def _work(self) -> None:
        last = self._now()
        while not self._stop.wait(self._period):
            now = self._now()
            # A look that comes late means that this process had to wait for a CPU, so the program probably had to, too.
            elapsed, last = min(now - last, 2 * self._period), now
            counted = self._counts(elapsed)
            self._counted += 0.0 if self._held else counted


def wall_limit(limit: float) -> float:
    """Return the seconds on the wall clock after which the machine is at fault."""
    return max(LEAST_WALL, WALL_FACTOR * limit)


def too_busy(limit: float, wall: float) -> MachineError:
    """Say that a program could not use its time up."""
    return MachineError(
        f"This machine is too busy: in {wall:.0f} s a program could not use the {limit:.0f} s that it may take",
        "Grade again when fewer other programs run.",
    )
