"""Keeps the machine busy: endless loops, several for each CPU."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

LOOPS_FOR_EACH_CPU = 4
BURN = (
    'burn() { while read -r line </proc/$$/stat; set -- $line; [ "$((${14} + ${15}))" -lt "$until" ]; do :; done; }; '
    "read -r line </proc/$$/stat; set -- $line; until=$((${14} + ${15} + TICKS)); burn"
)
"""A shell script that uses CPU time: TICKS stands for hundredths of a second."""


def burning(seconds: float) -> str:
    """Return a shell script that uses `seconds` of CPU time, however long this takes."""
    return BURN.replace("TICKS", str(round(seconds * os.sysconf("SC_CLK_TCK"))))


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
