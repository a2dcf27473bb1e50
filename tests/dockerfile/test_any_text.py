"""Whatever a learner hands in is read, soon, and without a message of complaint from Python."""

import sys
from types import FrameType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.dockerfile.model import Dockerfile
from grader.dockerfile.reader import read
from grader.dockerfile.stages import chain, external_images, needed_stages

FRAGMENTS = st.sampled_from([
    "FROM ", "from scratch AS a\n",
    "COPY --from=a ", "RUN --mount=from=0,", "ARG ", "ONBUILD ", "ENV ", "CMD [", "]",
    "# escape=`\n", "#", "\\\n", "\\",
     "`", '"', "'", "$", "${", "}", ":-", "##", "//", "<<A", "<<-'B'", "\nA\n", "\n", "\r\n",
    " ", "\t", "=", "x", "1", "--", ",", "HEALTHCHECK ", "EXPOSE ", "\ufeff", "\ufffd", "\x00", "\ud800", "\u2028",
])  # fmt: skip


def examined(text: str) -> Dockerfile:
    """Read, and ask all that is ever asked."""
    dockerfile = read(text, {"x": "$x"})
    needed_stages(dockerfile)
    external_images(dockerfile)
    for stage in dockerfile.stages:
        chain(dockerfile, stage)
    return dockerfile


def check(text: str) -> None:
    """Require what is true of any text: lines in order, apart and within the text; problems within it too."""
    dockerfile = examined(text)
    lines = text.count("\n") + 1
    last = 0
    for step in dockerfile.instructions:
        assert last < step.first_line <= step.last_line <= lines
        last = step.last_line
    for stage in dockerfile.stages:
        assert 1 <= stage.first_line <= stage.last_line <= lines
    assert all(1 <= problem.line <= lines and problem.message for problem in dockerfile.problems)
    assert dockerfile.stages or any(problem.fatal for problem in dockerfile.problems)


@settings(max_examples=300, deadline=None)
@given(st.text())
def test_any_text_is_read(text: str) -> None:
    """Nothing is raised; lines are in order."""
    check(text)


@settings(max_examples=300, deadline=None)
@given(st.binary())
def test_any_bytes_are_read(data: bytes) -> None:
    """What is no UTF-8 is replaced before."""
    check(data.decode("utf-8", "replace"))


@settings(max_examples=1500, deadline=None)
@given(st.lists(FRAGMENTS, max_size=30).map("".join))
def test_anything_that_looks_like_a_dockerfile_is_read(text: str) -> None:
    """Pieces of Dockerfiles in any order."""
    check(text)


SHAPES = {
    "blank lines": "\n",
    "comments": "# comment\n",
    "instructions": "RUN true\n",
    "unknown instructions": "x y\n",
    "stages": "FROM a AS b\nCOPY --from=c d e\n",
    "a chain of stages": "FROM a AS a\n",
    "triggers": "FROM a AS a\nONBUILD COPY --from=b c d\n",
    "triggers of triggers": "ONBUILD ",
    "continuations": "\\\n",
    "continued words": "a \\\n",
    "here-documents": "RUN <<A\nb\nA\n",
    "here-documents apart": "RUN << A\nRUN << B\n",
    "here-documents without an end": "RUN <<A <<B\n",
    "variables before FROM": "ARG a=$a$a\n",
    "trimmed variables": "ARG a=${a%*b}${a:-abcabc}\n",
    "flags": "--a ",
    "quotes": "\"'",
    "braces": "${a:-",
    "brackets": "[",
    "shell forms": 'CMD ["a", \n',
    "words": "a=b ",
    "one word": "x",
    "copies from near names": "COPY --from=biulder a b\n",
    "used variables": "RUN echo $a $b ${TARGETARCH}\n",
    "ports": "EXPOSE a 80 b\n",
    "carriage returns": "\r",
    "escapes": "\\ ",
}
BEGINNINGS = ["", "FROM a AS builder\nRUN ", "ARG a=", "FROM a\nCOPY ", "FROM a\nENV ", "FROM "]


def calls_to_read(text: str) -> int:
    """Count the calls, of Python and of C functions, that reading takes: work that is the same on every machine."""
    count = 0

    def profile(_frame: FrameType, event: str, _argument: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(profile)
    try:
        examined_without_chains(text)
    finally:
        sys.setprofile(before)
    return count


def examined_without_chains(text: str) -> None:
    """Read, and ask what is asked of all stages at once."""
    dockerfile = read(text)
    needed_stages(dockerfile)
    external_images(dockerfile)


@pytest.mark.parametrize("shape", SHAPES)
def test_twice_the_text_is_about_twice_the_work(shape: str) -> None:
    """In whichever instruction the text stands."""
    for beginning in BEGINNINGS:
        once, twice = (
            calls_to_read(beginning + SHAPES[shape] * (size // len(SHAPES[shape]))) for size in (4_000, 8_000)
        )
        assert twice < 2.3 * once + 2_000, beginning


COSTLY_IN_C = [
    *(shape for shape, text in SHAPES.items() if not text.endswith("\n")),
    "stages",
    "a chain of stages",
    "triggers",
    "continued words",
    "here-documents apart",
    "variables before FROM",
]


@pytest.mark.parametrize("shape", COSTLY_IN_C)
def test_a_megabyte_is_read(shape: str) -> None:
    """Work that C does inside one call is not counted above; with a square in it this would hardly end."""
    beginning = "" if SHAPES[shape].endswith("\n") else "FROM a\nRUN "
    examined_without_chains(beginning + SHAPES[shape] * (1_000_000 // len(SHAPES[shape])))
