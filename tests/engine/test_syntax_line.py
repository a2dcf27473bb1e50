"""The `# syntax=` line of Docker's own frontend is set aside; every other line keeps its number and its meaning."""

import pytest

from grader.engine.syntax_line import set_aside_syntax


@pytest.mark.parametrize(
    ("text", "staged"),
    [
        (b"# syntax=docker/dockerfile:1\nFROM x\n", b"#\nFROM x\n"),
        (b"#syntax = docker.io/docker/dockerfile:1.7-labs@sha256:ab\r\nFROM x\r\n", b"#\r\nFROM x\r\n"),
        (b"# SYNTAX=docker/dockerfile\nFROM x", b"#\nFROM x"),
        (b"# syntax=docker/dockerfile-upstream:master\nFROM x\n", b"#\nFROM x\n"),
        (b"\xef\xbb\xbf# syntax=docker/dockerfile:1\nFROM x\n", b"\xef\xbb\xbf#\nFROM x\n"),
        (b"# syntax=docker/dockerfile:1\n# escape=`\nFROM x\n", b"# escape=`\n#\nFROM x\n"),
        (b"# escape=`\n# syntax=docker/dockerfile:1\nFROM x\n", b"# escape=`\n#\nFROM x\n"),
        (b"#!/bin/x\n# syntax=docker/dockerfile:1\nFROM x\n", b"#!/bin/x\n#\nFROM x\n"),
    ],
)
def test_the_official_one_is_set_aside(text: bytes, staged: bytes) -> None:
    """An empty comment takes its place, below directives that stay: those must come first."""
    assert set_aside_syntax(text) == staged
    assert set_aside_syntax(text).count(b"\n") == text.count(b"\n")


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"FROM x\n# syntax=docker/dockerfile:1\n",
        b"# a comment\n# syntax=docker/dockerfile:1\nFROM x\n",
        b"\n# syntax=docker/dockerfile:1\nFROM x\n",
        b"# syntax=someone/else:1\nFROM x\n",
        b"# syntax=docker/dockerfilex:1\nFROM x\n",
        b"# syntax=evil.example/docker/dockerfile:1\nFROM x\n",
        b"# escape=`\nFROM x\n",
    ],
)
def test_everything_else_stays(text: bytes) -> None:
    """Another frontend is another language; below the first other line it is a comment."""
    assert set_aside_syntax(text) == text
