"""The end of the terminal report, which is what a person sees first: what to do next.

On a failed verdict this is the first failed criterion, where its cause is, and what to try.
"""

from collections.abc import Iterator

from rich.console import RenderableType
from rich.text import Text

from grader.reports.plain import block, line
from grader.reports.terminal_look import STYLES, Look, as_text, columns
from grader.verdict import CriterionResult, Outcome, Status, Verdict

ROOM = 21
"""Lines of the end, so that all of it is on a screen of 24 lines with what `watch` writes below it."""
_LESS_FIRST = (
    {"seen": 6, "expected": 4, "why": 4},
    {"seen": 4, "expected": 3, "why": 0},
    {"seen": 3, "expected": 0, "why": 0},
    {"seen": 0, "expected": 0, "why": 0},
)
"""How many lines of the texts are shown: the first that leave all on one screen. What to try is always complete."""
_LONGEST_TRY = 8


def next_part(verdict: Verdict, look: Look, *, is_all_above: bool, closing: str) -> Iterator[RenderableType]:
    """Yield the first failed criterion, or how the machine failed, and `closing`: what can be typed then.

    If the criterion's texts `is_all_above`, only what is needed to go on is said again.
    """
    first = first_failed(verdict)
    last = [look.text(closing)] if closing else []
    if verdict.status is Status.ERROR and not is_all_above:
        yield from error_part(verdict, look)
    elif verdict.status is Status.FAILED and first:
        points = f"{verdict.score} of {verdict.max_score} points"
        heading = Text.assemble(look.text("FAILED", f"bold {STYLES[Status.FAILED]}"), f"  {points}. Fix this first:")
        for lines in _LESS_FIRST[-1:] if is_all_above else _LESS_FIRST:
            parts = [heading, _title(first, look), _texts(first, look, lines), *last]
            if as_text(parts, look, color=False).count("\n") <= ROOM:
                break
        yield from parts
        return
    yield from last


def error_part(verdict: Verdict, look: Look) -> Iterator[RenderableType]:
    """Yield how the machine failed, and what to do."""
    table, shown = columns()
    table.add_row("what", look.text(block(verdict.machine_error)))
    table.add_row("do", look.text("Once that is fixed, check again. Your files are as they were."))
    yield shown


def where_words(lines: tuple[int, ...]) -> str:
    """Say which lines of the Dockerfile it is about; empty for none."""
    if not lines:
        return ""
    return f"Dockerfile line{'s' if len(lines) > 1 else ''} {', '.join(map(str, lines))}"


def first_failed(verdict: Verdict) -> CriterionResult | None:
    """Return the criterion to fix first: the others may follow from it."""
    return next((result for result in verdict.criteria if result.status is Outcome.FAILED), None)


def _title(result: CriterionResult, look: Look) -> RenderableType:
    mark = look.mark(Outcome.FAILED)
    return Text.assemble(look.text(f"{mark} ", f"bold {STYLES[Outcome.FAILED]}"), look.text(line(result.title), "bold"))


def _texts(result: CriterionResult, look: Look, lines: dict[str, int]) -> RenderableType:
    texts = (
        ("expected", result.expected, "", lines["expected"]),
        ("seen", result.actual, STYLES[Outcome.FAILED], lines["seen"]),
        ("why", result.why, "", lines["why"]),
        ("where", where_words(result.lines), "", 2),
        ("try", result.hint, "cyan", _LONGEST_TRY),
    )
    table, shown = columns(indent=2)
    for label, text, style, most in texts:
        if text and most:
            room = max(8, look.width - 2 - len("expected") - 2)
            table.add_row(label, look.text(block(text, most * room, most), style))
    return shown
