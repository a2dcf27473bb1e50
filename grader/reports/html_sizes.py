"""The size bars and the layers of an image, reckoned for a page. How they look is in `templates/`."""

from dataclasses import dataclass

from grader.reports.plain import line
from grader.reports.size_words import instruction_words
from grader.verdict import ImageSummary, LayerSummary, SizeScale

_WORTH_TELLING = 0.01
"""Share of a layer from which on hidden bytes are reported: each build rewrites some file of its base."""


@dataclass(frozen=True, slots=True)
class SizeBar:
    """One bar: what it stands for, bytes, its share of the longest one, and how it looks."""

    label: str
    size: int
    share: float
    look: str


@dataclass(frozen=True, slots=True)
class LayerBar:
    """One layer, or all of the base's: what made it, its bytes, those of them hidden later, shares of the largest."""

    what: str
    size: int
    hidden: int
    shown_share: float
    hidden_share: float
    from_base: bool
    line: int | None


def size_bars(image: ImageSummary, scale: SizeScale) -> tuple[SizeBar, ...]:
    """Return the starter's bar, the image's and the budget's, as far as they are known."""
    look = "free" if scale.budget is None else "within" if image.size <= scale.budget else "over"
    sizes = (
        ("starter", scale.starter, "before"),
        ("yours", image.size, look),
        ("budget", scale.budget, "budget"),
    )
    known = [(label, size, look) for label, size, look in sizes if size is not None]
    most = max(1, *(size for _, size, _ in known))
    return tuple(SizeBar(label, size, size / most, look) for label, size, look in known)


def layer_bars(image: ImageSummary) -> tuple[LayerBar, ...]:
    """Return the base's layers as one, then the others in the Dockerfile's order."""
    base = [layer for layer in image.layers if layer.from_base]
    own = [layer for layer in image.layers if not layer.from_base]
    most = max([1, sum(layer.size for layer in base), *(layer.size for layer in own)])
    bars = []
    if base:
        count = f"{len(base)} layers" if len(base) > 1 else "1 layer"
        bars.append(_bar(f"{line(image.base)} ({count})", base, most, None))
    return (*bars, *(_bar(instruction_words(layer), [layer], most, layer.line) for layer in own))


def _bar(what: str, layers: list[LayerSummary], most: int, at: int | None) -> LayerBar:
    size = sum(layer.size for layer in layers)
    hidden = min(size, sum(layer.hidden or 0 for layer in layers))
    hidden = hidden if hidden >= size * _WORTH_TELLING else 0
    return LayerBar(what, size, hidden, (size - hidden) / most, hidden / most, layers[0].from_base, at)
