"""Which builds share cache mounts."""

import pytest

from grader.exercise.submission import Submission
from grader.grading.cache_namespace import cache_namespace

TEXT = """FROM golang:1.26 AS builder
RUN --mount=type=cache,target=/cache make
FROM scratch
COPY --from=builder /program /
"""


def namespace(text: str = TEXT, ignored: str = "", owner: tuple[str, ...] = ("key", "slug")) -> str | None:
    """Return the namespace of a submission."""
    files = {"Dockerfile": text.encode()} | ({".dockerignore": ignored.encode()} if ignored else {})
    return cache_namespace(Submission(files), *owner)


def test_the_same_text_has_the_same_one() -> None:
    """Also if lines are different below the last mount."""
    assert namespace()
    assert namespace() == namespace(TEXT.replace("/program", "/other")) == namespace(f"{TEXT}EXPOSE 80\n")


@pytest.mark.parametrize(
    "other",
    [
        namespace(TEXT.replace("make", "make all")),
        namespace(f"ARG A=1\n{TEXT}"),
        namespace(f"{TEXT}RUN --mount=type=cache,target=/other true\n"),
        namespace(ignored="*.md\n"),
        namespace(owner=("another key", "slug")),
        namespace(owner=("key", "another")),
    ],
)
def test_what_may_leave_something_else_in_a_mount_has_another_one(other: str | None) -> None:
    """Another step, context, workspace or exercise."""
    assert other not in (None, namespace())


@pytest.mark.parametrize(
    "run",
    [
        "ONBUILD RUN --mount=type=cache,target=/cache make",
        "RUN --mount=type=$KIND,target=/cache make",
        'RUN --mount="type=cache,target=/cache" make',
        "RUN \\\n  --mount=type=cache,target=/cache \\\n  make",
    ],
)
def test_a_mount_is_one_however_it_is_written(run: str) -> None:
    """A variable may stand for any type."""
    assert namespace(TEXT.replace("RUN --mount=type=cache,target=/cache make", run))


@pytest.mark.parametrize("text", ["", "FROM scratch\n", TEXT.replace("type=cache", "type=bind"), "RUN --mount\n"])
def test_without_a_cache_mount_there_is_none(text: str) -> None:
    """The builder needs no option then."""
    assert namespace(text) is None
