"""Remarks that cost no points: each is made where it is due, and not where it is not."""

from datetime import date

import pytest

from grader.dockerfile.findings import findings
from grader.dockerfile.reader import read

TODAY = date(2026, 11, 25)


def remarks(text: str, *targets: str, today: date = TODAY) -> list[tuple[int, str]]:
    """Return the lines and texts of the remarks on a Dockerfile."""
    return [(finding.line, finding.text) for finding in findings(read(text), targets, today)]


@pytest.mark.parametrize("base", ["alpine", "alpine:latest", "registry.example:5000/alpine", "[::1]:5000/alpine"])
def test_a_base_without_a_version_is_remarked_on(base: str) -> None:
    """On its line; what it is today it will not be tomorrow."""
    [(line, text)] = remarks(f"# nothing\nFROM {base}\n")
    assert (line, base in text, "after each release" in text) == (2, True, True)


@pytest.mark.parametrize(
    "base",
    [
        "scratch",
        "alpine:3.23",
        "golang:1.26",
        f"alpine@sha256:{'0' * 64}",
        "node:24-alpine",
        "busybox:1.37",
        "python:3.13-slim",
    ],
)
def test_a_base_that_is_pinned_and_kept_up_is_fine(base: str) -> None:
    """By version or by digest; scratch has neither and needs none."""
    assert remarks(f"FROM {base}\n") == []


@pytest.mark.parametrize(
    ("base", "since"),
    [
        ("golang:1.22", "2025-02"),
        ("golang:1.22.3-alpine", "2025-02"),
        ("node:18-alpine", "2025-04"),
        ("python:3.9.20-slim", "2025-10"),
        ("python:3.10-slim", "2026-10"),
        ("docker.io/library/alpine:3.19", "2025-11"),
        ("debian:bullseye-slim", "2026-08"),
    ],
)
def test_a_release_that_gets_no_more_fixes_is_remarked_on(base: str, since: str) -> None:
    """With the month in which its project stopped."""
    [(_, text)] = remarks(f"FROM {base}\n")
    assert f"no fixes since {since}" in text


def test_a_release_is_fine_in_the_month_of_its_last_fixes() -> None:
    """What is to come is no reproach."""
    assert remarks("FROM node:22-alpine\n", today=date(2027, 4, 30)) == []
    assert remarks("FROM node:22-alpine\n", today=date(2027, 5, 1)) != []


UNUSED = """\
FROM golang:1.26 AS builder
FROM golang:1.26 AS idle
FROM scratch
COPY --from=builder /a /a
"""


def test_a_stage_that_nothing_uses_is_remarked_on() -> None:
    """Named or not; BuildKit does not even build it."""
    assert [(line, "`idle`" in text) for line, text in remarks(UNUSED)] == [(2, True)]
    assert [(line, "number 1" in text) for line, text in remarks(UNUSED.replace(" AS idle", ""))] == [(2, True)]


def test_a_stage_that_the_exercise_asks_for_is_meant_to_be_there() -> None:
    """So with a target for tests or for debugging, and with what that one rests on."""
    assert remarks(UNUSED, "idle") == []


def test_a_base_that_two_stages_share_is_remarked_on_for_each() -> None:
    """A stage on top of another one has no base of its own."""
    text = "FROM alpine AS a\nFROM a AS b\nFROM alpine\nCOPY --from=b /x /x\n"
    assert [line for line, _ in remarks(text)] == [1, 3]


def test_what_is_called_like_a_stage_below_is_not_taken_for_an_image() -> None:
    """FROM above its stage is a mistake of another kind; a stage's own name is no reason."""
    told = remarks("FROM b AS a\nRUN x\nFROM a AS b\nCOPY --from=a /a /a\n")
    assert not any("latest" in text for _, text in told)
    assert any("latest" in text for _, text in remarks("FROM alpine AS alpine\nRUN x\n"))
