"""What the text alone tells: the line, whether the build breaks on it, and how the stages hang together."""

from datetime import date

import pytest

from grader.reports.terminal_text import render_text

TODAY = date(2026, 7, 1)
GOOD = "FROM golang:1.26 AS builder\nRUN go build\nFROM scratch\nCOPY --from=builder /app /app\n"


def test_a_good_file_has_no_findings_and_shows_its_stages() -> None:
    """Without the stages there is nothing to say."""
    told = render_text(GOOD, TODAY)
    assert "Findings" not in told
    assert "COPY --from builder (golang:1.26)" in told
    assert render_text(GOOD, TODAY, with_stages=False) == ""


@pytest.mark.parametrize(
    ("text", "line", "word", "says"),
    [
        (GOOD.replace("=builder", "=bilder"), 4, "look", "did you mean builder?"),
        ("ARG V=1\nFROM golang:1.26\nRUN echo $V\n", 3, "look", "`ARG V`"),
        (GOOD.replace("COPY", "CPY"), 4, "breaks", "did you mean COPY?"),
        ("FROM a AS x\nCOPY --from=y /a /a\nFROM b AS y\n", 2, "look", "comes later"),
        ("", 1, "breaks", "FROM"),
        (GOOD.replace("scratch", "alpine"), 3, "remark", "after each release"),
    ],
)
def test_a_finding_has_its_line_and_says_whether_it_breaks_the_build(
    text: str, line: int, word: str, says: str
) -> None:
    """Unknown stages, arguments out of scope, stages in the wrong order, instructions that are none."""
    told = " ".join(render_text(text, TODAY).split())
    assert f"line {line} {word} " in told
    assert says in told


def test_of_many_findings_the_first_are_shown() -> None:
    """The rest are counted."""
    told = render_text("FROM scratch\n" + "CPY a b\n" * 15, TODAY)
    assert told.count("unknown instruction") == 8
    assert "and 7 more" in told


def test_no_text_reaches_the_terminal_as_a_command() -> None:
    """Escapes and markup of the learner's are shown as what they are."""
    told = render_text("FROM scratch\n\x1b[2Jbold [red]x\n", TODAY, color=False)
    assert "\x1b" not in told


def test_without_unicode_it_is_ascii() -> None:
    """For terminals that cannot show more."""
    render_text(GOOD, TODAY, unicode=False).encode("ascii")
