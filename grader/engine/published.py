"""Whether a port that the engine publishes can be reached from here.

It cannot if the engine's socket was brought into another network, as into a container or a network namespace: then no
program would ever seem to answer, however right it is.
"""

import os
import socket
import struct
from collections.abc import Sequence
from contextlib import suppress

_CREDENTIALS = struct.Struct("3i")
"""`struct ucred`: process, user, group (unix(7))."""
SERVES = "while :; do printf 'HTTP/1.0 200 OK\\r\\nContent-Length: 2\\r\\n\\r\\nok' | nc -l -p 8080; done"
"""A program for a shell with BusyBox's nc that answers on port 8080."""
_HAVE_NC = ("busybox", "alpine")
_SECONDS = 2.0


def shares_network(host: str) -> bool | None:
    """Return whether the engine at `host` has this process's network; None if that cannot be seen."""
    here = _network("self")
    if not host.startswith("unix://") or here is None or not hasattr(socket, "SO_PEERCRED"):
        return None
    with suppress(OSError), socket.socket(socket.AF_UNIX) as asked:
        asked.settimeout(_SECONDS)
        asked.connect(host.removeprefix("unix://"))
        pid, _, _ = _CREDENTIALS.unpack(asked.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, _CREDENTIALS.size))
        there = _network(str(pid)) if pid > 0 else None
        return None if there is None else here == there
    return None


def images_with_nc(references: Sequence[str]) -> tuple[str, ...]:
    """Return which of these images likely have a shell with BusyBox's nc: those named after what brings it."""
    return tuple(reference for reference in references if any(name in reference for name in _HAVE_NC))


def _network(process: str) -> str | None:
    try:
        return os.readlink(f"/proc/{process}/ns/net")  # noqa: PTH115 - it is no path
    except OSError:
        return None
