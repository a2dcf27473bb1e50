"""The terminal report's criteria: a line for each, and below it what a failed one teaches.

Blocked criteria are shown together, so that one cause does not look like many.
"""

from collections.abc import Iterator

from rich.console import RenderableType
from rich.padding import Padding
from rich.table import Table

from grader.reports.plain import block, line
from grader.reports.terminal_look import DIM, STYLES, Look, columns
from grader.reports.terminal_next import where_words
from grader.verdict import CriterionResult, Outcome, UndecidedGroup, Verdict

_INDENT = 2
_WORD = 10
"""Columns of symbol and word; titles then begin where the texts below them do."""


def criteria_part(verdict: Verdict, look: Look, *, with_texts: bool = True) -> Iterator[RenderableType]:
    """Yield the lines of all criteria in the exercise's order; then those that could not be judged, by their reason.

    Below a failed one are its texts, unless they are not wanted.

    What the headline says already, the machine's error, is not said again.
    """
    for _, result in verdict.decided:
        yield _row(result.status, result.title, look, _points(result), result.id)
        if result.status is Outcome.FAILED and with_texts:
            yield _details(result, look)
    for group in verdict.undecided:
        yield from _undecided(group, look, with_reason=group.reason != verdict.machine_error)


def _points(result: CriterionResult) -> str:
    return f"{result.points}/{result.max_points}"


def _row(outcome: Outcome, title: str, look: Look, points: str, identity: str = "") -> Table:
    """One line: symbol and word, title, on a wide terminal the id, points at the right edge."""
    table = Table.grid(padding=(0, 2, 0, 0), expand=True)
    table.add_column(no_wrap=True, width=_WORD)
    table.add_column(overflow="fold", ratio=1)
    word = look.text(f"{look.mark(outcome)} {outcome.value.upper()}", f"bold {STYLES[outcome]}")
    cells = [word, look.text(line(title), "" if outcome is Outcome.PASSED else "bold")]
    if look.is_wide and identity:
        table.add_column(no_wrap=True)
        cells.append(look.text(line(identity, 40), DIM))
    table.add_column(no_wrap=True, justify="right", min_width=5)
    table.add_row(*cells, look.text(points))
    return table


def _details(result: CriterionResult, look: Look) -> RenderableType:
    """What was expected, what was seen, why it matters, which lines did it, what to try."""
    table, shown = columns(indent=_INDENT)
    texts = (
        ("expected", result.expected, ""),
        ("seen", result.actual, STYLES[Outcome.FAILED]),
        ("why", result.why, ""),
        ("where", where_words(result.lines), ""),
        ("try", result.hint, "cyan"),
    )
    for label, text, style in texts:
        if text:
            table.add_row(label, look.text(block(text), style))
    return Padding(shown, (0, 0, 1, 0))


def _undecided(group: UndecidedGroup, look: Look, *, with_reason: bool) -> Iterator[RenderableType]:
    """One line for all criteria that could not be judged for the same reason, and their ids."""
    criteria = group.criteria
    title = f"{len(criteria)} criteria" if len(criteria) > 1 else criteria[0].title
    yield _row(group.outcome, title, look, f"{group.points} points", criteria[0].id if len(criteria) == 1 else "")
    if with_reason and group.reason:
        yield Padding(look.text(line(group.reason, 400)), (0, 0, 0, _INDENT))
    if len(criteria) > 1:
        names = ", ".join(line(result.id) for result in criteria)
        yield Padding(look.text(names, DIM), (0, 0, 0, _INDENT))
