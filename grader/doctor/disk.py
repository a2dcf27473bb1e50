"""How much room there is: for the engine's images, and for builds' folders on this machine. Frees nothing."""

import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path

from grader.doctor.finding import Diagnosis, State
from grader.engine.condition import Condition

FAIL_BELOW = 1_000_000_000
"""Bytes below which a build of a Go program may find the disk full."""
WARN_BELOW = 5_000_000_000
"""All base images take 1.1 GB as stand-ins, the real ones twice that, and the build cache as much again."""
OWN_FAIL_BELOW = 100_000_000
"""For copies of exercises and logs."""
_FREE_ENGINE = "Free some: `docker system prune`, or `docker builder prune` for the build cache alone."


def engine_disk(condition: Condition) -> Sequence[Diagnosis]:
    """Look at the engine's data, if it is on this machine; elsewhere a build has to look (see `offline_build`)."""
    root = condition.data_root
    return [room_for_engine(shutil.disk_usage(root).free, str(root))] if root else []


def room_for_engine(free: int, where: str) -> Diagnosis:
    """Judge the engine's free bytes."""
    seen = f"{free / 1e9:.1f} GB free at {where}"
    if free >= WARN_BELOW:
        return Diagnosis("engine's disk", State.OK, seen)
    return Diagnosis("engine's disk", State.FAIL if free < FAIL_BELOW else State.WARN, seen, _FREE_ENGINE)


def own_disk(workspace: Path) -> Diagnosis:
    """Look at the folders in which the workshop itself writes."""
    places = dict.fromkeys((workspace, Path(tempfile.gettempdir())))
    free = {place: shutil.disk_usage(place).free for place in places}
    place = min(free, key=lambda place: free[place])
    seen = f"{free[place] / 1e9:.1f} GB free at {place}"
    if free[place] >= OWN_FAIL_BELOW:
        return Diagnosis("disk", State.OK, seen)
    return Diagnosis("disk", State.FAIL, seen, "Delete what you do not need, or set TMPDIR to a folder with more room.")
