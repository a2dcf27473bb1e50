"""What is wrong before any builder is asked."""

from pathlib import Path

import pytest

from grader.dockerfile.reader import read
from grader.grading.before_build import beside, cannot_begin


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("ARG A=1\n", 1, "no FROM"),
        ("// syntax=docker/dockerfile:1\nFROM scratch\n", 1, "a comment begins with #"),
        ("# syntax=docker/dockerfle:1\nFROM scratch\n", 1, "did you mean docker/dockerfile:1?"),
        ("# escape=`\n# syntax=dockerfile:1\nFROM scratch\n", 2, "did you mean docker/dockerfile:1?"),
    ],
)
def test_a_mistake_that_a_builder_would_look_up_first_is_seen(text: str, line: int, words: str) -> None:
    """Without a network it would be taken for the machine's fault."""
    slip = cannot_begin(read(text))
    assert slip is not None
    assert slip.line == line
    assert words in slip.message


@pytest.mark.parametrize(
    "first",
    ["", "# syntax=docker/dockerfile:1.7-labs", "# syntax=other.example/docker/dockerfile:1", "# syntax=r2d4/mocker"],
)
def test_another_language_is_no_mistake(first: str) -> None:
    """It may be there."""
    assert cannot_begin(read(f"{first}\nFROM scratch\n")) is None


def test_the_dockerfile_s_own_ignore_file_goes_with_it(tmp_path: Path) -> None:
    """BuildKit looks for it next to the Dockerfile, under the Dockerfile's name."""
    context = tmp_path / "context-1"
    context.mkdir()
    (context / "Dockerfile").write_text("FROM scratch\n")
    assert [path.name for path in (beside(context), *tmp_path.glob("*ignore"))] == ["context-1.Dockerfile"]
    (context / "Dockerfile.dockerignore").write_text("*.log\n")
    moved = beside(context)
    assert moved.with_name("context-1.Dockerfile.dockerignore").read_text() == "*.log\n"
    assert (context / "Dockerfile.dockerignore").is_file()
