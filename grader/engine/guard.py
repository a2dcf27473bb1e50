"""Ends a group of processes when the process that started it is gone, however that ended: it may have been killed.

A small shell waits at a pipe whose other end only this process has. Its `kill` is written as dash takes it, with `-s`.
"""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress

GRACE_SECONDS = 40
"""How long the group may take to end after it was interrupted; then it is killed."""
_SCRIPT = f"""\
trap '' HUP INT TERM
read -r _
kill -s INT -- "-$1"
left={GRACE_SECONDS * 5}
while [ "$left" -gt 0 ] && kill -s 0 -- "-$1"; do sleep 0.2; left=$((left - 1)); done
kill -s KILL -- "-$1"
"""


@contextmanager
def guarded(process: "subprocess.Popen[bytes]") -> Iterator[None]:
    """See to it that the process group of `process` ends if this process does not live to the end of the block."""
    guard = None
    with suppress(OSError):  # no shell: then only what can be done within this process is done
        guard = subprocess.Popen(
            ["/bin/sh", "-c", _SCRIPT, "guard", str(process.pid)],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd="/",
            start_new_session=True,
        )
    try:
        yield
    finally:
        if guard:
            guard.kill()
            guard.wait()
            if guard.stdin:
                guard.stdin.close()
