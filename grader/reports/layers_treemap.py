"""A weighed image as a treemap: the area of each cell is the bytes of a path, cells of one layer lie together.

Where rectangles go is for the library `squarify`; how they look is in `templates/`.
"""

from dataclasses import dataclass
from itertools import cycle

import squarify

from grader.criteria.formatting import megabytes
from grader.image.weights import Weighed
from grader.reports.size_words import path_words
from grader.verdict import LayerSummary

WIDTH, HEIGHT = 1600.0, 900.0
_SEEN = 0.0005
"""Share of the image below which a layer or path would be only a speck."""
_HUES = (212, 152, 32, 268, 340, 186, 64)
"""Of the image's own layers, in turn; the base's are grey."""


@dataclass(frozen=True, slots=True)
class TreemapBox:
    """A rectangle in units of a drawing of `WIDTH` by `HEIGHT`."""

    x: float
    y: float
    width: float
    height: float

    @property
    def style(self) -> str:
        """Where it is, as CSS with percentages."""
        parts = (("left", self.x / WIDTH), ("top", self.y / HEIGHT))
        sizes = (("width", self.width / WIDTH), ("height", self.height / HEIGHT))
        return ";".join(f"{name}:{share * 100:.3f}%" for name, share in (*parts, *sizes))


@dataclass(frozen=True, slots=True)
class TreemapCell:
    """One path of one layer. `hue` is its layer's colour, None for the base's.

    `is_hidden` tells that later layers hide most of it.
    """

    box: TreemapBox
    name: str
    size: str
    hue: int | None
    is_hidden: bool


def hues(layers: tuple[LayerSummary, ...]) -> tuple[int | None, ...]:
    """Return the colour of each layer; None for those of the base."""
    turns = cycle(_HUES)
    return tuple(None if layer.from_base else next(turns) for layer in layers)


def cells(weighed: Weighed) -> tuple[TreemapCell, ...]:
    """Return the cells, heaviest layer first; what would be a speck is left out."""
    layers, colors = weighed.image.layers, hues(weighed.image.layers)
    least = max(1.0, weighed.image.size * _SEEN)
    order = sorted((n for n, layer in enumerate(layers) if layer.size >= least), key=lambda n: -layers[n].size)
    boxes = _divide([layers[number].size for number in order], TreemapBox(0.0, 0.0, WIDTH, HEIGHT))
    found: list[TreemapCell] = []
    for number, box in zip(order, boxes, strict=True):
        paths = [path for path in weighed.paths[number] if path.size >= least] or list(weighed.paths[number][:1])
        inner = _divide([path.size for path in paths], box)
        found += (
            TreemapCell(where, path_words(path), megabytes(path.size), colors[number], path.hidden * 2 > path.size)
            for path, where in zip(paths, inner, strict=True)
        )
    return tuple(found)


def _divide(sizes: list[int], box: TreemapBox) -> list[TreemapBox]:
    """Divide a box among sizes that descend."""
    if not sizes or box.width <= 0 or box.height <= 0:
        return [box] * len(sizes)
    areas = squarify.normalize_sizes(sizes, box.width, box.height)
    return [
        TreemapBox(at["x"], at["y"], at["dx"], at["dy"])
        for at in squarify.squarify(areas, box.x, box.y, box.width, box.height)
    ]
