"""Searches bytes for several strings that begin alike, as they pass. What the bytes belong to is not known here."""

from itertools import takewhile


class NeedleSearch:
    """What is searched for. One search for what all needles begin with decides for most bytes that none is there."""

    __slots__ = ("needles", "overlap", "prefix")

    def __init__(self, needles: tuple[bytes, ...]) -> None:
        self.needles = tuple(dict.fromkeys(needle for needle in needles if needle))
        self.prefix = _common_prefix(self.needles)
        self.overlap = max((len(needle) for needle in self.needles), default=1) - 1

    def found_in(self, data: bytes) -> tuple[bytes, ...]:
        """Return the needles that `data` holds."""
        if not self.needles or self.prefix not in data:
            return ()
        return tuple(needle for needle in self.needles if needle in data)


class Trail:
    """One search through bytes that come in pieces: a needle that lies across pieces is found too."""

    __slots__ = ("_search", "_tail", "found")

    def __init__(self, search: NeedleSearch) -> None:
        self.found: dict[bytes, None] = {}
        self._search = search
        self._tail = b""

    def feed(self, piece: bytes) -> None:
        """Take the next piece."""
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
