"""How many processes the builds and containers of a private engine may have in total: the kernel's pids controller.

Not every engine can limit a single build (Docker 20.10 ignores a build's own parent group), but the daemon's
parent group limits builds too. See https://docs.kernel.org/admin-guide/cgroup-v1/pids.html.
"""

import os
from contextlib import suppress
from pathlib import Path

from grader.engine.private.places import Places

CGROUPS = Path("/sys/fs/cgroup")
_FOR_ALL, _FOR_EACH_CPU = 1024, 128
"""A Go build has about sixty threads, and about as many builds run at once as there are CPUs."""


def make_limit(places: Places, cgroups: Path = CGROUPS) -> bool:
    """Make the parent group of this engine with its limit; return whether it exists."""
    group = _group(places, cgroups)
    try:
        if _is_unified(cgroups):
            (cgroups / "cgroup.subtree_control").write_text("+pids", encoding="ascii")
        group.mkdir(exist_ok=True)
        (group / "pids.max").write_text(str(processes_allowed()), encoding="ascii")
    except OSError:
        remove_limit(places, cgroups)
        return False
    return True


def read_limit(places: Places, cgroups: Path = CGROUPS) -> int | None:
    """Return how many processes this engine's builds and containers may have; None if nothing limits them."""
    try:
        return int((_group(places, cgroups) / "pids.max").read_text(encoding="ascii"))
    except (OSError, ValueError):
        return None


def remove_limit(places: Places, cgroups: Path = CGROUPS) -> None:
    """Remove the group, and those of the same name that containers have under the other controllers."""
    hierarchies = [cgroups] if _is_unified(cgroups) else [path for path in cgroups.glob("*") if not path.is_symlink()]
    for hierarchy in hierarchies:
        for folder, _, _ in os.walk(hierarchy / places.name, topdown=False):
            with suppress(OSError):
                Path(folder).rmdir()


def processes_allowed() -> int:
    """Return the limit for a machine of this size."""
    return _FOR_ALL + _FOR_EACH_CPU * (os.cpu_count() or 1)


def _group(places: Places, cgroups: Path) -> Path:
    return (cgroups if _is_unified(cgroups) else cgroups / "pids") / places.name


def _is_unified(cgroups: Path) -> bool:
    return (cgroups / "cgroup.controllers").exists()
