"""The stages as a drawing: one below the other, as in the Dockerfile, with an arc from each to what it takes from.

A stage takes only from those above it, so this order needs no layout. Units are those of the drawing: 16 are 1 rem.
"""

from dataclasses import dataclass

from grader.reports.plain import line
from grader.reports.stage_graph import Stages, base_stage, edges, needed

ROW = 64
WIDTH = 96
_RIGHT = 84
"""Where the stages' dots are; arcs bulge to the left of it."""
_REACH = 22
"""How much further an arc bulges for each stage between its ends."""
_MOST = 30
"""Stages that are drawn: the last ones."""


@dataclass(frozen=True, slots=True)
class Arc:
    """One arc as an SVG path, from the stage that gives to the one that takes."""

    path: str
    look: str


@dataclass(frozen=True, slots=True)
class StageRow:
    """One stage: its name, what it takes in words, where its dot is, and whether the image needs it."""

    name: str
    words: str
    middle: int
    is_final: bool
    is_needed: bool


@dataclass(frozen=True, slots=True)
class StageDrawing:
    """Rows and arcs, the drawing's height, and how many stages above are left out."""

    rows: tuple[StageRow, ...]
    arcs: tuple[Arc, ...]
    height: int
    left_out: int

    @property
    def width(self) -> int:
        """The drawing's width: narrow where there is nothing to connect."""
        return WIDTH if self.arcs else 24

    @property
    def dot(self) -> int:
        """Where the dots are, from the left."""
        return self.width - (WIDTH - _RIGHT)


def draw(stages: Stages) -> StageDrawing:
    """Return the drawing of the stages; of very many the last ones are drawn."""
    first = max(0, len(stages) - _MOST)
    used = needed(stages)
    rows = tuple(
        StageRow(
            _name(stages, index), _words(stages, index), _middle(index - first), index == len(stages) - 1, index in used
        )
        for index in range(first, len(stages))
    )
    arcs = tuple(
        _arc(edge.source - first, index - first, edge.how)
        for index in range(first, len(stages))
        for edge in edges(stages, index)
        if isinstance(edge.source, int) and edge.source >= first
    )
    return StageDrawing(rows, tuple(dict.fromkeys(arcs)), ROW * len(rows), first)


def _name(stages: Stages, index: int) -> str:
    name = line(stages[index].name, 60)
    return f"stage {name}" if name.isdecimal() else name


def _words(stages: Stages, index: int) -> str:
    """Say what a stage takes, from stages and from images."""
    base = base_stage(stages, index)
    start = f"from {line(stages[index].base, 80)}" if base is None else f"from stage {line(stages[base].name, 60)}"
    copied = [
        line(edge.source if isinstance(edge.source, str) else stages[edge.source].name, 60)
        for edge in edges(stages, index)
        if edge.how != "FROM"
    ]
    return f"{start}, copies from {', '.join(dict.fromkeys(copied))}" if copied else start


def _middle(row: int) -> int:
    return row * ROW + ROW // 2


def _arc(source: int, target: int, how: str) -> Arc:
    """From a little below the giver's dot to a little above the taker's, so that its arrow is seen."""
    start, end = _middle(source) + 6, _middle(target) - 9
    bulge = max(4, _RIGHT - 26 - _REACH * (target - source - 1))
    path = f"M{_RIGHT - 5} {start}C{bulge} {start + 12} {bulge} {end - 8} {_RIGHT - 7} {end}"
    return Arc(path, "base" if how == "FROM" else "copy")
