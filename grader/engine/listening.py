"""Where a container's processes listen, read from the host's /proc (proc_pid_net(5)), if the host can see them."""

import sys
from contextlib import suppress
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address
from pathlib import Path

LISTEN = "0A"
"""TCP_LISTEN in the `st` column."""


@dataclass(frozen=True, slots=True)
class Listener:
    """One listening TCP socket."""

    port: int
    is_loopback: bool


def listeners(pid: int, container_id: str, proc: Path = Path("/proc")) -> tuple[Listener, ...] | None:
    """Return the TCP sockets that listen in the network namespace of process `pid`; None if the host cannot see them.

    `pid` is what the engine reports. If the engine runs in a virtual machine, `pid` is another process here, or none.
    So it is only believed if its control group is named after the container.
    """
    if pid <= 0 or not belongs_to(pid, container_id, proc):
        return None
    found = []
    for name in ("tcp", "tcp6"):
        try:
            lines = (proc / str(pid) / "net" / name).read_text().splitlines()[1:]
        except OSError:
            continue
        found += [listener for line in lines if (listener := _listener(line.split())) is not None]
    return tuple(found)


def user_ids(container_id: str, proc: Path = Path("/proc")) -> tuple[str, ...]:
    """Return the effective user of each process of the container; none if the host cannot see its processes."""
    found = []
    for process in proc.glob("[0-9]*"):
        if process.name.isdigit() and belongs_to(int(process.name), container_id, proc):
            with suppress(OSError):
                lines = (process / "status").read_text(errors="replace").splitlines()
                found += [line.split()[2] for line in lines if line.startswith("Uid:")]
    return tuple(found)


def belongs_to(pid: int, container_id: str, proc: Path = Path("/proc")) -> bool:
    """Whether process `pid` of this machine is one of the container."""
    try:
        return container_id in (proc / str(pid) / "cgroup").read_text()
    except OSError:
        return False


def _listener(columns: list[str]) -> Listener | None:
    if len(columns) < 4 or columns[3] != LISTEN:  # noqa: PLR2004 - sl, local_address, rem_address, st
        return None
    address, _, port = columns[1].partition(":")
    return Listener(int(port, 16), _is_loopback(address))


def _is_loopback(address: str) -> bool:
    """Whether an address is the namespace's own: hexadecimal words of 32 bits in this machine's byte order."""
    words = [int(address[at : at + 8], 16) for at in range(0, len(address), 8)]
    found = ip_address(b"".join(word.to_bytes(4, sys.byteorder) for word in words))
    mapped = found.ipv4_mapped if isinstance(found, IPv6Address) else None
    return (mapped or found).is_loopback
