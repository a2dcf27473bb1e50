"""Measures which part of a CPU a program gets on an engine's machine: a short calculation in a container of its own.

It is asked where the processes of a build cannot be seen: the engine runs in a virtual machine, or on another one.
"""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager, suppress

from grader.engine.container import Container
from grader.engine.model import BuildRequest, RunRequest
from grader.errors import MachineError

SCRIPT = (
    "read begin rest </proc/uptime; i=0; while [ $i -lt 300000 ]; do i=$((i+1)); done; "
    "read end rest </proc/uptime; echo $begin $end; times"
)
"""Prints when the calculation began and ended, in seconds, and then the CPU time it used, as POSIX's `times` does."""
SECONDS = 60.0
"""How much time the calculation may use itself."""
_PRINTED = re.compile(
    r"(?P<begin>[\d.]+) (?P<end>[\d.]+)\s+"
    r"(?P<user_m>\d+)m(?P<user>[\d.]+)s (?P<system_m>\d+)m(?P<system>[\d.]+)s"
)


def measured_share(run: Callable[[RunRequest], AbstractContextManager[Container]], build: BuildRequest) -> float | None:
    """Return which part of a CPU a program gets now, from 0 to 1; None if no image of `build` has a shell."""
    for image in build.bases:
        request = RunRequest(image, entrypoint=("sh", "-c", SCRIPT), networked=False, labels=build.labels)
        with suppress(MachineError), run(request) as container:
            share = read_share(container.wait(SECONDS).log)
            if share is not None:
                return share
    return None


def read_share(printed: str) -> float | None:
    """Return the part of a CPU, from 0 to 1, out of what `SCRIPT` printed; None if it did not run to its end."""
    match = _PRINTED.search(printed)
    if match is None:
        return None
    used = 60 * (int(match["user_m"]) + int(match["system_m"])) + float(match["user"]) + float(match["system"])
    wall = float(match["end"]) - float(match["begin"])
    return min(1.0, used / wall) if wall > 0 else 1.0
