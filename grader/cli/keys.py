"""Single keys from the terminal, without Enter and without echo, and the terminal given back as it was.

Where standard input is no terminal, or this process is not in its foreground, there are no keys. What they mean is
for the command.
"""

import os
import re
import select
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from threading import Thread
from typing import Any

_SEQUENCE = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|O.|.)?", re.DOTALL)
"""What arrow keys and the like send (ECMA-48, 5.4)."""


def has_keys() -> bool:
    """Whether keys can be read: a process in the background would be stopped for trying."""
    with suppress(ImportError, OSError, ValueError):
        import termios

        descriptor = sys.stdin.fileno()
        with suppress(termios.error):
            termios.tcgetattr(descriptor)
            return os.tcgetpgrp(descriptor) == os.getpgrp()
    return False


@contextmanager
def keys(put: Callable[[str], None]) -> Iterator[None]:
    """Hand each key to `put`, in another thread, while the context lasts."""
    if not has_keys():
        yield
        return
    import signal
    import termios
    import tty

    descriptor = sys.stdin.fileno()
    before = termios.tcgetattr(descriptor)
    woken, wake = os.pipe()
    reader = Thread(target=_read, args=(descriptor, woken, put), name="keys")

    def take_terminal(*_: Any) -> None:
        with suppress(termios.error):
            tty.setcbreak(descriptor, termios.TCSANOW)

    resumed = signal.signal(signal.SIGCONT, take_terminal)
    try:
        take_terminal()
        reader.start()
        yield
    finally:
        os.close(wake)
        reader.join()
        os.close(woken)
        signal.signal(signal.SIGCONT, resumed)
        with suppress(termios.error):
            termios.tcsetattr(descriptor, termios.TCSADRAIN, before)


def _read(descriptor: int, woken: int, put: Callable[[str], None]) -> None:
    """Read until the pipe is closed at its other end or the terminal is gone; arrow keys and the like are no keys."""
    while True:
        ready, _, _ = select.select([descriptor, woken], [], [])
        if woken in ready:
            return
        try:
            read = os.read(descriptor, 64)
        except OSError:
            return
        if not read:
            return
        for key in _SEQUENCE.sub("", read.decode("utf-8", "replace")):
            put(key)
