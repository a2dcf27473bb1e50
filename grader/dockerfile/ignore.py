"""Reads a .dockerignore to say which of its lines decides on a path. Only explains: what is in a context, builds show.

Source of the rules: the section ".dockerignore file" of Docker's manual. Patterns are those of Go's `filepath.Match`,
with `**` for any number of folders; they begin at the context's root, and what matches a folder counts for all in it.
"""

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rule:
    """A line of a .dockerignore: its number, its text, and whether it keeps out what it matches, or lets it in."""

    line: int
    text: str
    keeps_out: bool


def deciding(text: str, path: str) -> Rule | None:
    """Return the last line that matches `path` or a folder that it is in; None if there is none."""
    found = None
    for number, line in _lines(text):
        if _matches(line, path):
            found = Rule(number, line, not line.startswith("!"))
    return found


def with_comment(text: str, path: str) -> Rule | None:
    """Return the last line that would keep out `path` without the comment at its end, which is read as a part of it."""
    found = None
    for number, line in _lines(text):
        pattern, blank, _ = line.partition(" #")
        if blank and not line.startswith("!") and _matches(pattern.strip(), path) and not _matches(line, path):
            found = Rule(number, line, keeps_out=True)
    return found


def _lines(text: str) -> Iterator[tuple[int, str]]:
    """Yield the lines that have a pattern, with their numbers."""
    for number, raw in enumerate(text.lstrip("\ufeff").splitlines(), start=1):
        line = raw.strip()
        if line and not raw.startswith("#"):
            yield number, line


def _matches(line: str, path: str) -> bool:
    parts = path.split("/")
    names = ["/".join(parts[:count]) for count in range(1, len(parts) + 1)]
    pattern = _pattern(line.lstrip("!").strip())
    return pattern is not None and any(pattern.fullmatch(name) for name in names)


_TOKEN = re.compile(r"\*\*/|\*\*|\*|\?|\[[^\]]+\]|\\.|.", re.DOTALL)
_LONGEST = 1_000
"""Characters of a pattern that is looked at; nobody writes a longer one by hand."""
_State = tuple[int, bool]
"""Where in its pieces a pattern is, and whether it is inside of the folders that a `**/` stands for."""


@dataclass(frozen=True, slots=True)
class _Pattern:
    """A pattern as pieces. All ways through them are followed at once, so that no pattern takes long to match."""

    pieces: tuple[str, ...]
    classes: tuple[re.Pattern[str] | None, ...]

    def fullmatch(self, name: str) -> bool:
        states = self._with_empty({(0, False)})
        for character in name:
            states = self._with_empty({after for state in states for after in self._after(state, character)})
        return (len(self.pieces), False) in states

    def _with_empty(self, states: set[_State]) -> set[_State]:
        """Add what is reached without a character: each kind of star may stand for nothing."""
        waiting = list(states)
        while waiting:
            at, is_inside = waiting.pop()
            if at < len(self.pieces) and not is_inside and self.pieces[at] in ("*", "**", "**/"):
                following = (at + 1, False)
                if following not in states:
                    states.add(following)
                    waiting.append(following)
        return states

    def _after(self, state: _State, character: str) -> Iterator[_State]:
        at, _ = state
        if at == len(self.pieces):
            return
        piece, one_of = self.pieces[at], self.classes[at]
        if piece == "**/":
            yield at, True
            if character == "/":
                yield at + 1, False
        elif piece == "**" or (piece == "*" and character != "/"):
            yield at, False
        elif self._is_one(piece, one_of, character):
            yield at + 1, False

    @staticmethod
    def _is_one(piece: str, one_of: re.Pattern[str] | None, character: str) -> bool:
        if one_of:
            return bool(one_of.fullmatch(character))
        if piece == "?":
            return character != "/"
        return piece != "*" and character == piece[-1]


def _pattern(words: str) -> _Pattern | None:
    """Take a pattern apart; None for one that is not well formed, or longer than anybody writes."""
    cleaned = posixpath.normpath(words).lstrip("/")
    if len(cleaned) > _LONGEST:
        return None
    pieces = tuple(_TOKEN.findall(cleaned))
    try:
        classes = tuple(re.compile(piece) if piece[0] == "[" and len(piece) > 1 else None for piece in pieces)
    except re.error:
        return None
    return _Pattern(pieces, classes)
