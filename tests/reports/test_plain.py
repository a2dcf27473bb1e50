"""Text from outside, made safe: what is taken out, spelt out and cut."""

import pytest

from grader.reports.plain import block, in_ascii, line, plain


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("\x1b[31mred\x1b[0m", "red"),
        ("\x1b]0;title\x07text", "text"),
        ("a\x00b\x9bc", "a\\x00b\\x9bc"),
        ("\u202eexe.png", "\\u202eexe.png"),
        ("\ud800 \ufffe \U0001ffff", "\\ud800 \\ufffe \\U0001ffff"),
        ("Grüße, 日本 ✓ [bold] :smile:", "Grüße, 日本 ✓ [bold] :smile:"),
    ],
)
def test_what_could_steer_a_terminal_or_break_xml_does_not_get_through(text: str, safe: str) -> None:
    """Everything else stays as it was."""
    assert plain(text) == safe


def test_a_block_is_cut_with_an_ellipsis_and_only_then() -> None:
    """Ten lines, eight hundred characters: an answer that is longer helps nobody."""
    assert block("a\nb") == "a\nb"
    assert block("a\nb\nc", most_lines=2) == "a\nb…"
    assert block("abcdef", most=5) == "abcde…"
    assert block("abcde", most=5) == "abcde"


def test_a_line_is_one_line() -> None:
    """Line breaks become spaces, so that nothing can pose as a line of the report's own."""
    assert line("a\r\n✓ PASSED\tb") == "a ✓ PASSED b"
    assert line("abcdef", 5) == "abcd…"


def test_ascii_has_likenesses_for_punctuation_and_spells_the_rest() -> None:
    """Nothing is dropped."""
    assert in_ascii("a… “b” — \N{MULTIPLICATION SIGN}2 é日😀") == 'a... "b" - x2 \\xe9\\u65e5\\U0001f600'
