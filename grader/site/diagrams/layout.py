"""Where the parts of a flowchart go: each group is laid out by itself and is one box in the group around it.

An arrow into a group that has to pass other boxes there gets a way next to them. How it looks is `drawing.py`.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from grader.site.diagrams.layers import Box, Link, Placing, place
from grader.site.diagrams.model import Edge, Flowchart, Node
from grader.site.diagrams.text_size import LINE, width, wrapped

Point = tuple[float, float]

GAP = 36.0
TITLE = 32.0
_INSIDE = 18.0
_PADDING = 13.0
_MOST_LETTERS = 30
_MOST_ON_ARROW = 20
STORE_LID = 12.0
"""How high a drum's lid is drawn."""
_FLIPPED = {"BT", "RL"}


@dataclass(frozen=True, slots=True)
class Rectangle:
    """A part's middle, width and height, in pixels."""

    x: float
    y: float
    width: float
    height: float


@dataclass(slots=True)
class LineRoute:
    """The way of one arrow from box to box: points between them, where its label stands, its direction."""

    edge: Edge
    direction: str
    leaving: list[Point] = field(default_factory=list)
    between: list[Point] = field(default_factory=list)
    arriving: list[Point] = field(default_factory=list)
    label: Point | None = None

    @property
    def bends(self) -> list[Point]:
        """All points between the two boxes, in order."""
        return [*self.leaving, *self.between, *self.arriving]

    def shift(self, x: float, y: float) -> None:
        """Move what is known of it so far."""
        for points in (self.leaving, self.between, self.arriving):
            points[:] = [(at + x, down + y) for at, down in points]
        if self.label:
            self.label = (self.label[0] + x, self.label[1] + y)


@dataclass(slots=True)
class Layout:
    """The drawing's size; rectangles of nodes and groups by id; routes in the order of the edges."""

    width: float
    height: float
    rectangles: dict[str, Rectangle]
    routes: tuple[LineRoute, ...]


def lay_out(chart: Flowchart) -> Layout:
    """Return where everything goes, the upper left corner being 0, 0."""
    return _Layout(chart).run()


def label_lines(edge: Edge, direction: str) -> tuple[str, ...]:
    """Return a label as it is broken into lines: shorter ones where it is in the way of the arrows."""
    return wrapped(edge.label, _MOST_LETTERS if direction in ("TB", "BT") else _MOST_ON_ARROW)


def node_lines(node: Node) -> tuple[str, ...]:
    """Return a node's text as it is broken into lines."""
    return wrapped(node.lines, _MOST_LETTERS)


class _Layout:
    def __init__(self, chart: Flowchart) -> None:
        self.chart = chart
        self.parents = {member: group.id for group in chart.groups.values() for member in group.members}
        self.homes = [self._meeting(edge) for edge in chart.edges]
        self.directions: dict[str, str] = {}
        for name in chart.groups:  # a group comes before those in it
            own = chart.groups[name].direction if name in self.homes else ""
            self.directions[name] = own or self.directions.get(self.parents.get(name, ""), "TB")
        self.directions[""] = chart.groups[""].direction
        self.routes = [
            LineRoute(edge, self.directions[home]) for edge, home in zip(chart.edges, self.homes, strict=True)
        ]
        self.rectangles: dict[str, Rectangle] = {}

    def run(self) -> Layout:
        size = self._group("")
        return Layout(size[0], size[1], self.rectangles, tuple(self.routes))

    def _chain(self, name: str) -> list[str]:
        """Return the groups around something, the innermost first."""
        found = []
        while name in self.parents:
            name = self.parents[name]
            found.append(name)
        return found

    def _meeting(self, edge: Edge) -> str:
        around = self._chain(edge.target)
        return next(name for name in self._chain(edge.source) if name in around)

    def _member(self, name: str, group: str) -> str:
        """Return the member of `group` that `name` is, or is in; empty if it is outside."""
        for candidate in (name, *self._chain(name)):
            if self.parents.get(candidate) == group:
                return candidate
        return ""

    def _under(self, name: str) -> Iterator[str]:
        for member in self.chart.groups[name].members:
            yield member
            if member in self.chart.groups:
                yield from self._under(member)

    def _group(self, name: str) -> tuple[float, float]:
        """Lay out a group's members around 0, 0 as its upper left corner; return its size."""
        group, direction = self.chart.groups[name], self.directions[name]
        sizes = {member: self._size(member) for member in group.members}
        boxes = {member: _box(size, direction) for member, size in sizes.items()}
        inner = [number for number, home in enumerate(self.homes) if home == name]
        links = [self._link(number, name, sizes) for number in inner]
        placing = place(boxes, links, GAP)
        ports = self._ports(name, placing)
        if ports:
            placing = _with_ports(boxes, links, placing, ports)
        edge_room, top = (_INSIDE, TITLE) if name else (0.0, 0.0)
        title = 1.1 * width(group.title) + 2 * edge_room
        slack = max(0.0, title - _size_of(placing, direction)[0] - 2 * edge_room)
        turn = _Turn(direction, placing, edge_room + slack / 2, edge_room / 2 + top)
        for member, place_of in placing.places.items():
            if member in sizes:
                self._put(member, turn(place_of), sizes[member])
        for index, number in enumerate(inner):
            route, label = self.routes[number], placing.labels[index]
            route.between = [turn(point) for point in placing.bends[index]]
            route.label = turn(label) if label else None
        for index, port in enumerate(ports, len(links)):
            bends = [turn(point) for point in placing.bends[index]]
            route = self.routes[port.number]
            if port.leaves:
                route.leaving += [*bends, turn(placing.places[port.name])]
            else:
                route.arriving[:0] = [turn(placing.places[port.name]), *bends]
        wide, high = _size_of(placing, direction)
        return wide + slack + 2 * edge_room, high + 1.5 * edge_room + top

    def _size(self, member: str) -> tuple[float, float]:
        return self._group(member) if member in self.chart.groups else _node_size(self.chart.nodes[member])

    def _put(self, member: str, middle: Point, size: tuple[float, float]) -> None:
        """Set a member's middle; with a group all that is in it moves along."""
        x, y = middle[0] - size[0] / 2, middle[1] - size[1] / 2
        self.rectangles[member] = Rectangle(*middle, *size)
        if member not in self.chart.groups:
            return
        inside = set(self._under(member))
        for name in inside:
            old = self.rectangles[name]
            self.rectangles[name] = Rectangle(old.x + x, old.y + y, old.width, old.height)
        for route in self.routes:
            if {route.edge.source, route.edge.target} & inside:
                self._shift(route, member, inside, x, y)

    def _shift(self, route: LineRoute, member: str, inside: set[str], x: float, y: float) -> None:
        """Move the part of a route that was laid out in `member`: all of it, or its one end."""
        ends = (route.edge.source in inside, route.edge.target in inside)
        if all(ends) or member in (route.edge.source, route.edge.target):
            route.shift(x, y)
            return
        points = route.leaving if ends[0] else route.arriving
        points[:] = [(at + x, down + y) for at, down in points]

    def _link(self, number: int, group: str, sizes: dict[str, tuple[float, float]]) -> Link:
        edge, direction = self.chart.edges[number], self.directions[group]
        label = None
        if edge.label:
            lines = label_lines(edge, direction)
            label = _box((max(width(line) for line in lines) + 10, LINE * len(lines)), direction, 14.0)
        source, target = self._member(edge.source, group), self._member(edge.target, group)
        route = self.routes[number]
        start = self._offset(edge.source, source, sizes[source], direction, route.leaving[-1:])
        end = self._offset(edge.target, target, sizes[target], direction, route.arriving[:1])
        return Link(source, target, label, start, end)

    def _offset(
        self, name: str, member: str, size: tuple[float, float], direction: str, crossing: list[Point]
    ) -> float:
        """Return how far across from the middle of `member` an arrow meets it that leads to `name`, deeper in it."""
        if name == member:
            return 0.0
        box = self.rectangles[name]
        axis = 0 if direction in ("TB", "BT") else 1
        return (crossing[0] if crossing else (box.x, box.y))[axis] - size[axis] / 2

    def _ports(self, name: str, placing: Placing) -> list["_Port"]:
        """Find the arrows that cross the group's frame in its own direction and have other layers to pass."""
        found = []
        for number, edge in enumerate(self.chart.edges):
            if self.routes[number].direction != self.directions[name]:
                continue
            source, target = self._member(edge.source, name), self._member(edge.target, name)
            if source and not target and placing.ranks[source] < placing.last_rank:
                found.append(_Port(number, source, leaves=True))
            if target and not source and placing.ranks[target] > 0:
                found.append(_Port(number, target, leaves=False))
        return found


@dataclass(frozen=True, slots=True)
class _Port:
    """Where an arrow crosses a frame, and which member it belongs to."""

    number: int
    member: str
    leaves: bool

    @property
    def name(self) -> str:
        return f"port:{self.number}"


def _with_ports(boxes: dict[str, Box], links: list[Link], first: Placing, ports: Sequence[_Port]) -> Placing:
    """Place again with a layer in front and one behind for the ports."""
    ranks = {name: rank + 1 for name, rank in first.ranks.items()}
    ranks |= {port.name: first.last_rank + 2 if port.leaves else 0 for port in ports}
    ways = [Link(port.member, port.name) if port.leaves else Link(port.name, port.member) for port in ports]
    return place({**boxes, **{port.name: Box(6, 0) for port in ports}}, [*links, *ways], GAP, ranks)


@dataclass(frozen=True, slots=True)
class _Turn:
    """Turns (across, along) into (x, y) for a direction, and moves it by a margin."""

    direction: str
    placing: Placing
    left: float
    top: float

    def __call__(self, point: Point) -> Point:
        across, along = point
        if self.direction in _FLIPPED:
            along = self.placing.along - along
        x, y = (across, along) if self.direction in ("TB", "BT") else (along, across)
        return x + self.left, y + self.top


def _size_of(placing: Placing, direction: str) -> tuple[float, float]:
    size = (placing.across, placing.along)
    return size if direction in ("TB", "BT") else (size[1], size[0])


def _box(size: tuple[float, float], direction: str, gap: float = 28.0) -> Box:
    return Box(*size, gap) if direction in ("TB", "BT") else Box(size[1], size[0], min(gap, 16.0))


def _node_size(node: Node) -> tuple[float, float]:
    lines = node_lines(node)
    wide = max((width(line) for line in lines), default=0.0) + 2 * _PADDING
    high = LINE * max(1, len(lines)) + 2 * _PADDING - 4
    if node.shape == "circle":
        return max(wide, high), max(wide, high)
    if node.shape == "diamond":
        return wide * 1.6, high * 1.6
    if node.shape == "store":
        return wide + 8, high + 2 * STORE_LID
    return wide + (26 if node.shape == "hexagon" else 10 if node.shape == "pill" else 0), high
