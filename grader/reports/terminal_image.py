"""The terminal report's image: how large it is next to starter and budget, and its layers next to the starter's.

Only what the verdict contains is shown; nothing is judged here but whether the size is within the budget.
"""

from collections.abc import Iterator

from rich.console import RenderableType
from rich.padding import Padding
from rich.table import Table

from grader.criteria.formatting import megabytes
from grader.reports.plain import line
from grader.reports.size_words import hidden_sentence, instruction_words, size_sentence
from grader.reports.terminal_look import DIM, Look
from grader.verdict import ImageSummary, SizeScale

_FIGURE = 8
"""Columns of the longest size: `123.4 MB`."""
_MOST_LAYERS = 5
_WORTH_A_WORD = 10_000
"""Hidden bytes that are: a new line in /etc/passwd hides the file of the base."""


def image_part(
    image: ImageSummary, scale: SizeScale | None, look: Look, before: ImageSummary | None = None
) -> Iterator[RenderableType]:
    """Yield the size bars, one sentence that says the same, and the layers; those of the starter too, if known."""
    yield look.heading("Size")
    yield from size_part(image, scale or SizeScale(None, None), look)
    if image.layers:
        yield look.text("")
        yield look.heading("Layers")
        yield from _layers_part(image, look)
    if before and before.layers:
        yield look.text("")
        yield look.heading(f"Before: the starter's layers, {megabytes(before.size)}")
        yield from _layers_part(before, look)


def size_part(image: ImageSummary, scale: SizeScale, look: Look) -> Iterator[RenderableType]:
    """Yield the size bars and one sentence that says the same."""
    yield _bars(image, scale, look)
    yield Padding(look.text(size_sentence(image.size, scale)), (0, 0, 0, 2))


def _bars(image: ImageSummary, scale: SizeScale, look: Look) -> RenderableType:
    sizes = (
        ("starter", scale.starter, DIM),
        ("yours", image.size, _style(image.size, scale)),
        ("budget", scale.budget, ""),
    )
    known = [(label, size, megabytes(size), style) for label, size, style in sizes if size is not None]
    most = max(1, *(size for _, size, _, _ in known))
    figures = max(_FIGURE, *(len(figure) for _, _, figure, _ in known))
    width = max(8, look.width - 2 - len("starter") - 2 - figures - 2)
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(no_wrap=True)
    table.add_column(no_wrap=True, justify="right", min_width=figures)
    table.add_column(no_wrap=True)
    for label, size, figure, style in known:
        table.add_row(look.text(label, DIM), figure, look.text(look.bar(size / most, width), style))
    return Padding(table, (0, 0, 0, 2))


def _style(size: int, scale: SizeScale) -> str:
    if scale.budget is None:
        return ""
    return "green" if size <= scale.budget else "red"


def _layers_part(image: ImageSummary, look: Look) -> Iterator[RenderableType]:
    """Yield the layers, and in a sentence what no container sees of them."""
    yield _layers(image, look)
    hidden = sum(layer.hidden or 0 for layer in image.layers)
    if hidden >= _WORTH_A_WORD:
        yield Padding(look.text(hidden_sentence(hidden)), (0, 0, 0, 2))


def _layers(image: ImageSummary, look: Look) -> RenderableType:
    """Show the base's layers as one, then the others in the Dockerfile's order, the lightest of them together."""
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(no_wrap=True, justify="right", min_width=_FIGURE)
    table.add_column(no_wrap=True, min_width=len("line 99"))
    table.add_column(overflow="fold")
    base = [layer for layer in image.layers if layer.from_base]
    if base:
        count = f"{len(base)} layers" if len(base) > 1 else "1 layer"
        _add(table, look, sum(layer.size for layer in base), "base", f"{line(image.base)} ({count})")
    own = [layer for layer in image.layers if not layer.from_base]
    heaviest = sorted((layer for layer in own if layer.size), key=lambda layer: layer.size, reverse=True)[:_MOST_LAYERS]
    for layer in own:
        if any(layer is heavy for heavy in heaviest):
            _add(table, look, layer.size, f"line {layer.line}" if layer.line else "", instruction_words(layer))
    rest = [layer for layer in own if all(layer is not heavy for heavy in heaviest)]
    if any(layer.size for layer in rest):
        count = f"{len(rest)} other layers" if len(rest) > 1 else "1 other layer"
        _add(table, look, sum(layer.size for layer in rest), "", count)
    return Padding(table, (0, 0, 0, 2))


def _add(table: Table, look: Look, size: int, where: str, what: str) -> None:
    room = look.width - 2 - _FIGURE - 2 - len("line 99") - 2
    table.add_row(megabytes(size), look.text(where, DIM), look.text(line(what, max(8, room - len("..")))))
