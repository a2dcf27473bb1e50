"""A weighed image as a treemap: the area of each cell is the bytes of a path, cells of one layer lie together.

Where rectangles go is for the library `squarify`; how they look is in `templates/`.
"""

from dataclasses import dataclass

import squarify

from grader.criteria.words import megabytes
from grader.image.weights import PathWeight, Weighed
from grader.reports.size_words import path_words

WIDTH, HEIGHT = 1600.0, 900.0
_SEEN = 0.0005
"""Share of the image below which a layer or path would be no more than a speck."""
_HUES = (212, 152, 32, 268, 340, 186, 64)
"""Of the image's own layers, in turn; the base's are grey."""


@dataclass(frozen=True, slots=True)
class Box:
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
class Cell:
    """One path of one layer. `hue` is its layer's colour, None for the base's; `shown` is its label, if it has room."""

    box: Box
    name: str
    size: str
    hue: int | None
    layer: int
    is_labelled: bool


def cells(weighed: Weighed) -> tuple[Cell, ...]:
    """Return the cells, heaviest layer first; what would be a speck is left out."""
    layers = weighed.image.layers
    least = max(1.0, weighed.image.size * _SEEN)
    order = sorted((n for n, layer in enumerate(layers) if layer.size >= least), key=lambda n: -layers[n].size)
    boxes = _divide([layers[n].size for n in order], Box(0.0, 0.0, WIDTH, HEIGHT))
    own = [n for n, layer in enumerate(layers) if not layer.from_base]
    found: list[Cell] = []
    for number, box in zip(order, boxes, strict=True):
        hue = _HUES[own.index(number) % len(_HUES)] if number in own else None
        paths = [path for path in weighed.paths[number] if path.size >= least] or list(weighed.paths[number][:1])
        inner = _divide([path.size for path in paths], box)
        found += (_cell(path, where, hue, number) for path, where in zip(paths, inner, strict=True))
    return tuple(found)


def _cell(path: PathWeight, box: Box, hue: int | None, layer: int) -> Cell:
    words = path_words(path, 80)
    return Cell(box, words, megabytes(path.size), hue, layer, box.width > 170 and box.height > 80)  # noqa: PLR2004 - a short label's room


def _divide(sizes: list[int], box: Box) -> list[Box]:
    """Divide a box among sizes that descend."""
    if not sizes or box.width <= 0 or box.height <= 0:
        return [box] * len(sizes)
    areas = squarify.normalize_sizes(sizes, box.width, box.height)
    return [
        Box(at["x"], at["y"], at["dx"], at["dy"])
        for at in squarify.squarify(areas, box.x, box.y, box.width, box.height)
    ]
