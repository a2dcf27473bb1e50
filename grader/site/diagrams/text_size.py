"""How wide a line of text is about to be, without the font: labels are set in the reader's own.

A little more than most fonts need, so that text stays in its box.
"""

import re
import textwrap

LINE = 19.0
"""Height of a line, in pixels at a size of 14."""
_INSTRUCTION = re.compile(
    r"(FROM|RUN|COPY|ADD|CMD|ENTRYPOINT|EXPOSE|WORKDIR|ARG|ENV|USER|HEALTHCHECK|LABEL)\b|--\w|\S*/"
)
_FIXED = 8.3
_SLIM, _WIDE = "ijlft.,:;'|!()[] I", "mwMWQO@%—…"
_SLIM_WIDTH, _USUAL_WIDTH, _CAPITAL_WIDTH, _WIDE_WIDTH = 4.4, 7.7, 9.0, 11.8


def is_code(line: str) -> bool:
    """Tell whether a line is a Dockerfile's word, an option or a path: it is set in letters of one width."""
    return bool(_INSTRUCTION.match(line))


def width(line: str) -> float:
    """Return about how many pixels a line takes."""
    if is_code(line):
        return _FIXED * len(line)
    return sum(_letter(letter) for letter in line)


def wrapped(lines: tuple[str, ...], most: int) -> tuple[str, ...]:
    """Break lines of more than `most` letters into ones that are about as long as each other."""
    found: list[str] = []
    for line in lines:
        parts = -(-len(line) // most)
        found += textwrap.wrap(line, -(-len(line) // parts) + 4, break_on_hyphens=False) if parts > 1 else [line]
    return tuple(found)


def _letter(letter: str) -> float:
    if letter in _SLIM:
        return _SLIM_WIDTH
    if letter in _WIDE:
        return _WIDE_WIDTH
    return _CAPITAL_WIDTH if letter.isupper() else _USUAL_WIDTH
