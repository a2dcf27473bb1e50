"""`workshop layers` on a real engine: an answer, an image, and names that are neither or both."""

import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from grader.engine.client import Engine
from grader.engine.connection import connect
from grader.engine.model import BuildRequest
from tests.cli.running import Ran, Workshop
from tests.reports.reading_html import Page, wrongs

pytestmark = pytest.mark.engine

LEAVES_BYTES_BEHIND = """FROM busybox
RUN dd if=/dev/zero of=/big bs=1000 count=3000 && echo kept > /kept
RUN rm /big
COPY greeting.txt /www/index.html
CMD ["httpd", "-f", "-p", "8080", "-h", "/www"]
"""
Weigh = Callable[..., Ran]


@pytest.fixture
def engine() -> Iterator[Engine]:
    """The engine, to see what it has."""
    engine = connect()
    yield engine
    engine.close()


@pytest.fixture
def weigh(workshop: Workshop, tmp_path: Path) -> Weigh:
    """Hand in a Dockerfile for exercise 01 and weigh it."""

    def run(dockerfile: str, *more: str | Path) -> Ran:
        handed_in = tmp_path / "handed-in"
        handed_in.mkdir(exist_ok=True)
        (handed_in / "Dockerfile").write_text(dockerfile, encoding="utf-8")
        return workshop("layers", "01", "--submission", handed_in, *more)

    return run


def test_each_layer_of_an_answer_has_its_line_its_bytes_and_what_is_hidden(weigh: Weigh) -> None:
    """Deleting in a later layer takes nothing away, and the figures say so."""
    ran = weigh(LEAVES_BYTES_BEHIND, "--format", "json", "--quiet")
    assert (ran.code, ran.err) == (0, "")
    told = ran.verdict
    own = [layer for layer in told["layers"] if not layer["from_base"]]
    assert (told["schema"], told["subject"], told["base"]) == ("workshop/layers/v1", "go-single-stage", "busybox")
    assert [layer["line"] for layer in own] == [2, 3, 4]
    assert [(layer["size"], layer["hidden"]) for layer in own[:2]] == [(3_000_005, 3_000_000), (0, 0)]
    assert own[0]["paths"][0] == {"path": "/big", "size": 3_000_000, "hidden": 3_000_000, "is_rest": False}
    assert told["size"] == sum(layer["size"] for layer in told["layers"])
    assert told["added"] == sum(layer["size"] for layer in own)


def test_nothing_is_left_behind(weigh: Weigh, engine: Engine) -> None:
    """The image that was built for weighing goes when it has been weighed."""
    mark = ("mark", uuid.uuid4().hex)
    assert weigh(f"FROM busybox\nLABEL {mark[0]}={mark[1]}\n").code == 0
    inspected = [engine.inspect_image(name) for name in engine.image_references()]
    assert not [image.tags for image in inspected if image and mark in image.labels]


def test_the_page_goes_to_a_file_and_nothing_to_standard_output(weigh: Weigh, tmp_path: Path) -> None:
    """What is written is what a browser opens."""
    ran = weigh(LEAVES_BYTES_BEHIND, "--format", "html", "--output", tmp_path / "page.html")
    assert (ran.code, ran.out) == (0, "")
    page = Page((tmp_path / "page.html").read_text("utf-8"))
    assert wrongs(page) == []
    assert "RUN rm /big" in page.words("code")


def test_what_does_not_build_is_said_in_one_line(weigh: Weigh) -> None:
    """There is nothing to weigh; that is the answer's fault, not the machine's."""
    ran = weigh("FROM busybox\nRUN false\n", "--quiet")
    assert (ran.code, ran.out) == (1, "")
    assert ran.err.startswith("workshop: There is nothing to weigh: ")
    assert "RUN false" in ran.err
    assert ran.err.count("\n") == 1


def test_an_image_of_the_engine_is_weighed_upon_the_image_that_it_rests_on(workshop: Workshop, engine: Engine) -> None:
    """Its name or the beginning of its ID will do; an image that no other lies under is all its own."""
    ran = workshop("layers", "busybox", "--format", "json")
    assert ran.code == 0, ran.err
    assert (ran.verdict["subject"], ran.verdict["base"]) == ("busybox", "")
    inspected = engine.inspect_image("busybox")
    assert inspected
    by_id = workshop("layers", inspected.id.removeprefix("sha256:")[:12], "--format", "json")
    assert by_id.verdict["layers"] == ran.verdict["layers"]


@pytest.fixture
def upon_busybox(engine: Engine, tmp_path: Path) -> Iterator[str]:
    """An image with one layer upon busybox."""
    (tmp_path / "Dockerfile").write_text("FROM busybox\nRUN echo 12345 > /own\n", encoding="utf-8")
    tag = f"workshop-test/upon-busybox:{uuid.uuid4().hex[:8]}"
    assert engine.build(BuildRequest(tmp_path, tag)).built
    yield tag
    engine.remove_image(tag)


def test_the_layers_of_the_image_below_are_told_from_its_own(
    workshop: Workshop, engine: Engine, upon_busybox: str
) -> None:
    """What came with the base is not what the instruction added."""
    told = workshop("layers", upon_busybox, "--format", "json", "--quiet").verdict
    below, busybox = engine.inspect_image(told["base"]), engine.inspect_image("busybox")
    assert below
    assert busybox
    assert below.diff_ids == busybox.diff_ids
    assert [layer["size"] for layer in told["layers"] if not layer["from_base"]] == [6]
    assert told["added"] == 6


@pytest.fixture
def namesake(engine: Engine) -> Iterator[str]:
    """An image that is called as an exercise is."""
    name = "go-scratch:latest"
    assert engine.inspect_image(name) is None
    engine.tag("busybox", "go-scratch")
    yield name
    engine.remove_image(name)


def test_a_name_that_is_both_is_asked_back(workshop: Workshop, namesake: str) -> None:
    """Nothing is guessed; each of the two has a name of its own."""
    ran = workshop("layers", "go-scratch")
    assert (ran.code, ran.out) == (2, "")
    assert "Write `03-go-scratch` for the exercise, `go-scratch:latest` for the image" in ran.err
    assert workshop("layers", namesake, "--quiet").code == 0


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("go-scrach",), "did you mean `go-scratch`? The engine has no image with that name either."),
        (("No Such/Name:",), "The engine has no image with that name either."),
        (("busybox", "--submission", "."), "--submission goes with an exercise"),
        (("01", "--submission", "not-there"), "not-there is not a folder"),
    ],
)
def test_what_is_not_there_is_said_in_one_line(workshop: Workshop, arguments: tuple[str, ...], says: str) -> None:
    """Exit code 2, and nothing on standard output."""
    ran = workshop("layers", *arguments)
    assert (ran.code, ran.out) == (2, "")
    assert says in ran.err
    assert ran.err.count("\n") == 1
