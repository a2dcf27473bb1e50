"""Where a container's processes listen, read from the host's /proc (proc_pid_net(5)). Empty where the host has none."""

from dataclasses import dataclass
from pathlib import Path

LISTEN = "0A"
"""TCP_LISTEN in the `st` column."""


@dataclass(frozen=True, slots=True)
class Listener:
    """One listening TCP socket."""

    port: int
    is_loopback: bool


def listeners(pid: int, container_id: str, proc: Path = Path("/proc")) -> tuple[Listener, ...]:
    """Return the TCP sockets that listen in the network namespace of process `pid`.

    `pid` is what the engine says; where the engine runs in a virtual machine it names another process here, or none,
    so it is only believed if its control group is named after the container.
    """
    if pid <= 0 or not _belongs_to(proc / str(pid), container_id):
        return ()
    found = []
    for name in ("tcp", "tcp6"):
        try:
            lines = (proc / str(pid) / "net" / name).read_text().splitlines()[1:]
        except OSError:
            continue
        found += [listener for line in lines if (listener := _listener(line.split())) is not None]
    return tuple(found)


def _belongs_to(process: Path, container_id: str) -> bool:
    try:
        return container_id in (process / "cgroup").read_text()
    except OSError:
        return False


def _listener(columns: list[str]) -> Listener | None:
    if len(columns) < 4 or columns[3] != LISTEN:  # noqa: PLR2004 - sl, local_address, rem_address, st
        return None
    address, _, port = columns[1].partition(":")
    return Listener(int(port, 16), _is_loopback(address))


def _is_loopback(address: str) -> bool:
    """Addresses are hexadecimal, in words of the host's byte order: 127.0.0.1 is 0100007F on little endian."""
    ipv6_loopback = ("00000000000000000000000001000000", "00000000000000000000000000000001")
    if len(address) == 8:  # noqa: PLR2004 - IPv4
        return address.startswith("7F") or address.endswith("7F")
    return address in ipv6_loopback or address.endswith("FFFF00000100007F")
