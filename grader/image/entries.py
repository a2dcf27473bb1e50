"""Keeps a layer's entries in few bytes: an image may have a hundred thousand, too many for one Python object each.

An `Entry` is made when it is requested. `tree.py` finds out what entries mean together.
"""

import bisect
import struct
from collections.abc import Iterable, Iterator, Sequence
from pathlib import PurePosixPath
from typing import overload

from grader.image.model import ElfFacts, Entry, Kind

_RECORD = struct.Struct("<QQIIHB")
"""Where the path begins in the text, size, uid, gid, mode, kind."""
_KINDS = tuple(Kind)
_NUMBERS = {kind: number for number, kind in enumerate(_KINDS)}
_OWNER_CAP = (1 << 32) - 1


class PackedEntries(Sequence[Entry]):
    """Entries in stream order, each about 30 bytes and its names. Grows by `add` while its layer is read."""

    __slots__ = ("_capabilities", "_elves", "_records", "_text")

    def __init__(self, entries: Iterable[Entry] = ()) -> None:
        self._text = bytearray()
        self._records = bytearray()
        self._elves: dict[int, ElfFacts] = {}
        self._capabilities: dict[int, int] = {}
        for entry in entries:
            link = entry.link.encode("utf-8", "surrogateescape")
            mode, uid, gid = entry.mode, entry.uid, entry.gid
            path = path_bytes(entry.path)
            self.add(path, entry.kind, entry.size, mode, uid, gid, link, entry.elf, entry.capabilities)

    def add(
        self,
        path: bytes,
        kind: Kind,
        size: int,
        mode: int,
        uid: int,
        gid: int,
        link: bytes,
        elf: ElfFacts | None,
        capabilities: int = 0,
    ) -> None:
        """Append one entry; `path` is relative to `/` and normal, empty for the root itself."""
        if elf is not None:
            self._elves[len(self)] = elf
        if capabilities:
            self._capabilities[len(self)] = capabilities
        uid, gid = min(uid, _OWNER_CAP), min(gid, _OWNER_CAP)
        self._records += _RECORD.pack(len(self._text), size, uid, gid, mode & 0o7777, _NUMBERS[kind])
        self._text += b"%b\0%b\0" % (path, link)

    def path(self, index: int) -> bytes:
        """Return the path of the entry as bytes."""
        start = self._record(index)[0]
        return bytes(self._text[start : self._text.index(0, start)])

    def link(self, index: int) -> bytes:
        """Return the link of the entry as bytes."""
        start = self._text.index(0, self._record(index)[0]) + 1
        return bytes(self._text[start : self._text.index(0, start)])

    def kind(self, index: int) -> Kind:
        """Return the kind of the entry."""
        return _KINDS[self._record(index)[5]]

    def size(self, index: int) -> int:
        """Return the size of the entry."""
        return self._record(index)[1]

    def named(self, needle: bytes) -> Iterator[int]:
        """Yield the entries with `needle` in their path or link, each once."""
        if b"\0" in needle:
            return
        at = self._text.find(needle)
        while at >= 0:
            index = bisect.bisect_right(range(len(self)), at, key=lambda number: self._record(number)[0]) - 1
            yield index
            following = self._record(index + 1)[0] if index + 1 < len(self) else len(self._text)
            at = self._text.find(needle, following)

    def _record(self, index: int) -> tuple[int, int, int, int, int, int]:
        return _RECORD.unpack_from(self._records, index * _RECORD.size)

    def _entry(self, index: int) -> Entry:
        start, size, uid, gid, mode, kind = self._record(index)
        middle = self._text.index(0, start)
        path = self._text[start:middle].decode("utf-8", "surrogateescape")
        link = self._text[middle + 1 : self._text.index(0, middle + 1)].decode("utf-8", "surrogateescape")
        elf, capabilities = self._elves.get(index), self._capabilities.get(index, 0)
        return Entry(PurePosixPath(path), _KINDS[kind], size, mode, uid, gid, link, elf, capabilities)

    def __len__(self) -> int:
        """Count the entries."""
        return len(self._records) // _RECORD.size

    @overload
    def __getitem__(self, index: int) -> Entry: ...
    @overload
    def __getitem__(self, index: slice) -> "tuple[Entry, ...]": ...
    def __getitem__(self, index: int | slice) -> "Entry | tuple[Entry, ...]":
        """Make the entry, or a tuple of them."""
        if isinstance(index, slice):
            return tuple(self._entry(number) for number in range(len(self))[index])
        return self._entry(range(len(self))[index])

    def __iter__(self) -> Iterator[Entry]:
        """Make one entry after another."""
        return map(self._entry, range(len(self)))

    def __eq__(self, other: object) -> bool:
        """Compare with any sequence of entries."""
        return isinstance(other, Sequence) and len(self) == len(other) and all(map(Entry.__eq__, self, other))

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        """Show the entries, for the output of a failed test."""
        return f"PackedEntries({list(self)!r})"


def path_bytes(path: PurePosixPath) -> bytes:
    """Return the path in the form that is kept here: empty for the root."""
    return b"/".join(part.encode("utf-8", "surrogateescape") for part in path.parts)
