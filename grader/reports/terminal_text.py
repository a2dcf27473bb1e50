"""What the text of a Dockerfile tells before anything is built: problems by line, and how its stages hang together.

Nothing here costs points: a verdict comes from the build.
"""

from collections.abc import Iterator
from datetime import date

from rich.console import RenderableType
from rich.text import Text

from grader.dockerfile.findings import findings
from grader.dockerfile.model import Dockerfile
from grader.dockerfile.reader import read
from grader.dockerfile.summary import stage_summaries
from grader.reports.plain import line
from grader.reports.terminal_look import DIM, Look, as_text, columns
from grader.reports.terminal_stages import stages_part

_MOST = 8
"""Findings that are shown: fix those first, if there are more."""
_LONGEST = 300
_BREAKS = ("breaks", "bold red")
_LOOK = ("look", "bold yellow")
_REMARK = ("remark", DIM)


def render_text(
    text: str, today: date, *, width: int = 80, color: bool = False, unicode: bool = True, with_stages: bool = True
) -> str:
    """Return what is found in the Dockerfile `text`, in lines of at most `width` columns; nothing if nothing is."""
    look = Look(width, unicode)
    parts = list(_parts(read(text), today, look, with_stages=with_stages))
    return as_text(parts, look, color=color) if parts else ""


def _parts(dockerfile: Dockerfile, today: date, look: Look, *, with_stages: bool) -> Iterator[RenderableType]:
    rows = list(_rows(dockerfile, today))
    if rows:
        yield look.heading("Findings")
        table, shown = columns()
        for number, (word, style), text in rows[:_MOST]:
            where = Text.assemble(look.text(f"line {number:<3}", "default"), " ", look.text(word, style))
            table.add_row(where, look.text(line(text, _LONGEST)))
        yield shown
        if len(rows) > _MOST:
            yield look.text(f"  and {len(rows) - _MOST} more")
    if rows and with_stages:
        yield Text()
    if with_stages:
        yield from stages_part(stage_summaries(dockerfile), look)


def _rows(dockerfile: Dockerfile, today: date) -> Iterator[tuple[int, tuple[str, str], str]]:
    """Yield the line, whether it breaks the build, may not be meant or is only unwise, and what is to be said of it.

    Which stages an exercise asks for by name is not known here, so that of those with a name none is called unused.
    """
    for problem in dockerfile.problems:
        yield problem.line, _BREAKS if problem.fatal else _LOOK, problem.message
    if not any(problem.fatal for problem in dockerfile.problems):
        for finding in findings(dockerfile, [stage.name for stage in dockerfile.stages if stage.name], today):
            yield finding.line, _REMARK, finding.text
