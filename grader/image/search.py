"""Searches passing bytes for several strings with the same beginning. It does not know what the bytes belong to."""

from dataclasses import dataclass
from itertools import takewhile


class NeedleSearch:
    """The strings to find. For most bytes, one search for their common beginning shows that none is there."""

    __slots__ = ("needles", "overlap", "prefix")

    def __init__(self, needles: tuple[bytes, ...]) -> None:
        self.needles = tuple(dict.fromkeys(needle for needle in needles if needle))
        self.prefix = _common_prefix(self.needles)
        self.overlap = max((len(needle) for needle in self.needles), default=1) - 1

    def found_in(self, data: bytes) -> tuple[bytes, ...]:
        """Return the needles that `data` contains."""
        if not self.needles or self.prefix not in data:
            return ()
        return tuple(needle for needle in self.needles if needle in data)


@dataclass(frozen=True, slots=True)
class Sought:
    """What is looked for: strings in all files and names, and marks only in the bytes of programs and libraries."""

    everywhere: NeedleSearch
    in_programs: NeedleSearch


class Trail:
    """One search through bytes that come in pieces: a needle that spans two pieces is found too."""

    __slots__ = ("_search", "_tail", "found")

    def __init__(self, search: NeedleSearch) -> None:
        self.found: dict[bytes, None] = {}
        self._search = search
        self._tail = b""

    def feed(self, piece: bytes) -> None:
        """Read the next piece."""
        overlap = self._search.overlap
        if self._tail:
            self._note(self._tail + piece[:overlap])
        self._note(piece)
        if overlap:
            self._tail = piece[-overlap:] if len(piece) >= overlap else (self._tail + piece)[-overlap:]

    def _note(self, data: bytes) -> None:
        self.found.update(dict.fromkeys(self._search.found_in(data)))


def _common_prefix(words: tuple[bytes, ...]) -> bytes:
    columns = zip(*words, strict=False)
    return bytes(column[0] for column in takewhile(lambda column: len(set(column)) == 1, columns))
