"""Reading and placing flowcharts: every diagram of the repository, and the rules a reader's eye relies on."""

import re
from itertools import combinations
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from grader.errors import ContentError
from grader.exercise.catalogue import content_root
from grader.site.diagrams.drawing import describe, draw
from grader.site.diagrams.layout import Rectangle, lay_out
from grader.site.diagrams.mermaid import read_flowchart

BLOCK = re.compile(r"^```mermaid\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def written() -> list[Path]:
    """Every Markdown file of the project that may contain diagrams."""
    root = content_root()
    folders = ("exercises", "solutions", "docs", "benchmarks")
    return sorted([*root.glob("*.md"), *(path for name in folders for path in (root / name).rglob("*.md"))])


def diagrams() -> list[tuple[str, str]]:
    """Every block of Mermaid with the file that it is in."""
    return [(path.parent.name, text) for path in written() for text in BLOCK.findall(path.read_text(encoding="utf-8"))]


DIAGRAMS = pytest.mark.parametrize("text", [pytest.param(text, id=where) for where, text in diagrams()])


def test_there_are_diagrams_to_look_at() -> None:
    """The tests below run on the lessons' own diagrams."""
    assert len(diagrams()) >= 11


@DIAGRAMS
def test_every_diagram_of_the_repository_is_drawn(text: str) -> None:
    """Each block of Mermaid is within the part of the language that the site understands, and makes good XML."""
    svg = ET.fromstring(draw(text, "a name", "key"))  # noqa: S314 - drawn here
    assert [child.tag for child in svg][:2] == ["title", "desc"]
    assert len(svg.findall("path[@class]")) == sum(edge.look != "unseen" for edge in read_flowchart(text).edges)


@DIAGRAMS
def test_no_two_boxes_of_a_diagram_overlap(text: str) -> None:
    """A box is never over another one, and never half in a frame."""
    chart = read_flowchart(text)
    layout = lay_out(chart)
    for one, other in combinations(chart.nodes, 2):
        assert not overlap(layout.rectangles[one], layout.rectangles[other]), (one, other)
    for group in chart.groups.values():
        for name in layout.rectangles:
            if group.id and name != group.id:
                frame, box = layout.rectangles[group.id], layout.rectangles[name]
                assert not overlap(frame, box) or inside(box, frame) or inside(frame, box), (group.id, name)


@DIAGRAMS
def test_all_boxes_are_within_the_drawing(text: str) -> None:
    """Nothing is cut off at the edge."""
    layout = lay_out(read_flowchart(text))
    whole = Rectangle(layout.width / 2, layout.height / 2, layout.width, layout.height)
    assert all(inside(box, whole) for box in layout.rectangles.values())


def test_the_direction_is_that_of_the_arrows() -> None:
    """What an arrow points to lies to the right, below or above, as the first line says."""
    for word, axis, sign in (("LR", "x", 1), ("RL", "x", -1), ("TB", "y", 1), ("TD", "y", 1), ("BT", "y", -1)):
        boxes = lay_out(read_flowchart(f"flowchart {word}\n a --> b")).rectangles
        assert (getattr(boxes["b"], axis) - getattr(boxes["a"], axis)) * sign > 0, word


def test_a_circle_of_arrows_is_drawn_too() -> None:
    """Arrows that lead back to where they came from end nowhere in a loop of ours."""
    boxes = lay_out(read_flowchart("flowchart LR\n a --> b --> c --> a")).rectangles
    assert boxes["a"].x < boxes["b"].x < boxes["c"].x


def test_an_arrow_into_a_frame_passes_beside_the_boxes_in_front() -> None:
    """The way to a box in the second row does not go through the first row's."""
    text = "flowchart TB\n out --> second\n subgraph frame [a frame]\n first --> second\n end"
    layout = lay_out(read_flowchart(text))
    first, route = layout.rectangles["first"], layout.routes[0]
    at_first = [x for x, y in route.bends if abs(y - first.y) <= first.height / 2]
    assert at_first
    assert all(abs(x - first.x) > first.width / 2 for x in at_first)


def test_shapes_labels_and_classes_are_read() -> None:
    """Text in quotes may contain brackets; line breaks break; a later mention with a class adds it."""
    chart = read_flowchart(
        'flowchart LR\n a["one [1]<br/>two"] ==>|"why<br/>not"| b((c))\n c{{d}} -.-> e([f]) ~~~ a\n a:::again\n'
        " g[(h)] <--> i{j} --- a\n"
    )
    assert chart.nodes["a"].lines == ("one [1]", "two")
    assert [chart.nodes[name].shape for name in "abcegi"] == [
        "box",
        "circle",
        "hexagon",
        "pill",
        "store",
        "diamond",
    ]
    assert chart.nodes["a"].classes == ("again",)
    assert [(edge.source, edge.target, edge.look, edge.label, edge.tips) for edge in chart.edges] == [
        ("a", "b", "thick", ("why", "not"), "end"),
        ("c", "e", "dotted", (), "end"),
        ("e", "a", "unseen", (), "no"),
        ("g", "i", "solid", (), "both"),
        ("i", "a", "solid", (), "no"),
    ]


def test_a_frames_title_is_on_a_plate_above_the_arrows() -> None:
    """An arrow into the frame passes behind it."""
    drawn = draw("flowchart TB\n out --> first\n subgraph frame [a long title of a frame]\n first\n end", "name", "key")
    title = drawn.index('<g class="frame-title"><rect')
    assert title > drawn.rindex('<path class="arrow')
    assert drawn.index("a long title of a frame</text>") > title


def test_a_diagram_is_also_said_in_words() -> None:
    """Who cannot see the drawing hears the same: frames with what is in them, arrows with their labels."""
    chart = read_flowchart('flowchart LR\n subgraph s ["a stage"]\n a["x"]\n end\n a -->|copies| b["y"]')
    assert describe(chart) == "a stage: x. x → y (copies)."


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("sequenceDiagram\n a->>b: hello", "line 1"),
        ("flowchart LR\n a --> b\n click a href", "line 3"),
        ("flowchart LR\n a --x b", "line 2"),
        ("flowchart LR\n end", "line 2"),
        ("flowchart XY\n a --> b", "line 1"),
    ],
)
def test_what_is_not_understood_is_refused_by_its_line(text: str, line: str) -> None:
    """No diagram is drawn half: the author learns which line it is."""
    with pytest.raises(ContentError, match=line):
        read_flowchart(text)


def test_a_frame_without_an_end_is_refused() -> None:
    """What is missing at the end is said, too."""
    with pytest.raises(ContentError, match="subgraph without an end"):
        read_flowchart("flowchart LR\n subgraph a\n b")


def test_text_cannot_become_markup() -> None:
    """A label with angle brackets is text in the drawing."""
    svg = draw('flowchart LR\n a["<script>alert(1)</script>"] -->|"<i>"| b', "<name>", "key")
    assert "<script>" not in svg
    assert "<i>" not in svg
    assert "&lt;name&gt;" in svg


def overlap(one: Rectangle, other: Rectangle) -> bool:
    """Tell whether two rectangles share room."""
    return (
        abs(one.x - other.x) < (one.width + other.width) / 2 - 0.01
        and abs(one.y - other.y) < (one.height + other.height) / 2 - 0.01
    )


def inside(inner: Rectangle, outer: Rectangle) -> bool:
    """Tell whether one rectangle is completely in another."""
    return (
        abs(inner.x - outer.x) <= (outer.width - inner.width) / 2 + 0.01
        and abs(inner.y - outer.y) <= (outer.height - inner.height) / 2 + 0.01
    )
