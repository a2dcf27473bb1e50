"""Places boxes that arrows connect in layers, one after the other along a direction. What boxes are is not known here.

The method is the usual one for such drawings: layers first, then the order in each layer, then places.
`across` and `along` are seen from the direction of the arrows; where that points on the page is for who calls.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import fmean

SWEEPS = 12
_BEND = 14.0
"""How much room a passing arrow has."""


@dataclass(frozen=True, slots=True)
class Box:
    """How much room something takes, across and along; `gap` is kept free around it."""

    across: float
    along: float
    gap: float = 28.0


@dataclass(frozen=True, slots=True)
class Link:
    """An arrow from one box to another, and the room that its label takes, if it has one.

    `start` and `end` say how far across from the middle of its boxes it meets them.
    """

    source: str
    target: str
    label: Box | None = None
    start: float = 0.0
    end: float = 0.0


@dataclass(slots=True)
class Placing:
    """Middles of boxes and bends of links as (across, along), and the extent of all."""

    across: float
    along: float
    places: dict[str, tuple[float, float]]
    bends: list[list[tuple[float, float]]]
    labels: list[tuple[float, float] | None]
    last_rank: int = 0
    ranks: dict[str, int] = field(default_factory=dict)


def place(
    boxes: Mapping[str, Box], links: Sequence[Link], gap: float, pinned: Mapping[str, int] | None = None
) -> Placing:
    """Return where boxes and links go; `gap` is the distance of two layers, `pinned` says each box's layer if given."""
    forward = [_turned(link, back) for link, back in zip(links, _backward(boxes, links), strict=True)]
    ranks = dict(pinned) if pinned else _ranks(boxes, forward)
    grid = _Grid(dict(boxes), ranks, [])
    chains = [grid.thread(number, link) for number, link in enumerate(forward)]
    layers = _ordered(grid)
    across = _across(grid, layers)
    along, depths, depth = _along(grid, layers, gap)
    low = min((across[name] - grid.boxes[name].across / 2 for name in across), default=0.0)
    high = max((across[name] + grid.boxes[name].across / 2 for name in across), default=0.0)
    points = {name: (across[name] - low, along[grid.ranks[name]]) for name in across}
    bends = [[point for name in chain for point in _past(points[name], depths[grid.ranks[name]])] for chain in chains]
    for link, was, chain in zip(forward, links, bends, strict=True):
        if link.source != was.source:
            chain.reverse()
    labels = [
        points[f"{number}:label"] if link.label and f"{number}:label" in points else None
        for number, link in enumerate(forward)
    ]
    places = {name: points[name] for name in boxes}
    return Placing(high - low, depth, places, bends, labels, len(layers) - 1, {name: ranks[name] for name in boxes})


def _turned(link: Link, back: bool) -> Link:  # noqa: FBT001 - one of a pair that is zipped
    return Link(link.target, link.source, link.label, link.end, link.start) if back else link


def _backward(boxes: Mapping[str, Box], links: Sequence[Link]) -> list[bool]:
    """Tell which links close a circle, walking in the order of the text."""
    state: dict[str, int] = {}
    back = [False] * len(links)

    def walk(name: str) -> None:
        state[name] = 1
        for number, link in enumerate(links):
            if link.source == name:
                back[number] = state.get(link.target) == 1
                if link.target not in state:
                    walk(link.target)
        state[name] = 2

    for name in boxes:
        if name not in state:
            walk(name)
    return back


def _ranks(boxes: Mapping[str, Box], links: Sequence[Link]) -> dict[str, int]:
    """Give each box the first layer after all that point to it, then pull beginnings near what they point to."""
    ranks = dict.fromkeys(boxes, 0)
    for _ in boxes:
        for link in links:
            ranks[link.target] = max(ranks[link.target], ranks[link.source] + _length(link))
    targets = {link.target for link in links}
    for name in boxes:
        ends = [ranks[link.target] - _length(link) for link in links if link.source == name]
        if ends and name not in targets:
            ranks[name] = min(ends)
    return ranks


def _length(link: Link) -> int:
    return 2 if link.label else 1


@dataclass(frozen=True, slots=True)
class _Pair:
    """A piece of a link from one layer to the next, and how far from the middles it begins and ends."""

    source: str
    target: str
    start: float
    end: float


@dataclass(slots=True)
class _Grid:
    """Boxes with the bends between them, their layers, and which are next to which."""

    boxes: dict[str, Box]
    ranks: dict[str, int]
    pairs: list[_Pair]

    def thread(self, number: int, link: Link) -> list[str]:
        """Make a bend in each layer that the link passes; return the bends' names."""
        first, last = self.ranks[link.source], self.ranks[link.target]
        middle = (first + last) // 2
        names = []
        for rank in range(first + 1, last):
            has_label = link.label is not None and rank == middle
            name = f"{number}:label" if has_label else f"{number}:{rank}"
            self.boxes[name] = link.label if has_label and link.label else Box(_BEND, 0)
            self.ranks[name] = rank
            names.append(name)
        chain = [link.source, *names, link.target]
        for source, target in pairwise(chain):
            start = link.start if source == link.source else 0.0
            self.pairs.append(_Pair(source, target, start, link.end if target == link.target else 0.0))
        return names

    def near(self, name: str, places: Mapping[str, float], *, above: bool) -> list[float]:
        """Return where a box would be if each link to the layer above, or below, ran straight."""
        if above:
            return [places[pair.source] + pair.start - pair.end for pair in self.pairs if pair.target == name]
        return [places[pair.target] + pair.end - pair.start for pair in self.pairs if pair.source == name]

    def places(self, layers: list[list[str]]) -> dict[str, float]:
        """Return where boxes would be if each layer stood close together."""
        found: dict[str, float] = {}
        for layer in layers:
            found |= _spread(self, layer, dict.fromkeys(layer, 0.0))
        return found


def _ordered(grid: _Grid) -> list[list[str]]:
    """Order each layer so that few links cross: every box near the mean of its neighbours, best sweep kept."""
    layers: list[list[str]] = [[] for _ in range(max(grid.ranks.values(), default=0) + 1)]
    for name, rank in grid.ranks.items():
        layers[rank].append(name)
    best, fewest = [list(layer) for layer in layers], _crossings(grid, layers)
    for sweep in range(SWEEPS):
        above = sweep % 2 == 0
        for layer in layers if above else reversed(layers):
            places = grid.places(layers)
            near = {name: grid.near(name, places, above=above) for name in layer}
            wished = {name: fmean(near[name]) if near[name] else places[name] for name in layer}
            layer.sort(key=wished.__getitem__)
        crossings = _crossings(grid, layers)
        if crossings < fewest:
            best, fewest = [list(layer) for layer in layers], crossings
    return best


def _crossings(grid: _Grid, layers: list[list[str]]) -> int:
    places = grid.places(layers)
    ends = [
        (grid.ranks[pair.source], places[pair.source] + pair.start, places[pair.target] + pair.end)
        for pair in grid.pairs
    ]
    return sum(
        1
        for at, (rank, source, target) in enumerate(ends)
        for other_rank, other_source, other_target in ends[at + 1 :]
        if rank == other_rank and (source - other_source) * (target - other_target) < 0
    )


def _across(grid: _Grid, layers: list[list[str]]) -> dict[str, float]:
    """Place each layer as near as it can be to its neighbours, keeping order and gaps."""
    places = grid.places(layers)
    for sweep in range(4 * SWEEPS):
        above = sweep % 2 == 0
        for layer in layers if above else reversed(layers):
            wished = {}
            for name in layer:
                near = grid.near(name, places, above=above) or grid.near(name, places, above=not above)
                wished[name] = fmean(near) if near else places[name]
            places |= _spread(grid, layer, wished)
    return places


def _spread(grid: _Grid, layer: list[str], wished: Mapping[str, float]) -> dict[str, float]:
    """Return the places nearest to the wished ones that keep order and gaps (least squares, pooling neighbours)."""
    offsets, offset = [], 0.0
    for at, name in enumerate(layer):
        if at:
            left, right = grid.boxes[layer[at - 1]], grid.boxes[name]
            offset += (left.across + right.across) / 2 + max(left.gap, right.gap)
        offsets.append(offset)
    pools: list[tuple[float, int]] = []
    for name, shift in zip(layer, offsets, strict=True):
        mean, count = wished[name] - shift, 1
        while pools and pools[-1][0] > mean:
            before, size = pools.pop()
            mean, count = (before * size + mean * count) / (size + count), size + count
        pools.append((mean, count))
    flat = [mean for mean, count in pools for _ in range(count)]
    return {name: mean + shift for name, mean, shift in zip(layer, flat, offsets, strict=True)}


def _past(middle: tuple[float, float], depth: float) -> tuple[tuple[float, float], ...]:
    """Let a link pass a layer straight on, so that it bends between layers only."""
    return (middle[0], middle[1] - depth / 2), (middle[0], middle[1] + depth / 2)


def _along(grid: _Grid, layers: list[list[str]], gap: float) -> tuple[list[float], list[float], float]:
    """Return the middle and the depth of each layer, and the depth of all."""
    middles, at, end = [], 0.0, 0.0
    depths = [max((grid.boxes[name].along for name in layer), default=0.0) for layer in layers]
    for depth in depths:
        middles.append(at + depth / 2 if depth else end)
        if depth:
            end = at + depth
            at = end + gap
    return middles, depths, end
