"""What the text of a Dockerfile tells before anything is built: problems by line, and how its stages hang together.

Nothing here costs points: a verdict comes from the build.
"""

from collections.abc import Iterator
from io import StringIO

from rich.console import Console, RenderableType
from rich.text import Text

from grader.dockerfile.model import Dockerfile, Problem
from grader.dockerfile.reader import read
from grader.pytest_plugin.shipping import stage_summaries
from grader.reports.plain import line
from grader.reports.terminal_look import Look, columns
from grader.reports.terminal_stages import stages_part

_MOST = 8
"""Findings that are shown: who has more mends those first."""
_LONGEST = 300


def render_findings(
    text: str, *, width: int = 80, color: bool = False, unicode: bool = True, with_stages: bool = True
) -> str:
    """Return what is found in the Dockerfile `text`, in lines of at most `width` columns; nothing if nothing is."""
    look = Look(width, unicode)
    console = Console(
        file=StringIO(),
        width=width,
        force_terminal=color,
        color_system="standard" if color else None,
        no_color=not color,
        legacy_windows=False,
        _environ={},
    )
    with console.capture() as capture:
        for part in _parts(read(text), look, with_stages=with_stages):
            console.print(part, markup=False, highlight=False, emoji=False)
    return "\n".join(shown.rstrip() for shown in capture.get().split("\n"))


def _parts(dockerfile: Dockerfile, look: Look, *, with_stages: bool) -> Iterator[RenderableType]:
    problems = dockerfile.problems
    if problems:
        yield look.heading("Findings")
        table, shown = columns()
        for problem in problems[:_MOST]:
            table.add_row(_where(problem, look), look.text(line(problem.message, _LONGEST)))
        yield shown
        if len(problems) > _MOST:
            yield look.text(f"  and {len(problems) - _MOST} more")
    if problems and with_stages:
        yield Text()
    if with_stages:
        yield from stages_part(stage_summaries(dockerfile), look)


def _where(problem: Problem, look: Look) -> Text:
    """Say the line, and whether it breaks the build or merely may not be meant."""
    word, style = ("breaks", "bold red") if problem.fatal else ("look", "bold yellow")
    return Text.assemble(look.text(f"line {problem.line:<3}", "default"), " ", look.text(word, style))
