"""Stages, what they need, and which images come from outside."""

import pytest

from grader.dockerfile.model import Copy
from grader.dockerfile.reader import read
from grader.dockerfile.stages import (
    chain,
    external_images,
    needed_stages,
    runs_something,
    target_stage,
    triggers_of,
)

THREE = """\
ARG tag=1.26
FROM golang:$tag AS Builder
RUN make
FROM builder AS tests
RUN make test
FROM alpine
COPY --from=builder /app /app
COPY --from=nginx:1 /etc/nginx /etc/nginx
RUN --mount=type=cache,target=/c --mount=type=bind,from=BUILDER,target=/b true
"""


def test_stages_have_names_bases_and_lines() -> None:
    """Names are lower case; a stage without one has an empty name."""
    stages = read(THREE).stages
    assert [(stage.name, stage.base, stage.base_stage) for stage in stages] == [
        ("builder", "golang:1.26", None),
        ("tests", "builder", 0),
        ("", "alpine", None),
    ]
    assert [(stage.first_line, stage.last_line) for stage in stages] == [(2, 3), (4, 5), (6, 9)]


def test_copies_tell_stages_from_images() -> None:
    """`COPY --from` and a mount's `from`, in order."""
    assert read(THREE).stages[2].copies == (Copy("builder", 0, 7), Copy("nginx:1", None, 8), Copy("BUILDER", 0, 9))


def test_triggers_run_where_a_stage_begins_from_theirs_and_no_further() -> None:
    """They are done with then."""
    dockerfile = read("FROM a AS x\nONBUILD RUN make\nFROM x AS y\nFROM y\nCOPY a b\n")
    assert [[step.arguments for step in triggers_of(dockerfile, stage)] for stage in dockerfile.stages] == [
        [],
        ["make"],
        [],
    ]
    assert [runs_something(dockerfile, stage) for stage in dockerfile.stages] == [False, True, False]


def test_only_what_is_needed_is_needed() -> None:
    """The tests hang on the builder, not the other way round."""
    dockerfile = read(THREE)
    assert [stage.index for stage in needed_stages(dockerfile)] == [0, 2]
    assert [stage.index for stage in needed_stages(dockerfile, "TESTS")] == [0, 1]
    assert needed_stages(dockerfile, "nope") == ()
    assert needed_stages(read("")) == ()


def test_the_last_of_two_stages_that_share_a_name_is_the_target() -> None:
    """FROM takes the nearest above it, but `--target` and `--from` the last."""
    target = target_stage(read("FROM a AS x\nFROM b AS X\nFROM c\n"), "x")
    assert target
    assert target.base == "b"


def test_images_from_outside_are_listed_once_and_in_order() -> None:
    """Neither scratch nor stages are among them."""
    assert external_images(read(THREE)) == ("golang:1.26", "alpine", "nginx:1")
    assert external_images(read(THREE), "builder") == ("golang:1.26",)
    assert external_images(read("FROM scratch\nCOPY --from=a x y\nCOPY --from=a z w\n")) == ("a",)


@pytest.mark.parametrize("source", ["$x", "B!d", "7", "-1"])
def test_what_can_be_no_image_is_not_asked_for(source: str) -> None:
    """The build fails on it, which is the learner's doing; a search for such an image would be the machine's."""
    assert external_images(read(f"FROM scratch\nCOPY --from={source} a b\n")) == ()
    assert external_images(read(f"FROM scratch\nRUN --mount=from={source},target=/x a\n")) == ()


def test_build_arguments_and_platform_take_part() -> None:
    """`--build-arg` wins over a default, also over what BuildKit itself gives."""
    text = "ARG tag=1\nFROM a:$tag-$TARGETARCH$TARGETVARIANT\n"
    assert read(text).stages[0].base == "a:1-amd64"
    assert read(text, {"tag": "2"}, "linux/arm64/v8").stages[0].base == "a:2-arm64v8"
    assert read(text, {"TARGETARCH": "x"}).stages[0].base == "a:1-x"
    assert read("FROM a:$tag\n", {"tag": "2"}).stages[0].base == "a:"


def test_the_platform_of_a_stage_is_filled_in() -> None:
    """`--platform=$BUILDPLATFORM` is the engine's."""
    assert read("FROM --platform=$BUILDPLATFORM a\n").stages[0].platform == "linux/amd64"
    assert read("FROM a\n").stages[0].platform == ""


def test_a_stage_is_chosen_by_what_is_built_for() -> None:
    """`--platform` is the target's; the builder's stays the engine's."""
    text = "FROM a AS for-amd64\nFROM a AS for-arm64\nFROM --platform=$BUILDPLATFORM for-$TARGETARCH\n"
    assert read(text).stages[2].base_stage == 0
    stage = read(text, platform="linux/amd64", target_platform="linux/arm64").stages[2]
    assert (stage.base_stage, stage.platform) == (1, "linux/amd64")


def test_a_base_stage_that_shares_its_image_name_is_an_image() -> None:
    """`FROM golang AS golang` starts from the image."""
    stage = read("FROM golang AS golang\n").stages[0]
    assert stage.base_stage is None


def test_from_minds_the_case_of_a_stage() -> None:
    """Stages' names are lower case, so that `FROM Builder` can only be an image, which it cannot."""
    assert read("FROM a AS Builder\nFROM Builder\n").stages[1].base_stage is None
    assert read("FROM a AS Builder\nFROM builder\n").stages[1].base_stage == 0


def test_triggers_of_a_base_stage_bring_their_sources() -> None:
    """What a base's ONBUILD copies is needed by the stage that is built on it."""
    dockerfile = read("FROM a AS x\nFROM b AS y\nONBUILD COPY --from=x c d\nFROM y\n")
    assert dockerfile.stages[2].copies == (Copy("x", 0, 3),)
    assert [stage.index for stage in needed_stages(dockerfile)] == [0, 1, 2]


def test_chain_goes_from_the_lowest_base_up() -> None:
    """The instructions that make an image, over all the stages it is built on."""
    dockerfile = read("FROM a AS x\nRUN 1\nFROM b AS other\nRUN 2\nFROM x AS y\nRUN 3\nFROM y\nRUN 4\n")
    target = target_stage(dockerfile)
    assert target
    assert [step.arguments for step in chain(dockerfile, target)] == ["1", "3", "4"]


def test_circles_do_not_hang() -> None:
    """Stages that copy from one another are each needed once."""
    dockerfile = read("FROM scratch AS a\nCOPY --from=b x y\nFROM scratch AS b\nCOPY --from=a x y\nFROM b\n")
    assert [stage.index for stage in needed_stages(dockerfile)] == [0, 1, 2]
