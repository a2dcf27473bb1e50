"""Reads one layer's archive into its entries, their sizes, the ELF facts of programs, and the needles found.

`tree.py` combines layers. Source of the whiteout rules: OCI image specification, "Whiteouts".
"""

import posixpath
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import chain

from grader.image.elf import MAGIC, ElfProbe
from grader.image.entries import PackedEntries
from grader.image.model import ElfFacts, Kind
from grader.image.packed import FILE_CAP, Inside, is_manifest, is_packed, look_into, package_name
from grader.image.search import Sought, Trail
from grader.image.stream import Stream
from grader.image.tar import Member, members

HEAD = 1 << 16
CHECKED = 4096
"""Bytes of a file from which on its checksum is kept."""
_WHITEOUT = b".wh."
_OPAQUE = b".wh..wh..opq"
_KINDS = {b"1": Kind.HARDLINK, b"2": Kind.SYMLINK, b"3": Kind.OTHER, b"4": Kind.OTHER, b"5": Kind.DIRECTORY,
          b"6": Kind.OTHER}  # fmt: skip


@dataclass(frozen=True, slots=True)
class LayerFacts:
    """What one layer contains. `found` pairs a needle with the index of an entry that contains it, each pair once.

    `packages` does the same for the names of npm packages. An archive contains what is packed in it. `checksums` are
    CRC-32 by the index of an entry, for files of at least `CHECKED` bytes.
    """

    entries: PackedEntries
    size: int
    found: tuple[tuple[bytes, int], ...]
    packages: tuple[tuple[str, int], ...] = ()
    checksums: dict[int, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _FileFacts:
    """What the bytes of one file say."""

    needles: tuple[bytes, ...]
    elf: ElfFacts | None
    packages: tuple[str, ...]
    checksum: int


def read_layer(stream: Stream, sought: Sought) -> LayerFacts:
    """Read the layer whose archive is `stream`; bytes after the archive's end stay in the stream."""
    entries = PackedEntries()
    found: dict[tuple[bytes, int], None] = {}
    packages: list[tuple[str, int]] = []
    elves: dict[bytes, ElfFacts] = {}
    checksums: dict[int, int] = {}
    inside = Inside()
    size = 0
    for member in members(stream):
        path, kind = _place(member)
        elf = None
        if kind is Kind.FILE and member.body:
            facts = _read_file(stream, member, sought, inside)
            found.update(((needle, len(entries)), None) for needle in facts.needles)
            packages += [(name, len(entries)) for name in facts.packages]
            if member.body >= CHECKED:
                checksums[len(entries)] = facts.checksum
            elf = facts.elf
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
    return LayerFacts(entries, size, tuple(found), tuple(packages), checksums)


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


def _read_file(stream: Stream, member: Member, sought: Sought, inside: Inside) -> _FileFacts:
    """Search the file's bytes, and what is packed in them; most files are one piece."""
    head = stream.take(min(member.body, HEAD))
    is_whole = len(head) == member.body
    if is_whole and not head.startswith(MAGIC):
        needles, elf, first = sought.everywhere.found_in(head), None, head
        checksum = zlib.crc32(head) if member.body >= CHECKED else 0
    else:
        needles, elf, checksum, first = _read_pieces(head, stream.pieces(member.body - len(head)), sought)
    packages: tuple[str, ...] = ()
    if is_packed(head):
        inside.begin()
        look_into(first, sought.everywhere, inside)
        needles, packages = tuple(dict.fromkeys((*needles, *inside.needles))), tuple(inside.packages)
    elif is_manifest(member.path) and is_whole and (name := package_name(head)):
        packages = (name,)
    return _FileFacts(needles, elf, packages, checksum)


def _read_pieces(
    head: bytes, rest: Iterator[bytes], sought: Sought
) -> tuple[tuple[bytes, ...], ElfFacts | None, int, bytes]:
    """Search a file that comes in pieces: return its needles, ELF facts, checksum, and first bytes if it is packed."""
    probe = ElfProbe() if head.startswith(MAGIC) else None
    kept = bytearray() if is_packed(head) else None
    trail, marks, checksum = Trail(sought.everywhere), Trail(sought.in_programs), 0
    for piece in chain((head,), rest):
        trail.feed(piece)
        checksum = zlib.crc32(piece, checksum)
        if probe:
            probe.feed(piece)
            marks.feed(piece)
        if kept is not None:
            kept += piece[: FILE_CAP - len(kept)]
    elf = replace(probe.facts, marks=frozenset(marks.found)) if probe and probe.facts else None
    return tuple(trail.found), elf, checksum, bytes(kept or b"")


def permitted(attribute: bytes) -> int:
    """Return the capabilities in the value of the extended attribute `security.capability`, 0 without one.

    Source: `struct vfs_cap_data` in the kernel's `linux/capability.h`; the sets are in words of 32 bits.
    """
    words = struct.unpack_from(f"<{len(attribute) // 4}I", attribute)
    return sum(word << 32 * number for number, word in enumerate(words[1:4:2]))
