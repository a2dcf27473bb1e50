"""Reads one layer's archive into its entries, their sizes, the ELF facts of programs, and the needles found.

`tree.py` combines layers. Source of the whiteout rules: OCI image specification, "Whiteouts".
"""

import posixpath
import struct
from dataclasses import dataclass, replace
from itertools import chain

from grader.image.elf import MAGIC, ElfProbe
from grader.image.entries import PackedEntries
from grader.image.model import ElfFacts, Kind
from grader.image.search import Sought, Trail
from grader.image.stream import Stream
from grader.image.tar import Member, members

HEAD = 1 << 16
_WHITEOUT = b".wh."
_OPAQUE = b".wh..wh..opq"
_KINDS = {b"1": Kind.HARDLINK, b"2": Kind.SYMLINK, b"3": Kind.OTHER, b"4": Kind.OTHER, b"5": Kind.DIRECTORY,
          b"6": Kind.OTHER}  # fmt: skip


@dataclass(frozen=True, slots=True)
class LayerFacts:
    """What one layer contains. `found` pairs a needle with the index of an entry that contains it, each pair once."""

    entries: PackedEntries
    size: int
    found: tuple[tuple[bytes, int], ...]


def read_layer(stream: Stream, sought: Sought) -> LayerFacts:
    """Read the layer whose archive is `stream`; bytes after the archive's end stay in the stream."""
    entries = PackedEntries()
    found: dict[tuple[bytes, int], None] = {}
    elves: dict[bytes, ElfFacts] = {}
    size = 0
    for member in members(stream):
        path, kind = _place(member)
        elf = None
        if kind is Kind.FILE and member.body:
            needles, elf = _read_file(stream, member, sought)
            found.update(((needle, len(entries)), None) for needle in needles)
            if elf:
                elves[path] = elf
        link = member.link
        if kind is Kind.HARDLINK:
            link = normal(link)
            elf = elves.get(link)
        length = member.size if kind is Kind.FILE else 0
        size += length
        if kind is not Kind.WHITEOUT or _names_something(path):
            entries.add(
                path, kind, length, member.mode, member.uid, member.gid, link, elf, permitted(member.capabilities)
            )
    for needle in sought.everywhere.needles:
        found.update(((needle, index), None) for index in entries.named(needle))
    return LayerFacts(entries, size, tuple(found))


def normal(path: bytes) -> bytes:
    """Return an archive's path relative to `/`, without `.` and `..`: no name leads out of the image."""
    if b"//" not in path and b"/." not in path and path[:1] not in (b"/", b"."):
        return path.rstrip(b"/")
    return posixpath.normpath(b"/" + path).lstrip(b"/")


def _place(member: Member) -> tuple[bytes, Kind]:
    """Return the path that the entry is about and its kind."""
    path = normal(member.path)
    parent, slash, name = path.rpartition(b"/")
    if name.startswith(_WHITEOUT):
        if name == _OPAQUE:
            return parent, Kind.OPAQUE
        return parent + slash + name[len(_WHITEOUT) :], Kind.WHITEOUT
    if member.type in b"0\0" and member.path.endswith(b"/"):
        return path, Kind.DIRECTORY
    return path, _KINDS.get(member.type, Kind.FILE)


def _names_something(hidden: bytes) -> bool:
    """Leave out `.wh..wh.NAME`, which older storage drivers used internally, and a whiteout without a name."""
    name = hidden.rpartition(b"/")[2]
    return bool(name) and not name.startswith(_WHITEOUT)


def _read_file(stream: Stream, member: Member, sought: Sought) -> tuple[tuple[bytes, ...], ElfFacts | None]:
    """Search the file's bytes and return the needles found and its ELF facts; most files are one piece."""
    head = stream.take(min(member.body, HEAD))
    probe = ElfProbe() if head.startswith(MAGIC) else None
    if len(head) == member.body and not probe:
        return sought.everywhere.found_in(head), None
    trail, marks = Trail(sought.everywhere), Trail(sought.in_programs)
    for piece in chain((head,), stream.pieces(member.body - len(head))):
        trail.feed(piece)
        if probe:
            probe.feed(piece)
            marks.feed(piece)
    facts = replace(probe.facts, marks=frozenset(marks.found)) if probe and probe.facts else None
    return tuple(trail.found), facts


def permitted(attribute: bytes) -> int:
    """Return the capabilities in the value of the extended attribute `security.capability`, 0 without one.

    Source: `struct vfs_cap_data` in the kernel's `linux/capability.h`; the sets are in words of 32 bits.
    """
    words = struct.unpack_from(f"<{len(attribute) // 4}I", attribute)
    return sum(word << 32 * number for number, word in enumerate(words[1:4:2]))
