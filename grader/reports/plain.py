"""Makes text from outside safe to show: what a program answered, an instruction, a stage's name.

Layout and colour are the reports' own business; the JSON report needs none of this, because JSON escapes.
"""

from grader.engine.plain_text import plain_text

_NONCHARACTER = 0xFFFE
"""The last two code points of every plane; XML and some terminals refuse them."""
_LARGEST_OF_FOUR_DIGITS = 0xFFFF
_IN_ASCII = str.maketrans(
    {
        "\N{HORIZONTAL ELLIPSIS}": "...",
        "\N{EN DASH}": "-",
        "\N{EM DASH}": "-",
        "\N{MULTIPLICATION SIGN}": "x",
        "\N{LEFT SINGLE QUOTATION MARK}": "'",
        "\N{RIGHT SINGLE QUOTATION MARK}": "'",
        "\N{LEFT DOUBLE QUOTATION MARK}": '"',
        "\N{RIGHT DOUBLE QUOTATION MARK}": '"',
    }
)


def plain(text: str) -> str:
    """Return `text` without terminal escapes; control characters, surrogates and noncharacters are spelt out."""
    return "".join(_spelt(character) if _is_noncharacter(character) else character for character in plain_text(text))


def in_ascii(text: str) -> str:
    """Return `text` in ASCII: common punctuation by its nearest likeness, all else spelt out."""
    return text.translate(_IN_ASCII).encode("ascii", "backslashreplace").decode("ascii")


def block(text: str, most: int = 800, most_lines: int = 10) -> str:
    """Return safe `text` of at most `most` characters and `most_lines` lines; what was left out leaves an ellipsis."""
    lines = plain(text[: 4 * most]).expandtabs(4).strip("\n").split("\n")
    shown = "\n".join(line.rstrip() for line in lines[:most_lines])[:most]
    is_cut = len(lines) > most_lines or len(text) > 4 * most or sum(map(len, lines)) + len(lines) - 1 > most
    return f"{shown}…" if is_cut else shown


def line(text: str, most: int = 200) -> str:
    """Return safe `text` on one line of at most `most` characters."""
    words = " ".join(plain(text[: 4 * most]).split())
    return words if len(words) <= most else f"{words[: most - 1]}…"


def _is_noncharacter(character: str) -> bool:
    return ord(character) & _NONCHARACTER == _NONCHARACTER


def _spelt(character: str) -> str:
    code = ord(character)
    return f"\\u{code:04x}" if code <= _LARGEST_OF_FOUR_DIGITS else f"\\U{code:08x}"
