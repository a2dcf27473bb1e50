"""A laid out flowchart as SVG with a name and a description. Colours and fonts are those of the page around it."""

from collections import defaultdict
from html import escape

from grader.site.diagrams.layout import (
    STORE_LID,
    TITLE,
    Layout,
    LineRoute,
    Point,
    Rectangle,
    label_lines,
    lay_out,
    node_lines,
)
from grader.site.diagrams.mermaid import read_flowchart
from grader.site.diagrams.model import Flowchart, Node
from grader.site.diagrams.text_size import LINE, is_code, width

_MARGIN = 6
_TIP = 2.0
"""How far before the box an arrow ends; its head reaches the box."""
_SPREAD = 16.0
_BASELINE = 5.0
_TIP_BOX = (
    'viewBox="0 0 8 8" refX="6.5" refY="4" markerWidth="8" markerHeight="8" '
    'markerUnits="userSpaceOnUse" orient="auto-start-reverse"'
)
_BOLD = 1.1
"""How much wider a frame's title is than the same words in a box: it is bold."""
_CODE = ' class="code"'


def draw(text: str, name: str, key: str) -> str:
    """Return the SVG of a block of Mermaid; `name` says what it shows, `key` makes its ids its own on the page.

    Raises:
        ContentError: the block is not within the part of the language that is understood.

    """
    return draw_chart(read_flowchart(text), name, key)


def draw_chart(chart: Flowchart, name: str, key: str) -> str:
    """Return the SVG of a flowchart, as `draw` does."""
    layout = lay_out(chart)
    wide, high = layout.width + 2 * _MARGIN, layout.height + 2 * _MARGIN
    routes = [route for route in layout.routes if route.edge.look != "unseen"]
    ends = _ends(routes, layout)
    box = f'width="{wide:.0f}" height="{high:.0f}" viewBox="{-_MARGIN} {-_MARGIN} {wide:.0f} {high:.0f}"'
    parts = [
        f'<svg class="diagram" role="img" aria-labelledby="{key}-name {key}-said" {box}>',
        f'<title id="{key}-name">{escape(name)}</title><desc id="{key}-said">{escape(describe(chart))}</desc>',
        f'<defs><marker id="{key}-tip" {_TIP_BOX}><path class="tip" d="M0 0.5L8 4L0 7.5z"/></marker></defs>',
        *(_frame(layout.rectangles[group.id]) for group in chart.groups.values() if group.id),
        *(_arrow(route, *ends[index], key) for index, route in enumerate(routes)),
        *(_node(node, layout.rectangles[node.id]) for node in chart.nodes.values()),
        *(_label(route) for route in routes),
        *(_frame_title(layout.rectangles[group.id], group.title) for group in chart.groups.values() if group.id),
        "</svg>",
    ]
    return "".join(parts)


def describe(chart: Flowchart) -> str:
    """Say in sentences what the drawing shows."""
    names = {node.id: " ".join(node.lines) for node in chart.nodes.values()}
    names |= {group.id: group.title for group in chart.groups.values()}
    said = [
        f"{group.title}: {', '.join(names[member] for member in group.members)}."
        for group in chart.groups.values()
        if group.id
    ]
    for edge in chart.edges:
        if edge.look != "unseen":
            label = f" ({' '.join(edge.label)})" if edge.label else ""
            said.append(f"{names[edge.source]} → {names[edge.target]}{label}.")
    return " ".join(said)


def _ends(routes: list[LineRoute], layout: Layout) -> list[tuple[Point, Point]]:
    """Return where each arrow begins and ends; those that share a side of a box are spread along it."""
    sides: dict[tuple[str, int], list[tuple[float, int, int]]] = defaultdict(list)
    points: list[list[Point]] = [[(0.0, 0.0), (0.0, 0.0)] for _ in routes]
    for index, route in enumerate(routes):
        source, target = layout.rectangles[route.edge.source], layout.rectangles[route.edge.target]
        bends = route.bends
        seen = (bends[0] if bends else (target.x, target.y), bends[-1] if bends else (source.x, source.y))
        for end, (box, other) in enumerate(((source, seen[0]), (target, seen[1]))):
            along, across = _axes(route)
            sign = 1 if other[along] > (box.x, box.y)[along] else -1
            name = route.edge.target if end else route.edge.source
            sides[name, sign * (along + 1)].append((other[across], index, end))
    for (name, side), found in sides.items():
        box = layout.rectangles[name]
        along = abs(side) - 1
        room = (box.height if along == 0 else box.width) - 16
        step = min(_SPREAD, room / len(found))
        for at, (_, index, end) in enumerate(sorted(found)):
            shift = (at - (len(found) - 1) / 2) * step
            far = (box.width if along == 0 else box.height) / 2 + (_TIP if end else 0)
            reach = far if side > 0 else -far
            points[index][end] = (box.x + reach, box.y + shift) if along == 0 else (box.x + shift, box.y + reach)
    return [(start, end) for start, end in points]


def _axes(route: LineRoute) -> tuple[int, int]:
    return (1, 0) if route.direction in ("TB", "BT") else (0, 1)


def _arrow(route: LineRoute, start: Point, end: Point, key: str) -> str:
    """Draw a smooth way that leaves each point in the arrow's direction."""
    along, _ = _axes(route)
    path = f"M{_xy(start)}"
    at = start
    for point in (*route.bends, end):
        middle = (at[along] + point[along]) / 2
        first, second = ((middle, at[1]), (middle, point[1])) if along == 0 else ((at[0], middle), (point[0], middle))
        path += f"C{_xy(first)} {_xy(second)} {_xy(point)}"
        at = point
    tip = f'url(#{key}-tip)"'
    tips = {"end": f' marker-end="{tip}', "both": f' marker-start="{tip} marker-end="{tip}', "no": ""}[route.edge.tips]
    return f'<path class="arrow {route.edge.look}" d="{path}"{tips}/>'


def _xy(point: Point) -> str:
    return f"{point[0]:.1f},{point[1]:.1f}"


def _frame(box: Rectangle) -> str:
    x, y = box.x - box.width / 2, box.y - box.height / 2
    size = f'width="{box.width:.1f}" height="{box.height:.1f}" rx="10"'
    return f'<g class="frame"><rect x="{x:.1f}" y="{y:.1f}" {size}/></g>'


def _frame_title(box: Rectangle, title: str) -> str:
    """Write the title on a plate of its own above the arrows, which pass behind it."""
    x, y = box.x - box.width / 2 + 18, box.y - box.height / 2 + TITLE - 5
    wide = width(title) * _BOLD
    plate = f'<rect x="{x - 4:.1f}" y="{y - LINE + 5:.1f}" width="{wide + 8:.1f}" height="{LINE:.1f}" rx="3"/>'
    return f'<g class="frame-title">{plate if title else ""}<text x="{x:.1f}" y="{y:.1f}">{escape(title)}</text></g>'


def _node(node: Node, box: Rectangle) -> str:
    classes = " ".join(("node", *(["strong"] if node.is_strong else []), *node.classes))
    return f'<g class="{escape(classes)}">{_shape(node.shape, box)}{_text(node_lines(node), (box.x, box.y))}</g>'


def _shape(shape: str, box: Rectangle) -> str:
    left, top = box.x - box.width / 2, box.y - box.height / 2
    if shape == "circle":
        return f'<circle cx="{box.x:.1f}" cy="{box.y:.1f}" r="{box.width / 2:.1f}"/>'
    if shape == "hexagon":
        right, low, cut = left + box.width, top + box.height, 13.0
        corners = ((left, box.y), (left + cut, top), (right - cut, top), (right, box.y), (right - cut, low))
        points = " ".join(_xy(corner) for corner in (*corners, (left + cut, low)))
        return f'<polygon points="{points}"/>'
    if shape == "diamond":
        across, down = box.width / 2, box.height / 2
        ends = ((left, box.y), (box.x, top), (box.x + across, box.y), (box.x, box.y + down))
        points = " ".join(_xy(end) for end in ends)
        return f'<polygon points="{points}"/>'
    if shape == "store":
        return f'<path d="{_store(box)}"/>'
    radius = box.height / 2 if shape == "pill" else 12 if shape == "round" else 5
    size = f'width="{box.width:.1f}" height="{box.height:.1f}" rx="{radius:.1f}"'
    return f'<rect x="{left:.1f}" y="{top:.1f}" {size}/>'


def _store(box: Rectangle) -> str:
    """Draw a drum: its side, and the front edge of its lid."""
    left, right, bow = box.x - box.width / 2, box.x + box.width / 2, STORE_LID / 2
    high, low = box.y - box.height / 2 + bow, box.y + box.height / 2 - bow
    arc = f"A{box.width / 2:.1f},{bow:.1f} 0 0"
    side = f"M{_xy((left, high))}{arc} 1 {_xy((right, high))}V{low:.1f}{arc} 1 {_xy((left, low))}Z"
    return f"{side}M{_xy((left, high))}{arc} 0 {_xy((right, high))}"


def _text(lines: tuple[str, ...], middle: Point) -> str:
    top = middle[1] - LINE * (len(lines) - 1) / 2 + _BASELINE
    said = (
        f'<tspan{_CODE if is_code(line) else ""} x="{middle[0]:.1f}" y="{top + LINE * at:.1f}">{escape(line)}</tspan>'
        for at, line in enumerate(lines)
    )
    return f"<text>{''.join(said)}</text>"


def _label(route: LineRoute) -> str:
    if not route.edge.label or not route.label:
        return ""
    x, y = route.label
    lines = label_lines(route.edge, route.direction)
    wide = max(width(line) for line in lines) + 8
    high = LINE * len(lines)
    back = f'<rect x="{x - wide / 2:.1f}" y="{y - high / 2:.1f}" width="{wide:.1f}" height="{high:.1f}" rx="3"/>'
    return f'<g class="label">{back}{_text(lines, (x, y))}</g>'
