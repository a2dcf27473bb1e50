"""What `workshop layers` shows of a weighed image: at a terminal, as a page and as JSON."""

import json
import unicodedata
from collections.abc import Callable
from dataclasses import replace
from itertools import combinations

import pytest
from rich.cells import cell_len

from grader.image.weights import PathWeight, Weighed
from grader.reports import layers_html, layers_json, layers_terminal
from grader.reports.layers_treemap import HEIGHT, WIDTH, cells
from tests.reports.reading_html import Page, wrongs
from tests.reports.test_html import STYLE
from tests.reports.weighed_samples import EMPTY, HOSTILE, LEAVES_BYTES_BEHIND

RENDERINGS: dict[str, Callable[[Weighed], str]] = {
    "layers.json": layers_json.render,
    "layers.html": lambda weighed: STYLE.sub("", layers_html.render(weighed)),
    "terminal-80.txt": lambda weighed: layers_terminal.render(weighed, width=80),
    "terminal-40-ascii.txt": lambda weighed: layers_terminal.render(weighed, width=40, unicode=False),
}
samples = pytest.mark.parametrize("weighed", [LEAVES_BYTES_BEHIND, HOSTILE, EMPTY], ids=["usual", "hostile", "empty"])


@pytest.mark.parametrize("name", RENDERINGS)
def test_a_report_is_word_for_word_its_golden_file(name: str, must_be_golden: Callable[[str, str, str], None]) -> None:
    """A change of words is seen and read before it lands."""
    must_be_golden("layers", name, RENDERINGS[name](LEAVES_BYTES_BEHIND))


@samples
@pytest.mark.parametrize("width", [40, 57, 80, 100])
@pytest.mark.parametrize("unicode", [True, False])
def test_the_terminal_gets_plain_lines_that_fit(weighed: Weighed, width: int, unicode: bool) -> None:  # noqa: FBT001
    """No control character gets through, no line is too long, ASCII is ASCII."""
    rendered = layers_terminal.render(weighed, width=width, unicode=unicode)
    assert not {c for c in rendered if unicodedata.category(c) in ("Cc", "Cf", "Cs")} - {"\n"}
    assert max(map(cell_len, rendered.splitlines())) <= width
    assert unicode or rendered.isascii()


@samples
def test_a_page_is_well_made_and_fetches_nothing(weighed: Weighed) -> None:
    """Also with paths that try to be markup."""
    rendered = layers_html.render(weighed)
    assert wrongs(Page(rendered)) == []
    assert rendered.isascii()


@samples
def test_json_can_be_read_back(weighed: Weighed) -> None:
    """Sums are those of the parts."""
    data = json.loads(layers_json.render(weighed))
    assert data["schema"] == "workshop/layers/v1"
    assert data["size"] == sum(layer["size"] for layer in data["layers"])
    assert [layer["size"] for layer in data["layers"]] == [
        sum(path["size"] for path in layer["paths"]) for layer in data["layers"]
    ]


def test_what_is_hidden_is_told_in_each_report() -> None:
    """The lesson of this command: deleting in a later layer takes nothing away."""
    assert "15.0 MB  of it hidden by later layers" in layers_terminal.render(LEAVES_BYTES_BEHIND)
    assert "15.0 MB hidden by later layers" in Page(layers_html.render(LEAVES_BYTES_BEHIND)).words("strong")
    assert json.loads(layers_json.render(LEAVES_BYTES_BEHIND))["hidden"] == 15_000_000


def test_budgets_are_compared_with_what_they_are_about() -> None:
    """The complete image with one, what it adds to its base with the other."""
    told = layers_terminal.render(LEAVES_BYTES_BEHIND, width=100)
    assert "28.0 MB over the budget" in told
    assert "What it adds is 21.0 MB over the budget of 9.0 MB." in told
    within = replace(LEAVES_BYTES_BEHIND, added_budget=31_000_000)
    assert "What it adds is within the budget of 31.0 MB." in layers_terminal.render(within, width=100)


def test_an_image_by_name_is_compared_with_nothing() -> None:
    """There is no budget and no starter for it."""
    told = layers_terminal.render(replace(LEAVES_BYTES_BEHIND, subject="a:b", title="a:b", added_budget=None))
    assert told.startswith("a:b\n  38.0 MB: 8.0 MB from alpine:latest, 30.0 MB in 4 layers of its own.\n")
    assert "budget" not in told


class TestTreemap:
    """`cells`."""

    def test_areas_are_bytes(self) -> None:
        """The eye compares what the figures say."""
        found = [cell for cell in cells(LEAVES_BYTES_BEHIND) if cell.name in ("/opt/go/go", "/opt/go/gofmt")]
        large, small = (cell.box.width * cell.box.height for cell in found)
        assert large / small == pytest.approx(3)

    def test_cells_lie_in_the_drawing_and_not_upon_each_other(self) -> None:
        """Each byte is drawn once."""
        boxes = [cell.box for cell in cells(LEAVES_BYTES_BEHIND)]
        assert all(box.x >= 0 and box.y >= 0 for box in boxes)
        assert all(box.x + box.width <= WIDTH + 0.1 and box.y + box.height <= HEIGHT + 0.1 for box in boxes)
        for one, other in combinations(boxes, 2):
            across = min(one.x + one.width, other.x + other.width) - max(one.x, other.x)
            down = min(one.y + one.height, other.y + other.height) - max(one.y, other.y)
            assert min(across, down) < 0.1

    def test_the_base_is_grey_and_each_own_layer_has_its_colour(self) -> None:
        """What the learner did is distinguished from what came with the base."""
        hues = {cell.name: cell.hue for cell in cells(LEAVES_BYTES_BEHIND)}
        assert hues["/bin/busybox"] is None
        assert hues["/opt/go/go"] == hues["/opt/go/gofmt"] != hues["/greeter"]

    def test_specks_are_left_out(self) -> None:
        """A cell of a fraction of a pixel shows nothing."""
        assert "/src/main.go" not in {cell.name for cell in cells(LEAVES_BYTES_BEHIND)}

    def test_a_path_that_is_hidden_is_marked(self) -> None:
        """Hatched in the page."""
        assert [cell.name for cell in cells(LEAVES_BYTES_BEHIND) if cell.is_hidden] == ["/opt/go/go"]


def test_a_long_path_keeps_its_ends() -> None:
    """Where it is and what it is called are what one looks for."""
    path = PathWeight("/root/" + "a" * 200 + "/libx.so", 8_000_000, 0)
    layers = (LEAVES_BYTES_BEHIND.image.layers[0],)
    weighed = replace(
        LEAVES_BYTES_BEHIND, image=replace(LEAVES_BYTES_BEHIND.image, layers=layers), paths=((path,),), files=(1,)
    )
    told = layers_terminal.render(weighed, width=60)
    assert "/root/aaa" in told
    assert "…" in told
    assert "aaa/libx.so\n" in told
