"""Dockerfiles that look around where a submission's has come to."""

from grader.dockerfile.reader import read
from grader.grading.cache_probe import caches_of, places
from grader.grading.probe import probing

TEXT = """FROM golang:1.26 AS unused
RUN --mount=type=cache,target=/unused make
FROM golang:1.26 AS builder
RUN --mount=type=cache,target=/one make one
RUN --mount=type=cache,target=/one --mount=type=cache,id=x,target=two \\
    make two
RUN make three
FROM scratch
COPY --from=builder /program /
"""


def test_only_stages_that_are_needed_and_mount_caches_are_places() -> None:
    """With each mount once, as it is written, and with the first and the last step that has one."""
    (place,) = places(read(TEXT))
    assert place.stage.name == "builder"
    assert (place.first.first_line, place.last.last_line) == (4, 6)
    assert place.mounts == ("type=cache,target=/one", "type=cache,id=x,target=two")


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
