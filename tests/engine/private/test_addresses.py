"""The private engine's address range: it is one that no route of the machine leads into."""

import sys
from ipaddress import IPv4Network

from grader.engine.private.addresses import CANDIDATES, free_range

TITLE = "Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT\n"


def route(network: str) -> str:
    """A line of /proc/net/route that leads to `network`."""
    destination, mask = IPv4Network(network).network_address, IPv4Network(network).netmask
    numbers = [f"{int.from_bytes(address.packed, sys.byteorder):08X}" for address in (destination, mask)]
    return f"eth0\t{numbers[0]}\t00000000\t0001\t0\t0\t0\t{numbers[1]}\t0\t0\t0\n"


def test_the_first_is_taken_where_nothing_is_in_the_way() -> None:
    """A default route and other networks do not matter."""
    assert free_range(TITLE + route("0.0.0.0/0") + route("172.17.0.0/16")) == CANDIDATES[0]


def test_one_that_is_inside_of_a_route_is_passed_over() -> None:
    """The network of a complete company is one route."""
    assert free_range(TITLE + route("10.0.0.0/8")) == CANDIDATES[2]


def test_one_that_holds_a_route_is_passed_over() -> None:
    """A single host in the range is enough."""
    assert free_range(TITLE + route("10.213.96.7/32")) == CANDIDATES[1]


def test_a_vpn_that_takes_everything_takes_no_range() -> None:
    """Its two halves of the address space count like a default route."""
    assert free_range(TITLE + route("0.0.0.0/1") + route("128.0.0.0/1")) == CANDIDATES[0]


def test_a_seventh_engine_finds_a_range_beside_the_ranges_of_six() -> None:
    """Each engine's bridge is a route of the machine."""
    taken: list[IPv4Network] = []
    for _ in range(8):
        found = free_range(TITLE + "".join(route(str(network)) for network in taken))
        assert found is not None
        taken.append(found)
    assert len(set(taken)) == 8


def test_there_may_be_none() -> None:
    """Then nothing is returned."""
    assert free_range(TITLE + "".join(route(str(candidate)) for candidate in CANDIDATES)) is None


def test_no_candidate_overlaps_another() -> None:
    """Each is a real alternative."""
    pairs = [(one, other) for one in CANDIDATES for other in CANDIDATES if one != other]
    assert not [pair for pair in pairs if pair[0].overlaps(pair[1])]
