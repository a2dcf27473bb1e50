"""Dockerfiles that look around where a submission's has come to."""

import pytest

from grader.dockerfile.reader import read
from grader.grading.cache_probe import caches_of, places
from grader.grading.probe import probing

TEXT = """FROM golang:1.26 AS unused
RUN --mount=type=cache,target=/unused make
FROM golang:1.26 AS builder
RUN --mount=type=cache,target=/one make one
ENV KIND=cache
RUN --mount=type=cache,target=/one --mount=type=cache,id=x,target=two \\
    make two
WORKDIR /elsewhere
RUN --mount=type=$KIND,target=/three --mount=type=cache,\\"target=/a,b\\" make three
FROM scratch
COPY --from=builder /program /
"""
TRIGGER = """FROM golang:1.26 AS base
ONBUILD RUN --mount=type=cache,target=/one make one
ONBUILD WORKDIR /src
ONBUILD RUN --mount=type=cache,target=two make two
ENV COLOR=blue
# The triggers run here.
FROM base AS builder
FROM scratch
COPY --from=builder /program /
"""


def test_only_stages_that_are_needed_and_mount_caches_are_places() -> None:
    """What another folder or variable may change has a place of its own; the last one has all others."""
    first, last = places(read(TEXT))
    assert first.stage.name == last.stage.name == "builder"
    assert (first.line, first.until, first.before, first.mounts) == (6, 7, (1, 5), ("type=cache,id=x,target=two",))
    assert (last.line, last.until, last.before) == (9, 9, (1, 3))
    assert last.mounts == ("type=cache,target=/one", 'type=cache,"target=/a,b"', "type=$KIND,target=/three")


def test_a_trigger_is_a_step_of_each_stage_that_begins_from_its_own() -> None:
    """It runs at their FROM; what it mounts can be filled before, at the end of the stage that has it."""
    (place,) = places(read(TRIGGER))
    assert (place.stage.index, place.line, place.until, place.before) == (1, 4, 7, (0, 5))
    assert place.mounts == ("type=cache,target=/one", "type=cache,target=two")


def test_a_probe_is_the_text_up_to_there_and_one_step_more() -> None:
    """It is built as the last stage, which has the report alone; what is in the script is not Docker's business."""
    dockerfile = read(probing(TEXT, 6, 1, 'echo "$@"\n', arguments=["a b"], mounts=["type=cache,target=/one"]))
    assert [stage.name for stage in dockerfile.stages] == ["unused", "builder", ""]
    assert dockerfile.stages[2].copies[0].stage == 1
    step = dockerfile.stages[1].instructions[-1]
    assert [flag.value for flag in step.flags] == ["type=cache,target=/one"]
    assert step.json_form is not None
    assert step.json_form[:2] == ("sh", "-c")
    assert step.json_form[-1] == "a b"
    assert not [problem for problem in dockerfile.problems if problem.fatal]


@pytest.mark.parametrize("mount", ["target=/my cache", 'type=cache,"target=/a,b"', "target=/it's", "id=a\\b"])
def test_a_mount_is_written_as_it_was_read(mount: str) -> None:
    """Blanks, quotes and backslashes stay in it."""
    step = read(probing(TEXT, 5, 1, "true", mounts=[mount])).stages[1].instructions[-1]
    assert [flag.value for flag in step.flags] == [mount]


def test_a_report_is_read_mount_by_mount() -> None:
    """What is held stands with its own mount, once."""
    report = "go\t/one\nmount\t/one\t700\t4\nhas\t/one\tA\nhas\t/one\tA\nmount\t/two\t0\t0\n"
    caches = caches_of(report, 5)
    assert caches.go_cache == "/one"
    assert [(mount.path, mount.line, mount.entries, mount.fresh, mount.held) for mount in caches.mounts] == [
        ("/one", 5, 700, 4, ("A",)),
        ("/two", 5, 0, 0, ()),
    ]


def test_an_empty_report_has_no_mounts() -> None:
    """A stage without Go, and nothing mounted."""
    assert caches_of("", 1).mounts == ()
