"""What a flowchart is. Reading one is `mermaid.py`, placing its parts `layout.py`, drawing it `drawing.py`."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Node:
    """One box: its text line by line, its shape, its classes; `is_strong` if its first line is a heading.

    Shapes are `box`, `round`, `pill`, `circle`, `hexagon`, `diamond` and `store`.
    """

    id: str
    lines: tuple[str, ...]
    shape: str = "box"
    classes: tuple[str, ...] = ()
    is_strong: bool = False


@dataclass(frozen=True, slots=True)
class Edge:
    """One arrow between nodes or groups.

    `look` is `solid`, `thick`, `dotted` or `unseen` (it only places); `tips` are at `end`, `both` or `no`.
    """

    source: str
    target: str
    look: str = "solid"
    label: tuple[str, ...] = ()
    tips: str = "end"


@dataclass(frozen=True, slots=True)
class Group:
    """A frame around nodes and groups; `direction` is empty where it is that of the frame around it."""

    id: str
    title: str
    direction: str
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Flowchart:
    """Nodes, groups (the one with no id is the drawing itself) and edges, by id and in the order of the text."""

    nodes: dict[str, Node]
    groups: dict[str, Group]
    edges: tuple[Edge, ...]
