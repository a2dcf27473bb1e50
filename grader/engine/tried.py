"""What an engine can do for a container of ours, found out with one: reach its ports, list its processes.

A port cannot be reached if the engine's socket was brought into another network, as into a container or a network
namespace: then no program would ever seem to answer, however right it is.
"""

import os
import socket
import struct
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, suppress

from grader.engine.container import Container
from grader.engine.labels import run_labels
from grader.engine.model import RunRequest
from grader.engine.silence import NoAnswer
from grader.errors import MachineError

_CREDENTIALS = struct.Struct("3i")
"""`struct ucred`: process, user, group (unix(7))."""
SERVES = "while :; do printf 'HTTP/1.0 200 OK\\r\\nContent-Length: 2\\r\\n\\r\\nok' | nc -l -p 8080; done"
"""A program for a shell with BusyBox's nc that answers on port 8080."""
_HAVE_NC = ("busybox", "alpine")
_SECONDS = 2.0
_TRIED = 3

Start = Callable[[RunRequest], AbstractContextManager[Container]]


def reaches_ports(host: str, references: Sequence[str], start: Start) -> bool | None:
    """Return whether a published port of the engine at `host` can be reached from here; None if it cannot be tried.

    `references` are the engine's images. Where nothing can be seen, a container of one with a small server answers, or
    does not.
    """
    for reference in images_with_nc(references)[:_TRIED]:
        request = RunRequest(
            reference, port=8080, entrypoint=("sh", "-c", SERVES), arguments=(), labels=run_labels("ports")
        )
        with start(request) as container:
            exchange = container.get("/")
        if exchange.status is not None:
            return True
        if isinstance(exchange.silence, NoAnswer):
            return False
    return shares_network(host)


def lists_processes(references: Sequence[str], start: Start) -> bool | None:
    """Return whether the users of a container's processes can be seen; None if there is no image to try it with."""
    for reference in images_with_nc(references)[:1]:
        request = RunRequest(
            reference, entrypoint=("sleep", "60"), arguments=(), networked=False, labels=run_labels("processes")
        )
        try:
            with start(request) as container:
                return bool(container.user_ids()) or None
        except MachineError:
            return False
    return None


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
