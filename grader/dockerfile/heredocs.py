"""Finds where an instruction's line opens here-documents: `<<EOF`, `<<-EOF`, `<<"EOF"`, outside quotes.

Their content is read by `lines.py`.
"""

import re
from dataclasses import dataclass

from grader.dockerfile.expansion import raw_words
from grader.dockerfile.words import BLANKS, json_strings, split_instruction

_START = re.compile(rf"\d*<<(-?)([{BLANKS}]*)([^<]+)")
_KEYWORDS = ("run", "copy", "add")


@dataclass(frozen=True, slots=True)
class HeredocStart:
    """An opened here-document: its delimiter without quotes; quoted delimiters switch expansion off.

    With `apart` there was a blank before the delimiter: older builders see none there, and a shell may mean a shift
    (`$((1 << 2))`), so that it is one only if the delimiter comes.
    """

    name: str
    expand: bool
    chomp: bool
    apart: bool = False


def heredoc_starts(text: str) -> tuple[HeredocStart, ...]:
    """Return the here-documents that an instruction opens, in order; a JSON form opens none.

    A line whose quotes or `${` do not match opens none either: BuildKit then cannot split it into words.
    """
    if "<<" not in text:
        return ()
    keyword, _, arguments = split_instruction(text)
    if keyword.lower() == "onbuild":
        keyword, _, arguments = split_instruction(arguments)
    if keyword.lower() not in _KEYWORDS or json_strings(arguments) is not None:
        return ()
    starts = [_start(word) for word in raw_words(text, keep_quotes=True) or ()]
    return tuple(start for start in starts if start)


def _start(word: str) -> HeredocStart | None:
    match = _START.fullmatch(word)
    names = raw_words(match[3], keep_quotes=False) if match else None
    if not match or not names or len(names) != 1:
        return None
    name = names[0]
    return HeredocStart(name, _quotes(name) == _quotes(match[3]), match[1] == "-", bool(match[2]))


def _quotes(text: str) -> int:
    return text.count("'") + text.count('"')
