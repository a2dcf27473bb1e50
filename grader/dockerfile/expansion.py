"""Fills in variables as the newest BuildKit does in FROM and ARG: `$x`, `${x:-y}`, `${x#y}`, `${x/y/z}` and kin.

Also splits a line into words by the same rules, for here-documents. Patterns are matched in `pattern.py`.
Source of the rules: the Dockerfile reference, "Environment replacement", and what BuildKit does.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from grader.dockerfile.pattern import TooMuchWorkError, Work, replaced, without_prefix, without_suffix
from grader.dockerfile.words import BLANKS

_NAME = re.compile(r"\d+|[@*#?\-$!]|[^\W\d]\w*")
_DEPTH = 50
"""How deep `${a:-${b:-...}}` may nest. BuildKit knows no limit; nobody needs it."""
_PARTING = re.compile(rf"(?<!<<)(?<!<<[ \t])(?<!<<[ \t][ \t])[{BLANKS}]")
"""A blank that parts words; up to three may stand between `<<` and its delimiter."""
_NOTHING: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Expansion:
    """The text without quotes and with its variables' values.

    `missing` are the variables that were looked at and have neither a value nor a default. With an `error` no builder
    accepts the text, which then is empty; `has_open_quote` says that this is because a quote is never closed.
    """

    text: str
    missing: tuple[str, ...] = ()
    error: str = ""
    has_open_quote: bool = False


def expand(text: str, values: Mapping[str, str], escape: str = "\\", work: Work | None = None) -> Expansion:
    """Fill in the variables of one word. `work` bounds what several expansions cost together."""
    scan = _Scan(text, values, escape, work or Work())
    try:
        result = scan.text_until("")
    except _UnexpandableError as error:
        return Expansion("", (), str(error), isinstance(error, _OpenQuoteError))
    except TooMuchWorkError:
        return Expansion("", (), "its variables expand to far too much text")
    return Expansion(result, tuple(dict.fromkeys(scan.missing)))


def raw_words(text: str, *, keep_quotes: bool) -> list[str] | None:
    """Split into words, with variables left as they are; None where the quotes or braces do not match.

    This is how BuildKit looks for here-documents: the backslash escapes whatever the `escape` directive says.
    """
    scan = _Scan(
        text, _NOTHING, "\\", Work(), keeps_variables=True, keeps_quotes=keep_quotes, keeps_escapes=keep_quotes
    )
    try:
        pieces = scan.pieces_until("")
    except (_UnexpandableError, TooMuchWorkError):
        return None
    words = [""]
    for piece, splits in pieces:
        parts = _PARTING.split(piece) if splits else [piece]
        words[-1] += parts[0]
        words += parts[1:]
    return [word for word in words if word]


class _UnexpandableError(Exception):
    """The text is not well-formed, or a `${x:?}` objects; the message says how."""


class _OpenQuoteError(_UnexpandableError):
    """A quote is never closed."""


class _Scan:
    """One pass over a text. Every method takes what is at `_at` and leaves `_at` behind it."""

    def __init__(
        self,
        text: str,
        values: Mapping[str, str],
        escape: str,
        work: Work,
        *,
        keeps_variables: bool = False,
        keeps_quotes: bool = False,
        keeps_escapes: bool = False,
    ) -> None:
        self._text = text
        self._values = values
        self._escape = escape
        self._work = work
        self._keeps_variables = keeps_variables
        self._keeps_quotes = keeps_quotes
        self._keeps_escapes = keeps_escapes
        self._plain = {stop: re.compile(f"[^$'\"{re.escape(escape + stop)}]+") for stop in ("", "}", "/")}
        self._at = 0
        self._depth = 0
        self.missing: list[str] = []

    def text_until(self, stop: str) -> str:
        """Everything up to `stop`, which is left behind."""
        return "".join(piece for piece, _ in self.pieces_until(stop))

    def pieces_until(self, stop: str) -> list[tuple[str, bool]]:
        """The same in pieces, each with whether blanks in it part words."""
        pieces: list[tuple[str, bool]] = []
        while self._at < len(self._text):
            char = self._text[self._at]
            if char == stop:
                self._at += 1
                return pieces
            if char == "$":
                pieces.append((self._variable(), True))
            elif char == "'":
                pieces.append((self._single_quoted(), False))
            elif char == '"':
                pieces.append((self._double_quoted(), False))
            elif char == self._escape:
                pieces.append((self._escaped(), False))
            elif match := self._plain[stop].match(self._text, self._at):
                self._at = match.end()
                pieces.append((match[0], True))
            self._work.spend(1)
        if stop:
            raise _UnexpandableError(f"${{ is never closed by {stop}")
        return pieces

    def _next(self) -> str:
        char = self._text[self._at : self._at + 1]
        self._at += 1
        return char

    def _escaped(self) -> str:
        kept = self._escape if self._keeps_escapes else ""
        self._at += 1
        return kept + self._next()

    def _single_quoted(self) -> str:
        end = self._text.find("'", self._at + 1)
        if end < 0:
            raise _OpenQuoteError("a single quote is never closed")
        inside = self._text[self._at + 1 : end]
        self._at = end + 1
        return f"'{inside}'" if self._keeps_quotes else inside

    def _double_quoted(self) -> str:
        quote = '"' if self._keeps_quotes else ""
        out = [quote]
        self._at += 1
        while char := self._text[self._at : self._at + 1]:
            if char == "$":
                out.append(self._variable())
                continue
            self._at += 1
            if char == '"':
                return "".join((*out, quote))
            if char == self._escape:
                out.append(self._escape if self._keeps_escapes else "")
                if self._text[self._at : self._at + 1] in ('"', "$", self._escape):
                    char = self._next()
            out.append(char)
        raise _OpenQuoteError("a double quote is never closed")

    def _variable(self) -> str:
        self._at += 1
        if self._text[self._at : self._at + 1] != "{":
            name = self._name()
            return self._value(name, "$" + name) if name else "$"
        self._at += 1
        self._depth += 1
        if self._depth > _DEPTH:
            raise _UnexpandableError("variables are nested too deeply")
        value = self._braced()
        self._depth -= 1
        return value

    def _name(self) -> str:
        match = _NAME.match(self._text, self._at)
        self._at = match.end() if match else self._at
        return match[0] if match else ""

    def _value(self, name: str, as_written: str) -> str:
        if self._keeps_variables:
            return as_written
        if name not in self._values:
            self.missing.append(name)
        value = self._values.get(name, "")
        self._work.spend(len(value))
        return value

    def _braced(self) -> str:
        """Take what follows `${`."""
        if self._text[self._at : self._at + 1] in ("", "{", "}", ":"):
            raise _UnexpandableError("${ is not followed by a variable's name")
        name = self._name()
        operator = self._next()
        if operator == "}":
            return self._value(name, f"${{{name}}}")
        if operator == "/":
            return self._replacement(name)
        empty_is_unset = operator == ":"
        if empty_is_unset:
            operator = self._next()
        if operator not in ("+", "-", "?", "#", "%"):
            raise _UnexpandableError(f"${{{name}... has `{operator}` where only :- :+ :? # % / can stand")
        missing_before = len(self.missing)
        word = self._word_until("}", keeps_escapes=operator in "#%")
        if self._keeps_variables:
            return f"${{{name}{':' if empty_is_unset else ''}{operator}{word}}}"
        if operator in "#%":
            trim = without_prefix if operator == "#" else without_suffix
            return self._pattern(trim(word, self._value(name, ""), self._work))
        value = self._values.get(name, "")
        is_set = bool(value) if empty_is_unset else name in self._values
        if operator == "?" and not is_set:
            raise _UnexpandableError(f"{name}: {word or 'it has no value'}")
        if is_set == (operator == "+"):
            return word
        del self.missing[missing_before:]  # the word is not used
        self._work.spend(len(value))
        return "" if operator == "+" else value

    def _word_until(self, stop: str, *, keeps_escapes: bool) -> str:
        """Take what is behind an operator. In patterns escapes stay, for the pattern has a use for them."""
        before, self._keeps_escapes = self._keeps_escapes, keeps_escapes
        word = self.text_until(stop)
        self._keeps_escapes = before
        return word

    def _replacement(self, name: str) -> str:
        every = self._text.startswith("/", self._at)
        self._at += every
        pattern = self._word_until("/", keeps_escapes=True)
        replacement = self._word_until("}", keeps_escapes=True)
        if self._keeps_variables:
            return f"${{{name}/{pattern}/{replacement}}}"
        return self._pattern(replaced(pattern, replacement, self._value(name, ""), self._work, every=every))

    @staticmethod
    def _pattern(result: str | None) -> str:
        if result is None:
            raise _UnexpandableError("a pattern escapes a character other than * ? \\ } /")
        return result
