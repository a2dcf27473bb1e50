"""Keeps the machine busy: endless loops, several for each CPU, as programs of this machine or in containers."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager

from grader.engine.container import Container

LOOPS_FOR_EACH_CPU = 4
Start = Callable[..., AbstractContextManager[Container]]
BURN = (
    'burn() { while read -r line </proc/$$/stat; set -- $line; [ "$((${14} + ${15}))" -lt "$until" ]; do :; done; }; '
    "read -r line </proc/$$/stat; set -- $line; until=$((${14} + ${15} + TICKS)); burn"
)
"""A shell script that uses CPU time: TICKS stands for hundredths of a second."""


def burning(seconds: float) -> str:
    """Return a shell script that uses `seconds` of CPU time, however long this takes."""
    return BURN.replace("TICKS", str(round(seconds * os.sysconf("SC_CLK_TCK"))))


@contextmanager
def busy_engine(start: Start) -> Iterator[None]:
    """Run the loops in containers until the end of the block: each gets as much of the CPUs as any other container."""
    with ExitStack() as stack:
        for _ in range(LOOPS_FOR_EACH_CPU * (os.cpu_count() or 1)):
            stack.enter_context(start("while :; do :; done", port=None))
        yield


@contextmanager
def busy_machine() -> Iterator[None]:
    """Run the loops until the end of the block."""
    count = LOOPS_FOR_EACH_CPU * (os.cpu_count() or 1)
    loops = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(count)]
    try:
        yield
    finally:
        for loop in loops:
            loop.kill()
        for loop in loops:
            loop.wait()
