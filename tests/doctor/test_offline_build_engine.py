"""The doctor's own build, on a real engine: it proves that the network is off, and leaves nothing behind."""

from collections.abc import Iterator

import pytest

from grader.doctor.finding import State
from grader.doctor.offline_build import judge_disk, judge_network, offline_build
from grader.engine.client import Engine
from grader.engine.connection import connect

pytestmark = pytest.mark.engine

HEADING = "Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT\n"


@pytest.fixture
def engine() -> Iterator[Engine]:
    """The engine that the environment names, or the first that answers."""
    found = connect()
    yield found
    found.close()


def test_a_build_without_a_network_is_proved(engine: Engine) -> None:
    """By a step that looks for a way out and finds none."""
    found = offline_build(engine, ["alpine:latest"])
    assert [(finding.name, finding.state) for finding in found][:1] == [("network", State.OK)]
    assert not [name for name in engine.image_references() if name.startswith("workshop/doctor:")]


def test_a_way_out_is_no_grading() -> None:
    """The step saw an interface with a route."""
    found = judge_network(f"{HEADING}eth0\t00000000\t010011AC\t0003\t0\t0\t0\t00000000\t0\t0\t0\n", 1.0)
    assert found.state is State.FAIL
    assert "eth0" in found.seen
    assert judge_network(HEADING, 1.0).state is State.OK
    assert judge_network("", 1.0).state is State.WARN


def test_an_engine_elsewhere_tells_its_room_through_the_build() -> None:
    """As `df` prints it, in kilobytes."""
    table = "Filesystem 1024-blocks Used Available Capacity Mounted on\noverlay 61255492 900000 800000 99% /\n"
    [found] = judge_disk(table)
    assert found.state is State.FAIL
    assert found.seen == "0.8 GB free at the engine's machine"
    assert judge_disk("df: not found\n") == []
    assert judge_disk("") == []
