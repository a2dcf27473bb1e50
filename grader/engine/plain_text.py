"""Makes text that a container, a build or a service wrote safe to show: it removes all terminal escapes. Pure.

This module does not ask what the text means.
"""

import re
import unicodedata

_ESCAPE_SEQUENCE = re.compile(
    r"\x1b\[[0-?]*[ -/]*[@-~]"  # colours, cursor movement
    r"|\x1b[\]PX^_].*?(?:\x07|\x1b\\|$)"  # titles, links: a string up to its end
    r"|\x1b[ -/]*[0-~]",
    re.MULTILINE,
)


def plain_text(text: str) -> str:
    """Remove terminal escape sequences, break lines at single carriage returns, spell out other control characters."""
    text = _ESCAPE_SEQUENCE.sub("", text).replace("\r\n", "\n").replace("\r", "\n").rstrip("\n")
    if text.isascii() and text.replace("\n", "").replace("\t", "").isprintable():
        return text
    return "".join(character if _is_shown(character) else _spelt(character) for character in text)


def _is_shown(character: str) -> bool:
    return character in "\n\t" or unicodedata.category(character) not in ("Cc", "Cf", "Cs", "Zl", "Zp")


def _spelt(character: str) -> str:
    code = ord(character)
    if code < 0x100:  # noqa: PLR2004 - two hex digits are enough
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"  # noqa: PLR2004 - as Python spells it
