"""How the terminal report looks: its symbols and colours, with Unicode or in ASCII, and its safe text.

What the report says is in the modules of its parts.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from io import StringIO

from rich.console import Console, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from grader.reports.plain import in_ascii
from grader.verdict import Outcome, Status

WIDE = 96
"""Columns from which on there is room for more than what is needed."""
DIM = "bright_black"
_MANY_BLANK_LINES = re.compile(r"\n{3,}")
STYLES = {
    Outcome.PASSED: "green",
    Outcome.FAILED: "red",
    Outcome.BLOCKED: "yellow",
    Outcome.ERROR: "magenta",
    Status.PASSED: "green",
    Status.FAILED: "red",
    Status.ERROR: "magenta",
}


@dataclass(frozen=True, slots=True)
class Look:
    """Columns that there are, and whether characters outside of ASCII may be used."""

    width: int
    unicode: bool

    @property
    def is_wide(self) -> bool:
        """Whether there is room for more than what is needed."""
        return self.width >= WIDE

    def text(self, text: str, style: str = "") -> Text:
        """Make text of words that are safe to show (see `grader.reports.plain`); nothing in it is markup."""
        return Text(text if self.unicode else in_ascii(text), style, overflow="fold")

    def cut(self, text: Text) -> Text:
        """Keep the text on one line: what is too long for it is cut."""
        text.no_wrap = True
        text.overflow = "ellipsis" if self.unicode else "crop"
        return text

    def heading(self, text: str) -> Text:
        """Make the heading of a part."""
        return self.text(text, "bold")

    def mark(self, outcome: Outcome) -> str:
        """Return the symbol that stands before the outcome's word."""
        return outcome.mark if self.unicode else outcome.ascii_mark

    def bar(self, share: float, width: int) -> str:
        """Return a bar of `share` (0 to 1) of `width` columns; what is more than nothing is always seen."""
        halves = max(int(share > 0), min(width * 2, round(share * width * 2)))
        return "━" * (halves // 2) + "╸" * (halves % 2) if self.unicode else "#" * ((halves + 1) // 2)

    def meter(self, share: float, width: int, style: str) -> Text:
        """Return how much of the total was reached; full only when all of it was."""
        done = min(int(share * width + 0.5), width if share >= 1 else width - 1)
        full, rest = ("━", "─") if self.unicode else ("#", ".")
        return Text.assemble((full * done, style), (rest * (width - done), DIM))


def as_text(parts: Iterable[RenderableType], look: Look, *, color: bool) -> str:
    """Return the parts as lines without blanks at their ends, nothing read as markup, never two blank lines in a row.

    What the environment says of the terminal is not asked: a report is the same wherever it is made.
    """
    console = Console(
        file=StringIO(),
        width=look.width,
        force_terminal=color,
        color_system="standard" if color else None,
        no_color=not color,
        legacy_windows=False,
        _environ={},
    )
    with console.capture() as capture:
        for part in parts:
            console.print(part, markup=False, highlight=False, emoji=False)
    text = "\n".join(shown.rstrip() for shown in capture.get().split("\n"))
    return _MANY_BLANK_LINES.sub("\n\n", text).rstrip("\n") + "\n"


def columns(*, indent: int = 2) -> tuple[Table, RenderableType]:
    """Make a table of a label and its text, and the same table as it is to be shown: indented."""
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(no_wrap=True, style=DIM)
    table.add_column(overflow="fold", ratio=1)
    return table, Padding(table, (0, 0, 0, indent))
