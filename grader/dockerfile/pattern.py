r"""Matches the patterns of `${x#pattern}`, `${x%pattern}` and `${x/pattern/text}`: `*`, `?` and `\` before them.

Never backtracks: all ways to match are followed at once, so that no pattern can take long.
"""

from dataclasses import dataclass

_WORD = 64


class TooMuchWorkError(Exception):
    """What the text asks for costs more than any Dockerfile that is meant to be built."""


@dataclass(slots=True)
class Work:
    """What is left to spend, in characters made or looked at: a text can ask for any amount of either."""

    left: int = 4_000_000

    def spend(self, amount: int) -> None:
        """Take `amount` off.

        Raises:
            TooMuchWorkError: there is less left.

        """
        self.left -= amount
        if self.left < 0:
            raise TooMuchWorkError


def without_prefix(pattern: str, value: str, work: Work) -> str | None:
    """Take the shortest match off the front, the longest if the pattern begins with one more `#`; None: no pattern."""
    longest = pattern.startswith("#")
    tokens = _tokens(pattern[longest:])
    if tokens is None:
        return None
    end = _Matcher(tokens).end(value, 0, work, longest=longest)
    return value if end is None else value[end:]


def without_suffix(pattern: str, value: str, work: Work) -> str | None:
    """Take the shortest match off the end, the longest if the pattern begins with one more `%`; None: no pattern."""
    longest = pattern.startswith("%")
    tokens = _tokens(pattern[longest:])
    if tokens is None:
        return None
    end = _Matcher(tokens[::-1]).end(value[::-1], 0, work, longest=longest)
    return value if end is None else value[: len(value) - end]


def replaced(pattern: str, replacement: str, value: str, work: Work, *, every: bool) -> str | None:
    """Put `replacement` in place of the first (or every) longest match; None: no pattern."""
    tokens = _tokens(pattern)
    if tokens is None:
        return None
    matcher = _Matcher(tokens)
    out: list[str] = []
    at = last_end = 0
    while at <= len(value):
        end = matcher.end(value, at, work, longest=True)
        if end is not None and (end > last_end or at == 0):
            work.spend(len(replacement))
            out.append(replacement)
            if not every:
                return "".join((*out, value[end:]))
            last_end = end
        if end is None or end == at:
            out.append(value[at : at + 1])
            at += 1
        else:
            at = end
    return "".join(out)


_Token = tuple[str, str]
"""`("star", "")`, `("any", "")` or `("is", character)`."""


def _tokens(pattern: str) -> list[_Token] | None:
    tokens: list[_Token] = []
    at = 0
    while at < len(pattern):
        char = pattern[at]
        at += 1
        if char == "*":
            if tokens[-1:] != [("star", "")]:
                tokens.append(("star", ""))
        elif char == "?":
            tokens.append(("any", ""))
        elif char != "\\":
            tokens.append(("is", char))
        elif pattern[at : at + 1] in ("}", "/", "*", "?", "\\"):
            tokens.append(("is", pattern[at]))
            at += 1
        else:
            return None
    return tokens


class _Matcher:
    """Which tokens can be next is a number with a bit for each; the bit after the last means that all are matched."""

    def __init__(self, tokens: list[_Token]) -> None:
        self._stars = self._anything = 0
        self._literal: dict[str, int] = {}
        for index, (kind, char) in enumerate(tokens):
            bit = 1 << index
            if kind == "star":
                self._stars |= bit
            elif kind == "any":
                self._anything |= bit
            else:
                self._literal[char] = self._literal.get(char, 0) | bit
        self._done = 1 << len(tokens)
        self._cost = 1 + len(tokens) // _WORD

    def end(self, value: str, start: int, work: Work, *, longest: bool) -> int | None:
        """Return where the shortest or longest match that begins at `start` ends; None if there is none."""
        found = None
        states = self._skipping_stars(1)
        at = start
        while True:
            work.spend(self._cost)
            if states & self._done:
                found = at
                if not longest:
                    return found
            if at == len(value) or not states:
                return found
            moved = (states & (self._literal.get(value[at], 0) | self._anything)) << 1
            states = self._skipping_stars(moved | (states & self._stars))
            at += 1

    def _skipping_stars(self, states: int) -> int:
        return states | (states & self._stars) << 1
