"""Probes are asked side by side: one that hangs or breaks is a finding, and the others are not held up."""

import threading
from collections.abc import Sequence

import pytest

from grader.doctor.finding import Diagnosis, Probe, State, examine, worst
from grader.errors import MachineError

FINE = Diagnosis("fine", State.OK, "as it should be")


def test_findings_come_in_the_order_of_the_probes() -> None:
    """Whoever answers first."""
    gate = threading.Event()

    def waits() -> Sequence[Diagnosis]:
        assert gate.wait(5)
        return [Diagnosis("slow", State.OK, "at last")]

    def opens() -> Sequence[Diagnosis]:
        gate.set()
        return [FINE, FINE]

    found = examine([Probe("slow", waits), Probe("fine", opens)])
    assert [finding.name for finding in found] == ["slow", "fine", "fine"]


def test_a_probe_that_hangs_is_a_finding() -> None:
    """It says for how long it was waited, and stands as the probe says it should."""
    hanging = threading.Event()
    found = examine([Probe("hangs", lambda: [FINE] if hanging.wait(30) else [], 0.05, State.FAIL), Probe("x", list)])
    hanging.set()
    assert [(finding.name, finding.state) for finding in found] == [("hangs", State.FAIL)]
    assert "no answer within" in found[0].seen


def test_what_the_kit_knows_as_an_error_has_what_happened_and_what_to_do() -> None:
    """Its line has both."""

    def fails() -> Sequence[Diagnosis]:
        raise MachineError("No engine answers at unix:///x (no file: x)", "Start it.")

    [found] = examine([Probe("engine", fails)])
    assert found == Diagnosis("engine", State.FAIL, "No engine answers at unix:///x (no file: x)", "Start it.")


def test_a_probe_that_breaks_is_no_traceback() -> None:
    """It could not look; whether grading works nobody knows from it."""
    [found] = examine([Probe("broken", lambda: [FINE][5:][0])])  # type: ignore[arg-type,return-value]
    assert found.state is State.WARN
    assert "IndexError" in found.seen


@pytest.mark.parametrize(
    ("states", "altogether"),
    [
        ([], State.OK),
        ([State.OK, State.OK], State.OK),
        ([State.OK, State.WARN], State.WARN),
        ([State.WARN, State.FAIL, State.OK], State.FAIL),
    ],
)
def test_the_worst_counts(states: list[State], altogether: State) -> None:
    """One that fails is enough."""
    assert worst([Diagnosis("x", state, "") for state in states]) is altogether
