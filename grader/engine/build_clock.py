"""Counts a build's own time: that of its RUN steps. What the engine does itself (copying, storing) is counted apart.

Each RUN has a control group of its own, but nothing says which build it belongs to. All groups that began about when
the step began are looked at, and the one for which least time counts decides: no build is late because of another's.
"""

import time
from collections.abc import Callable, Mapping
from typing import NamedTuple

from grader.engine.control_groups import ControlGroup, groups_of_steps
from grader.engine.own_time import GroupCounts, wall_limit
from grader.engine.progress import BuildProgress, Vertex

PERIOD = 1.0
"""Seconds between two looks."""
QUIET = 5.0
"""Seconds at a build's beginning in which all time counts and nobody looks: most builds end before."""
EARLY, LATE = 30.0, 90.0
"""Seconds by which a step's processes may begin before it is reported, and after."""
UNSEEN = 10.0
"""Seconds after which a RUN whose processes never appeared is one that cannot be seen from here."""
SHARE_PERIOD = 30.0
"""Seconds for which a measured share of the CPUs is believed."""

Groups = Callable[[], Mapping[str, tuple[ControlGroup, float]]]


class _Counted(NamedTuple):
    counts: GroupCounts
    began: float
    seconds: float


class BuildClock:
    """The time of one build. `share` measures which part of a CPU a program gets; None if that cannot be measured."""

    def __init__(
        self,
        progress: BuildProgress,
        share: Callable[[], float | None],
        groups: Groups = groups_of_steps,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self.own = 0.0
        """Seconds that count for the build."""
        self.engines = 0.0
        """Seconds in which no RUN was running."""
        self._progress = progress
        self._share = share
        self._groups = groups
        self._now = now
        self._began = self._last = now()
        self._known: dict[str, _Counted] = {}
        self._has_seen = False
        self._measured: tuple[float, float | None] | None = None

    @property
    def wall(self) -> float:
        """Seconds since the build began."""
        return self._now() - self._began

    def look(self) -> None:
        """Count the time since the last look, if that was not a moment ago."""
        now = self._now()
        elapsed = now - self._last
        if elapsed < PERIOD:
            return
        self._last = now
        # A look that comes late means that this process had to wait for a CPU, so the build probably had to, too.
        elapsed = min(elapsed, 2 * PERIOD)
        steps = [vertex for vertex in self._progress.begun if not vertex.ended and _is_run(vertex)]
        if not steps:
            self.engines += elapsed
        elif now - self._began < QUIET:
            self.own += elapsed
        else:
            self._count_groups(elapsed)
            self.own += min(elapsed, max(self._of_step(vertex, elapsed, now) for vertex in steps))

    def is_late(self, limit: float) -> bool:
        """Whether the build's own steps have used `limit` seconds."""
        return self.own >= limit

    def is_hopeless(self, limit: float) -> bool:
        """Whether the engine's own work, or everything together, takes so long that the machine is at fault."""
        return self.engines >= limit or self.wall > wall_limit(limit)

    def _count_groups(self, elapsed: float) -> None:
        """Count for each group that exists now how much of `elapsed` it used."""
        known = {}
        for name, (group, began) in self._groups().items():
            before = self._known.get(name) or _Counted(GroupCounts(group), began, 0.0)
            known[name] = before._replace(seconds=before.counts(elapsed))
        self._known = known

    def _of_step(self, vertex: Vertex, elapsed: float, now: float) -> float:
        found = [group.seconds for group in self._known.values() if -EARLY <= group.began - vertex.began_at <= LATE]
        if found:
            self._has_seen = True
            return min(found)
        if self._has_seen or now - vertex.began_at < UNSEEN:
            return 0.0  # its processes did not begin yet, or ended just now
        return elapsed * (self._share_now(now) or 0.0)

    def _share_now(self, now: float) -> float | None:
        if self._measured is None or now - self._measured[0] > SHARE_PERIOD:
            self._measured = now, self._share()
            self._last = self._now()  # what the measurement took is nobody's
        return self._measured[1]


def _is_run(vertex: Vertex) -> bool:
    step = vertex.step()
    return step is not None and step.instruction.upper().startswith("RUN")
