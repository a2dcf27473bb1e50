"""A weighed image for a person at a terminal: each layer with its bar, its heaviest paths, and what is hidden later.

Every bar has its figure next to it. The parts that a verdict shows too are the verdict report's own.
"""

from collections.abc import Iterator

from rich.console import RenderableType
from rich.padding import Padding
from rich.table import Table

from grader.criteria.formatting import megabytes
from grader.image.weights import PathWeight, Weighed
from grader.reports.plain import line
from grader.reports.size_words import instruction_words, path_words, weight_sentences
from grader.reports.terminal_image import size_part
from grader.reports.terminal_look import DIM, Look, as_text
from grader.verdict import LayerSummary

_FIGURE = 8
_BAR = 24
_PATHS = 5
"""Paths that are shown of each layer."""
_INDENT = len("line 99") + 2


def render(weighed: Weighed, *, width: int = 80, color: bool = False, unicode: bool = True) -> str:
    """Return the report in lines of at most `width` columns; without `unicode` it is pure ASCII."""
    look = Look(width, unicode)
    return as_text(_parts(weighed, look), look, color=color)


def _parts(weighed: Weighed, look: Look) -> Iterator[RenderableType]:
    is_exercise = weighed.title != weighed.subject
    yield look.heading(f"{line(weighed.subject)}: {line(weighed.title)}" if is_exercise else line(weighed.subject))
    if is_exercise:
        yield from size_part(weighed.image, weighed.scale, look)
    for sentence in weight_sentences(weighed):
        yield Padding(look.text(sentence), (0, 0, 0, 2))
    most = max((layer.size for layer in weighed.image.layers), default=0) or 1
    for layer, paths in zip(weighed.image.layers, weighed.paths, strict=True):
        yield look.text("")
        yield _headline(layer, look, most)
        yield _paths(layer, paths, look)


def _headline(layer: LayerSummary, look: Look, most: int) -> RenderableType:
    where = "base" if layer.from_base else f"line {layer.line}" if layer.line else "layer"
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(no_wrap=True, justify="right", min_width=_FIGURE)
    table.add_column(no_wrap=True, min_width=len("line 99"))
    table.add_column(overflow="fold")
    room = max(8, look.width - _FIGURE - 2 - len("line 99") - 4)
    words = line(instruction_words(layer), room)
    table.add_row(look.text(megabytes(layer.size), "bold"), look.text(where, DIM), look.text(words, "bold"))
    bar = look.bar(layer.size / most, min(_BAR, room))
    if bar:
        table.add_row("", "", look.text(bar, DIM if layer.from_base else "blue"))
    return table


def _paths(layer: LayerSummary, paths: tuple[PathWeight, ...], look: Look) -> RenderableType:
    """Show the heaviest paths, then what is elsewhere and what is hidden."""
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(no_wrap=True, justify="right", min_width=_FIGURE)
    table.add_column(overflow="fold")
    room = max(20, look.width - _INDENT - _FIGURE - 2 - len(" (the rest)"))
    named = [path for path in paths if path.path != "/"][:_PATHS]
    for path in named:
        table.add_row(look.text(megabytes(path.size), DIM), look.text(path_words(path, room)))
    rest = layer.size - sum(path.size for path in named)
    if rest:
        table.add_row(look.text(megabytes(rest), DIM), look.text("elsewhere", DIM))
    if layer.hidden:
        table.add_row(look.text(megabytes(layer.hidden), "red"), look.text("of it hidden by later layers", "red"))
    return Padding(table, (0, 0, 0, _INDENT))
