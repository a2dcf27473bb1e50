"""Runs `workshop watch` as a learner does, on a terminal or without one, and waits for what it shows."""

import os
import pty
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from tests.cli.running import ARGUMENTS, environment

DEADLINE = 90
END_DEADLINE = 60


class Watched:
    """A `watch` that runs. `wait_for` reads on from where the last call stopped."""

    def __init__(self, process: "subprocess.Popen[bytes]", output: int, keys: int | None) -> None:
        self.process = process
        self._output = output
        self._keys = keys
        self._unread = b""
        self.seen = b""

    def wait_for(self, text: str) -> str:
        """Read until `text` is shown, and return what was shown up to its end."""
        wanted = text.encode()
        until = time.monotonic() + DEADLINE
        while wanted not in self._unread:
            left = until - time.monotonic()
            assert left > 0, f"never shown: {text!r}; seen: {self._unread.decode(errors='replace')}"
            assert self._read(left), f"ended without {text!r}: {self._unread.decode(errors='replace')}"
        shown, found, self._unread = self._unread.partition(wanted)
        return (shown + found).decode(errors="replace")

    def press(self, key: str) -> None:
        """Press a key."""
        assert self._keys is not None
        os.write(self._keys, key.encode())

    def end(self, how: int = signal.SIGINT) -> int:
        """Send it a signal and return its exit code."""
        self.process.send_signal(how)
        return self.exit_code()

    def exit_code(self) -> int:
        """Read to its end and return its exit code."""
        until = time.monotonic() + END_DEADLINE
        while self._read(max(0.0, until - time.monotonic())):
            assert time.monotonic() < until, "it does not end"
        return self.process.wait(END_DEADLINE)

    def _read(self, seconds: float) -> bool:
        """Take what comes within so many seconds; return whether more can come."""
        ready, _, _ = select.select([self._output], [], [], seconds)
        if not ready:
            return True
        try:
            data = os.read(self._output, 65536)
        except OSError:  # the terminal's other end is closed
            return False
        self._unread += data
        self.seen += data
        return bool(data)


@contextmanager
def watching(*arguments: str, cwd: Path, env: Mapping[str, str] | None = None, on_terminal: bool) -> Iterator[Watched]:
    """Start `workshop watch ARGUMENTS` in `cwd`; whatever happens, it has ended afterwards."""
    if on_terminal:
        near, far = pty.openpty()
        ends = {"stdin": far, "stdout": far, "stderr": far, "start_new_session": True}
        command = [sys.executable, "-c", _ON_TERMINAL, *ARGUMENTS[1:], "watch", *arguments]
    else:
        near, far = os.pipe()
        ends = {"stdin": subprocess.DEVNULL, "stdout": far, "stderr": far}
        command = [*ARGUMENTS, "watch", *arguments]
    more = {"TERM": "xterm", "COLUMNS": "100", **(env or {})}
    process = subprocess.Popen(command, cwd=cwd, env=environment(more), **ends)  # type: ignore[call-overload]
    os.close(far)
    try:
        yield Watched(process, near, near if on_terminal else None)
    finally:
        with suppress(ProcessLookupError):
            process.kill()
        process.wait()
        os.close(near)


_ON_TERMINAL = """
import fcntl, os, sys, termios
fcntl.ioctl(0, termios.TIOCSCTTY, 0)  # the terminal is this session's: Ctrl-C and a hang-up come from it
os.execv(sys.executable, [sys.executable, *sys.argv[1:]])
"""
