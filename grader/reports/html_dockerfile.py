"""The Dockerfile line by line with what is to be said of each: failed criteria, what the reader doubts, what is unwise.

Remarks explain; none of them decides a grade.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from grader.dockerfile.lines import split_lines
from grader.dockerfile.reader import read
from grader.reports.plain import block, line
from grader.verdict import CriterionResult, Finding, Outcome

_MOST_LINES = 1000
_LONGEST = 400


@dataclass(frozen=True, slots=True)
class Remark:
    """What is said of a line, and its kind: `failed`, `fault`, `doubt` or `unwise`.

    A failed criterion is given by its number in the verdict.
    """

    kind: str
    text: str
    criterion: int | None = None


@dataclass(frozen=True, slots=True)
class DockerfileLine:
    """One line of text, safe to show, and what is said of it; `begins_stage` is that of a FROM."""

    number: int
    text: str
    remarks: tuple[Remark, ...]
    begins_stage: bool

    @property
    def look(self) -> str:
        """Its classes in the page."""
        return " ".join(name for name, holds in (("stage", self.begins_stage), ("noted", self.remarks)) if holds)


@dataclass(frozen=True, slots=True)
class AnnotatedDockerfile:
    """The lines that are shown, and how many more there are."""

    lines: tuple[DockerfileLine, ...]
    more: int


def annotate(
    text: str, criteria: tuple[CriterionResult, ...], findings: tuple[Finding, ...] = ()
) -> AnnotatedDockerfile:
    """Put remarks next to the lines of a Dockerfile; one on a line that there is not is in its criterion only."""
    written = split_lines(text)
    starts = {stage.first_line for stage in read(text).stages}
    remarks: dict[int, list[Remark]] = {}
    for number, remark in (*_of_criteria(criteria), *_of_reader(text), *_of_findings(findings)):
        if remark not in remarks.setdefault(number, []):
            remarks[number].append(remark)
    shown = tuple(
        DockerfileLine(number, _safe(raw), tuple(remarks.get(number, ())), number in starts)
        for number, raw in enumerate(written[:_MOST_LINES], 1)
    )
    return AnnotatedDockerfile(shown, max(0, len(written) - _MOST_LINES))


def _of_criteria(criteria: tuple[CriterionResult, ...]) -> Iterator[tuple[int, Remark]]:
    for index, result in enumerate(criteria, 1):
        if result.status is Outcome.FAILED:
            for number in result.lines:
                yield number, Remark("failed", line(result.title), index)


def _of_reader(text: str) -> Iterator[tuple[int, Remark]]:
    for problem in read(text).problems:
        yield problem.line, Remark("fault" if problem.fatal else "doubt", line(problem.message, 400))


def _of_findings(findings: tuple[Finding, ...]) -> Iterator[tuple[int, Remark]]:
    for finding in findings:
        yield finding.line, Remark("unwise", line(finding.text, 400))


def _safe(raw: str) -> str:
    """Keep blanks as they stand; only the line's end goes."""
    return block(raw.rstrip("\r\n"), _LONGEST, 1)
