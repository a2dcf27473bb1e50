"""What the examination of a machine found, for people: one line a finding, readable without colour."""

import textwrap
from collections.abc import Sequence

import click

from grader.doctor.finding import Diagnosis, State, worst
from grader.reports.plain import in_ascii, line

_COLORS = {State.OK: "green", State.WARN: "yellow", State.FAIL: "red"}
_CONCLUSIONS = {
    State.OK: "This machine can grade.",
    State.WARN: "This machine can grade; what says warn is worth a look before a class.",
    State.FAIL: "This machine cannot grade: fix what says fail.",
}


_MOST = 1000
"""Characters of one finding."""


def render(findings: Sequence[Diagnosis], *, width: int, color: bool, unicode: bool) -> str:
    """Return the findings, each with what to do below it, and what they come to."""
    names = max((len(finding.name) for finding in findings), default=0)
    indent = " " * (4 + 2 + names + 2)
    lines = []
    for finding in findings:
        state = f"{finding.state.value:<4}"
        shown = click.style(state, fg=_COLORS[finding.state]) if color else state
        first, *more = _wrapped(finding.seen, width - len(indent), unicode=unicode)
        lines.append(f"{shown}  {finding.name:<{names}}  {first}")
        advice = _wrapped(f"-> {finding.advice}", width - len(indent), unicode=unicode) if finding.advice else []
        lines += [f"{indent}{text}" for text in (*more, *advice)]
    return "\n".join((*lines, "", _CONCLUSIONS[worst(findings)]))


def _wrapped(text: str, width: int, *, unicode: bool) -> list[str]:
    safe = line(text, _MOST)
    return textwrap.wrap(safe if unicode else in_ascii(safe), max(20, width), break_on_hyphens=False) or [""]
