"""Text that others wrote is safe to show."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.engine.plain_text import plain_text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[31mred\x1b[0m", "red"),
        ("\x1b]0;title\x07after", "after"),
        ("\x1b]8;;http://x\x1b\\link\x1b]8;;\x1b\\", "link"),
        ("\x1bPdcs\x1b\\after", "after"),
        ("\x1b]0;never closed\nnext", "\nnext"),
        ("10%\r20%\r\ndone\n", "10%\n20%\ndone"),
        ("bell\x07 c1\x9b31m", "bell\\x07 c1\\x9b31m"),
        ("right\u202eleft", "right\\u202eleft"),
        ("line\u2028break", "line\\u2028break"),
        ("tag\U000e0041", "tag\\U000e0041"),
        ("tab\there ümlaut 日本 🎉", "tab\there ümlaut 日本 🎉"),
        ("\x1b[3\x1b[0m1mx", "31mx"),
        ("\x1b", "\\x1b"),
    ],
)
def test_escapes_are_taken_out_and_controls_spelt_out(text: str, shown: str) -> None:
    """Colours, titles, links, cursor movement, C1 controls, text that runs backwards."""
    assert plain_text(text) == shown


@given(
    st.text() | st.lists(st.sampled_from(["\x1b", "[", "]", "0;", "\x07", "m", "\\", "\r", "\n", "\x9b"])).map("".join)
)
def test_nothing_that_steers_a_terminal_comes_out(text: str) -> None:
    """Whatever goes in; and what came out once comes out the same again."""
    shown = plain_text(text)
    assert all(c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cf", "Zl", "Zp") for c in shown)
    assert plain_text(shown) == shown
