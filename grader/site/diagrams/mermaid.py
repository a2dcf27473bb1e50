"""Reads the part of Mermaid's flowchart language that the lessons use. Whatever else a block holds is refused by line.

The words of the language are Mermaid's own: https://mermaid.js.org/syntax/flowchart.html.
"""

import re
from dataclasses import dataclass, field

from grader.errors import ContentError
from grader.site.diagrams.model import Edge, Flowchart, Group, Node

_DIRECTIONS = {"TB": "TB", "TD": "TB", "BT": "BT", "LR": "LR", "RL": "RL"}
_HEAD = re.compile(r"(?:flowchart|graph)\s+(\w+)")
_SUBGRAPH = re.compile(r'subgraph\s+(?P<id>\w+)(?:\s*\[\s*"?(?P<title>[^"\]]*)"?\s*\])?')
_NODE = re.compile(r"(?P<id>\w+)")
_SHAPES = (
    ("((", "))", "circle"),
    ("([", "])", "pill"),
    ("[(", ")]", "store"),
    ("{{", "}}", "hexagon"),
    ("{", "}", "diamond"),
    ("(", ")", "round"),
    ("[", "]", "box"),
)
_CLASSES = re.compile(r":::(\w+)")
_ARROW = re.compile(r'\s*(?P<arrow><?-->|<?==>|<?-\.->|---|===|-\.-|~~~)\s*(?:\|\s*"?(?P<label>[^|]*?)"?\s*\|)?\s*')
_LOOKS = {"-": "solid", "=": "thick", "~": "unseen"}
_BREAK = re.compile(r"<br\s*/?>")
_BOLD = re.compile(r"</?b>")


def read_flowchart(text: str) -> Flowchart:
    """Return the flowchart that a block of Mermaid describes.

    Raises:
        ContentError: the block holds something else; names the line.

    """
    reading = _Reading()
    for number, raw in enumerate(text.splitlines(), 1):
        line = raw.strip()
        if line and not line.startswith("%%") and not reading.take(line):
            raise ContentError(f"line {number} of a diagram is not understood: `{line}`")
    return reading.flowchart()


@dataclass(slots=True)
class _Frame:
    title: str
    direction: str = ""
    members: list[str] = field(default_factory=list)


@dataclass(slots=True)
class _Reading:
    """What was read so far, and which frames are open."""

    nodes: dict[str, Node] = field(default_factory=dict)
    frames: dict[str, _Frame] = field(default_factory=dict)
    edges: list[Edge] = field(default_factory=list)
    open: list[str] = field(default_factory=list)
    named: dict[str, str] = field(default_factory=dict)
    """Which frame first named a node: that of the innermost one wins, as in Mermaid."""

    def take(self, line: str) -> bool:
        if not self.frames:
            head = _HEAD.fullmatch(line)
            direction = _DIRECTIONS.get(head[1]) if head else None
            if direction:
                self.frames[""] = _Frame("", direction)
                self.open.append("")
            return direction is not None
        if line == "end":
            return len(self.open) > 1 and bool(self.open.pop())
        word = line.split(maxsplit=1)[0]
        if word == "classDef":
            return True  # how classes look is the style sheet's to say
        if word == "direction":
            self.frames[self.open[-1]].direction = _DIRECTIONS.get(line.removeprefix("direction").strip(), "")
            return bool(self.frames[self.open[-1]].direction)
        if word == "subgraph":
            return self._begin(line)
        return self._chain(line)

    def _begin(self, line: str) -> bool:
        found = _SUBGRAPH.fullmatch(line)
        if found:
            self.frames[self.open[-1]].members.append(found["id"])
            self.frames[found["id"]] = _Frame(found["title"] or found["id"])
            self.open.append(found["id"])
        return found is not None

    def _chain(self, line: str) -> bool:
        """Read `a --> b --> c`, with shapes and labels, to the line's end."""
        source, at = self._node(line, 0)
        while source and at < len(line):
            arrow = _ARROW.match(line, at)
            if not arrow:
                return False
            target, at = self._node(line, arrow.end())
            if target:
                self.edges.append(Edge(source, target, *_look(arrow["arrow"], arrow["label"] or "")))
            source = target
        return bool(source)

    def _node(self, line: str, at: int) -> tuple[str, int]:
        """Read one node at `at`; return its id and where it ends, or nothing."""
        found = _NODE.match(line, at)
        if not found:
            return "", at
        name, at = found["id"], found.end()
        label, shape = name, ""
        for opening, closing, kind in _SHAPES:
            if line.startswith(opening, at):
                end = _closing(line, at + len(opening), closing)
                label, shape, at = line[at + len(opening) : end].strip().strip('"'), kind, end + len(closing)
                break
        classes = _CLASSES.match(line, at)
        self._keep(name, label, shape, (classes[1],) if classes else ())
        return name, classes.end() if classes else at

    def _keep(self, name: str, label: str, shape: str, classes: tuple[str, ...]) -> None:
        inside = self.open[-1]
        if name in self.frames:
            return
        if name not in self.named or (inside and not self.named[name]):
            if name in self.named:
                self.frames[self.named[name]].members.remove(name)
            self.named[name] = inside
            self.frames[inside].members.append(name)
        known = self.nodes.get(name)
        if shape or not known:
            known = Node(name, _lines(label), shape or "box", known.classes if known else (), "<b>" in label)
        self.nodes[name] = Node(known.id, known.lines, known.shape, (*known.classes, *classes), known.is_strong)

    def flowchart(self) -> Flowchart:
        if len(self.open) != 1:
            raise ContentError("a diagram has no first line `flowchart DIRECTION`, or a subgraph without an end")
        groups = {
            name: Group(name, frame.title, frame.direction, tuple(frame.members)) for name, frame in self.frames.items()
        }
        return Flowchart(self.nodes, groups, tuple(self.edges))


def _closing(line: str, start: int, closing: str) -> int:
    """Return where `closing` stands, past any text in quotes; the line's end where it is missing."""
    if line.startswith('"', start):
        start = max(start, line.find('"', start + 1))
    end = line.find(closing, start)
    return len(line) if end < 0 else end


def _look(arrow: str, label: str) -> tuple[str, tuple[str, ...], str]:
    """Return an arrow's look, its label, and where its tips are."""
    look = "dotted" if "." in arrow else _LOOKS[arrow.lstrip("<")[0]]
    tips = "both" if arrow.startswith("<") else "end" if arrow.endswith(">") else "no"
    return look, _lines(label), tips


def _lines(label: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in _BREAK.split(_BOLD.sub("", label)) if part.strip())
