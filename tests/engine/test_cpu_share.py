"""Which part of a CPU a program gets, from what the calculation prints."""

import pytest

from grader.engine.cpu_share import read_share


@pytest.mark.parametrize(
    ("printed", "share"),
    [
        ("100.00 102.00\n0m0.500000s 0m0.000000s\n0m0.000000s 0m0.000000s\n", 0.25),
        ("100.00 160.00\n0m58s 0m2.00s\n0m0.00s 0m0.00s\n", 1.0),
        ("100.00 100.00\n0m0.00s 0m0.00s\n0m0.00s 0m0.00s\n", 1.0),
        ("sh: not found", None),
    ],
)
def test_the_share_is_the_cpu_time_by_the_time_on_the_clock(printed: str, share: float | None) -> None:
    """Never more than one CPU."""
    assert read_share(printed) == share
