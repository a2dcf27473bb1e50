"""Splits one instruction's text as BuildKit's parser does: keyword, flags, words, JSON form, what stands for a comment.

Variables are not filled in here; that is `expansion.py`.
"""

import json
import re
from typing import Any

from grader.dockerfile.model import Flag

BLANKS = (
    "\t\n\v\f\r \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000"
)
"""What Go's `unicode.IsSpace` calls space; Python's `str.isspace` has four more."""
_GAP = re.compile(r"[\t\v\f\r ]+")
_BLANK = re.compile(f"[{BLANKS}]+")
_FLAG_WORD = re.compile(
    rf"""(?:[^{BLANKS}'"\\]|\\(?:.|$)|'(?:[^'\\]|\\.)*(?:'|\\?$)|"(?:[^"\\]|\\.)*(?:"|\\?$))+""", re.DOTALL
)
_QUOTING = re.compile(r"""\\(.)|['"]|\\$""", re.DOTALL)


def split_instruction(text: str) -> tuple[str, tuple[Flag, ...], str]:
    """Return an instruction's keyword as written, its flags and its arguments."""
    keyword, *rest = _GAP.split(text.strip(BLANKS), maxsplit=1)
    flags, arguments = take_flags(rest[0]) if rest else ((), "")
    return keyword, flags, arguments


def take_flags(text: str) -> tuple[tuple[Flag, ...], str]:
    """Take `--name=value` words from the front; return them and the rest. A lone `--` ends them.

    Here the backslash escapes whatever the `escape` directive says.
    """
    flags = []
    at = _after_blanks(text, 0)
    while text.startswith("--", at):
        match = _FLAG_WORD.match(text, at)
        if not match:  # cannot be: the word begins with a hyphen
            break
        at = _after_blanks(text, match.end())
        word = _QUOTING.sub(r"\1", match[0])
        if word == "--":
            break
        name, equals, value = word[2:].partition("=")
        flags.append(Flag(name, value, not equals))
    return tuple(flags), text[at:].strip(BLANKS)


def _after_blanks(text: str, at: int) -> int:
    match = _BLANK.match(text, at)
    return match.end() if match else at


def plain_words(text: str) -> list[str]:
    """Split at blanks and nothing else, as FROM, COPY, ADD, EXPOSE and VOLUME are: quotes do not join words there."""
    return [word for word in _GAP.split(text) if word]


def quoted_words(text: str, escape: str) -> list[str]:
    """Split at blanks outside quotes, as ARG, ENV and LABEL are. Quotes and escapes stay in the words."""
    words: list[str] = []
    word: list[str] = []
    quote = ""
    at = 0
    while at < len(text):
        char = text[at]
        at += 1
        if char == escape and quote != "'":
            word.append(text[at - 1 : at + 1] if at < len(text) else "")
            at += 1
        elif char in BLANKS and not quote:
            if word:
                words.append("".join(word))
                word = []
        else:
            if char in "\"'" and quote in ("", char):
                quote = "" if quote else char
            word.append(char)
    last = "".join(word)
    return [*words, last] if last else words


def json_array(text: str) -> tuple[list[Any], str] | None:
    """Return the items of the JSON array that the text begins with, and what follows it; None if there is no array.

    Numbers all become 0.
    """
    text = text.lstrip(BLANKS)
    if not text.startswith("["):
        return None
    try:
        items, end = _JSON.raw_decode(text)
    except (ValueError, RecursionError):
        return None
    return items, text[end:].strip(BLANKS)


def json_strings(text: str) -> tuple[str, ...] | None:
    """Return the strings of a JSON (exec) form, or None if the text does not begin with an array of strings.

    What follows it is ignored, as by all but the newest builders.
    """
    found = json_array(text)
    if found is None or not all(isinstance(item, str) for item in found[0]):
        return None
    return tuple(_without_lone_surrogates(item) for item in found[0])


def _zero(_digits: str) -> int:
    """Python limits how long a number may be; its value means nothing here."""
    return 0


def _refuse(name: str) -> Any:
    """Python takes `NaN` and `Infinity`, which are not JSON."""
    raise ValueError(name)


_JSON = json.JSONDecoder(parse_int=_zero, parse_float=_zero, parse_constant=_refuse)


def _without_lone_surrogates(text: str) -> str:
    r"""Half a `\ud83d\ude00` pair is no character; Go puts U+FFFD in its place, and so it can be printed."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def comment_at_end(arguments: str) -> bool:
    """Whether something in the arguments looks like a comment at the end of the line, which there are none."""
    return any(word == "#" or re.match(r"#\w", word) for word in plain_words(arguments)[1:])
