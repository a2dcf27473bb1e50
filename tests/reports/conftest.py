"""Golden files: what each report makes of each sample verdict, word for word.

`golden/<case>/verdict.json` is the sample, itself a golden file of the JSON report; its neighbours are what the other
reports show of it. After a wanted change run `pytest tests/reports --update-golden` and read the difference.
"""

from collections.abc import Callable
from pathlib import Path

import pytest

from grader.reports import json_report
from grader.verdict import Verdict

GOLDEN = Path(__file__).parent / "golden"
CASES = ("passed", "failed", "builds-failed", "machine-error", "hostile-text", "before-after")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Take the option that rewrites golden files in place of comparing with them."""
    parser.addoption("--update-golden", action="store_true", help="rewrite the reports' golden files")


@pytest.fixture(params=CASES)
def case(request: pytest.FixtureRequest) -> str:
    """Each sample's name in turn."""
    name: str = request.param
    return name


@pytest.fixture
def sample() -> Callable[[str], Verdict]:
    """The sample verdict of a name."""
    return lambda name: json_report.parse((GOLDEN / name / "verdict.json").read_bytes())


@pytest.fixture
def must_be_golden(request: pytest.FixtureRequest) -> Callable[[str, str, str], None]:
    """A comparison of a text with the golden file of a case; with `--update-golden` it is written instead."""

    def compare(case: str, name: str, text: str) -> None:
        path = GOLDEN / case / name
        if request.config.getoption("--update-golden", default=False):
            path.write_bytes(text.encode())
        assert path.read_bytes().decode() == text

    return compare
