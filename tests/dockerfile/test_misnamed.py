"""Slips of the pen that make the builder look for an image: distinguished from images that this machine only lacks."""

import pytest

from grader.dockerfile.misnamed import misspelt_stage, odd_platform, perhaps_a_stage, unknown_image
from grader.dockerfile.model import ProblemKind
from grader.dockerfile.reader import read

BUILDER = "FROM golang:1.26 AS builder\nRUN make\n"


@pytest.mark.parametrize("name", ["build", "biulder", "Bulder"])
def test_a_stage_name_that_is_almost_right_is_a_slip(name: str) -> None:
    """The line and the right name are named."""
    slip = misspelt_stage(read(f"{BUILDER}FROM alpine\nCOPY --from={name} /a /a\n"))
    assert slip is not None
    assert (slip.line, slip.message) == (4, f"there is no stage {name}: did you mean builder?")
    assert (slip.kind, slip.subject) == (ProblemKind.NO_SUCH_STAGE, name)


@pytest.mark.parametrize("name", ["builder", "0", "nginx", "redis:7", "example.org/builder", "golang:1.26"])
def test_a_stage_or_an_image_is_none(name: str) -> None:
    """An image that this machine lacks is the machine's fault, never the learner's."""
    assert misspelt_stage(read(f"{BUILDER}FROM alpine\nCOPY --from={name} /a /a\n")) is None


def test_an_image_called_like_the_beginning_of_a_stage_is_none() -> None:
    """`redis` is an image, also next to a stage called `redis-build`."""
    assert misspelt_stage(read("FROM a AS redis-build\nFROM b\nCOPY --from=redis /a /a\n")) is None


def test_a_stage_that_comes_later_cannot_be_meant() -> None:
    """Only stages before this one count."""
    assert misspelt_stage(read("FROM buildr\nFROM a AS builder\n")) is None


def test_a_bare_from_that_is_lacking_is_told_the_stages_there_are() -> None:
    """It may be an image that this machine lacks, or a stage under a quite different name: say both."""
    dockerfile = read(f"{BUILDER}FROM alpine\nCOPY --from=compile /a /a\n")
    assert (
        perhaps_a_stage(dockerfile) == "If line 4 means a stage: no stage is called compile; the stages are builder. "
    )


def test_a_bare_from_where_no_stage_has_a_name_is_told_how_one_gets_it() -> None:
    """To forget AS is what beginners do first."""
    dockerfile = read("FROM golang:1.26\nRUN make\nFROM alpine\nCOPY --from=builder /a /a\n")
    words = "If line 4 means a stage: no stage is called builder; `FROM … AS builder` gives a stage that name. "
    assert perhaps_a_stage(dockerfile) == words


def test_in_the_first_stage_no_other_one_can_be_meant() -> None:
    """There is none before it."""
    assert perhaps_a_stage(read("FROM alpine\nCOPY --from=builder /a /a\nFROM b\n")) == ""


@pytest.mark.parametrize("line", ["FROM compile", "FROM alpine\nCOPY --from=nginx:1 /a /a", "FROM alpine"])
def test_what_cannot_be_meant_for_a_stage_is_not_told_of_them(line: str) -> None:
    """A FROM names an image, and so does whatever has a tag."""
    assert perhaps_a_stage(read(f"{BUILDER}{line}\n")) == ""


def test_an_image_that_no_registry_has_is_told_with_its_line() -> None:
    """A registry said so, and then the FROM is wrong."""
    problem = unknown_image(read("FROM golang:1.26\nFROM alpin\n"), {"alpin": ""})
    assert problem is not None
    assert (problem.line, problem.message) == (2, "there is no image alpin")
    assert (problem.kind, problem.subject) == (ProblemKind.NO_SUCH_IMAGE, "alpin")


def test_an_unknown_image_that_is_almost_a_stage_is_told_as_that() -> None:
    """The nearer cause is the better one."""
    problem = unknown_image(read(f"{BUILDER}FROM alpine\nCOPY --from=build /a /a\n"), {"build": ""})
    assert problem is not None
    assert "did you mean builder?" in problem.message


def test_nothing_unknown_is_no_problem() -> None:
    """The ordinary case."""
    assert unknown_image(read(BUILDER), {}) is None


def test_the_name_that_may_be_meant_is_said() -> None:
    """It is near to the one that was written."""
    problem = unknown_image(read("FROM golnag:1.26\n"), {"golnag:1.26": "golang:1.26"}, ("golang:1.26",))
    assert problem is not None
    assert problem.message == "there is no image golnag:1.26: did you mean golang:1.26?"


def test_where_none_is_near_the_images_of_the_exercise_are_said() -> None:
    """There is something to choose from."""
    problem = unknown_image(read("FROM xyzzy:1\n"), {"xyzzy:1": ""}, ("golang:1.26", "alpine:latest"))
    assert problem is not None
    assert problem.message == "there is no image xyzzy:1: this exercise is made for golang:1.26 and alpine:latest"


def test_a_short_name_in_from_is_perhaps_meant_for_a_stage() -> None:
    """`--from=compile` with a stage called builder: both are named."""
    problem = unknown_image(read(f"{BUILDER}FROM alpine\nCOPY --from=compile /a /a\n"), {"compile": ""})
    assert problem is not None
    assert problem.message == "there is no stage compile, and no image with that name: the stages above it are builder"


@pytest.mark.parametrize("second", ["FROM a AS b", "FROM golang:1.26 AS b"])
def test_a_stage_that_is_used_above_its_place_is_said(second: str) -> None:
    """FROM sees the stages above it only, so the name is taken for an image's."""
    slip = misspelt_stage(read(f"FROM b AS a\n{second}\nCOPY --from=a /a /a\n"))
    assert slip is not None
    assert (slip.line, slip.kind, slip.subject) == (1, ProblemKind.BASE_COMES_LATER, "b")
    assert "line 2" in slip.message


def test_a_stage_cannot_begin_from_itself() -> None:
    """`FROM builder AS builder` names an image, too."""
    slip = misspelt_stage(read("FROM builder AS builder\n"))
    assert slip is not None
    assert slip.kind is ProblemKind.BASE_COMES_LATER


@pytest.mark.parametrize(
    ("platform", "near"),
    [("linux/amd46", "linux/amd64"), ("linux/arm46", "linux/arm64"), ("windows/amd64", "linux/amd64")],
)
def test_a_platform_without_images_is_a_mistake(platform: str, near: str) -> None:
    """No registry has one, and an engine on Linux runs none for Windows."""
    problem = odd_platform(read(f"FROM --platform={platform} golang:1.26\n"))
    assert problem is not None
    assert (problem.line, problem.kind) == (1, ProblemKind.BAD_PLATFORM)
    assert problem.message.endswith(f"for the platform {platform}: did you mean {near}?")


@pytest.mark.parametrize(
    "line", ["--platform=linux/arm64 a", "--platform=linux/arm/v7 a", "--platform=x/y scratch", "a"]
)
def test_a_platform_that_is_lacking_is_no_mistake(line: str) -> None:
    """Other machines have such images, and scratch is there for all."""
    assert odd_platform(read(f"FROM {line}\n")) is None
