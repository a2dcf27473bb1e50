"""Every report of every sample verdict, compared with its golden file: the feedback's words are part of the product."""

from collections.abc import Callable

import pytest

from grader.reports import json_report, junit, terminal
from grader.verdict import Verdict

RENDERINGS: dict[str, Callable[[Verdict], str]] = {
    "verdict.json": json_report.render,
    "junit.xml": junit.render,
    "terminal-80.txt": lambda verdict: terminal.render(verdict, width=80),
    "terminal-80-ascii.txt": lambda verdict: terminal.render(verdict, width=80, unicode=False),
    "terminal-40.txt": lambda verdict: terminal.render(verdict, width=40),
    "terminal-100-color.txt": lambda verdict: terminal.render(verdict, width=100, color=True),
}


@pytest.mark.parametrize("name", RENDERINGS)
def test_a_report_is_word_for_word_its_golden_file(
    case: str, name: str, sample: Callable[[str], Verdict], must_be_golden: Callable[[str, str, str], None]
) -> None:
    """A change of words is seen and read before it lands."""
    must_be_golden(case, name, RENDERINGS[name](sample(case)))
