"""Which addresses the private engine's containers get: a range that nothing on this machine uses. Pure."""

import ipaddress
import sys
from collections.abc import Iterable
from ipaddress import IPv4Network

BLOCKS = tuple(
    IPv4Network(text)
    for text in (
        "10.213.96.0/22",
        "10.57.208.0/22",
        "100.103.64.0/22",
        "198.19.160.0/22",
        "172.31.96.0/22",
        "192.168.208.0/22",
    )
)
"""In order of choice. Docker and Podman do not use the first four by default."""
_BITS = 24
CANDIDATES = tuple(
    range_ for row in zip(*(block.subnets(new_prefix=_BITS) for block in BLOCKS), strict=True) for range_ in row
)
"""The first range of each block, then the second ones: every engine of a machine takes another one."""
_TOO_WIDE = 8
"""A route to more addresses than this many bits allow (a VPN's two halves of everything) does not make a range used."""


def free_range(routes: str) -> IPv4Network | None:
    """Return the first candidate that no route overlaps; None if there is none. `routes` is /proc/net/route's text."""
    used = tuple(_destinations(routes.splitlines()[1:]))
    return next((range_ for range_ in CANDIDATES if not any(range_.overlaps(network) for network in used)), None)


def _destinations(lines: Iterable[str]) -> Iterable[IPv4Network]:
    for line in lines:
        fields = line.split()
        destination, mask = (_address(fields[column]) for column in (1, 7))
        network = ipaddress.IPv4Network(f"{destination}/{mask}", strict=False)
        if network.prefixlen >= _TOO_WIDE:
            yield network


def _address(hexadecimal: str) -> ipaddress.IPv4Address:
    """The kernel prints the four bytes as one number of the machine's own byte order."""
    return ipaddress.IPv4Address(int(hexadecimal, 16).to_bytes(4, sys.byteorder))
