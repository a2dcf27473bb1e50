"""What a build's own words are cut down to."""

import pytest

from grader.engine.build_text import last_error, named_line, tidy_error

EXCERPT = """------
 > [2/2] RUN false:
0.1 oops
------
Dockerfile:3
--------------------
   1 |     FROM x
   2 |
   3 | >>> RUN echo && \\
   4 | >>>   false
   5 |
--------------------
ERROR: failed to solve: process "/bin/sh -c false" did not complete successfully: exit code: 1
"""


@pytest.mark.parametrize(
    ("error", "tidy"),
    [
        ("ERROR: failed to solve: rpc error: code = Unknown desc = it", "it"),
        ("failed to solve with frontend dockerfile.v0: failed to create LLB definition: it", "it"),
        ("ERROR: failed to build: failed to solve: it", "it"),
        ('failed to calculate checksum of ref moby::abc123: "/x": not found', '"/x": not found'),
        (
            "failed to walk /data/tmp/buildkit-mount123/etc: lstat /data/tmp/buildkit-mount123/etc: no",
            "failed to walk /etc: lstat /etc: no",
        ),
        ("lstat /data/overlay2/abc-init1/merged/f/x: not a directory", "lstat /f/x: not a directory"),
        ("\x1b[31mit\x1b[0m\n", "it"),
    ],
)
def test_an_error_loses_its_wrapping_and_what_is_another_every_time(error: str, tidy: str) -> None:
    """A learner gets the words that matter, and the same ones tomorrow."""
    assert tidy_error(error) == tidy


@pytest.mark.parametrize(
    ("tail", "error"),
    [
        (EXCERPT, EXCERPT.splitlines()[-1]),
        (
            "------\n > [1/1] RUN x:\n#4 0.1 said\n------\nexecutor failed running [x]: exit code: 1\n",
            "executor failed running [x]: exit code: 1",
        ),
        ("WARNING: x\n\nno build stage in current context\n", "no build stage in current context"),
        ("ERROR: one\ntwo\n", "ERROR: one\ntwo"),
        ("", ""),
    ],
)
def test_the_last_error_is_found(tail: str, error: str) -> None:
    """By buildx' mark, or below the failed step's log."""
    assert last_error(tail) == error


@pytest.mark.parametrize(
    ("tail", "line"),
    [
        (EXCERPT, 3),
        ("Dockerfile:7\n--------------------\nno mark\n--------------------\nERROR: x", 7),
        ("dockerfile parse error line 12: unknown instruction: X", 12),
        ("ERROR: failed to solve: dockerfile parse error on line 2: x", 2),
        ("Dockerfile parse error line 4: x", 4),
        ("ERROR: exit code: 1", None),
        ("", None),
    ],
)
def test_the_line_that_an_error_names_is_found(tail: str, line: int | None) -> None:
    """A parse error says it; newer builders show an excerpt."""
    assert named_line(tail) == line
