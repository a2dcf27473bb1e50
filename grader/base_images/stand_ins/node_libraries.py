"""Adapts the C++ libraries of a musllinux wheel to an Alpine image, and gives them the names that they have there.

It only changes ELF files; `node.py` decides which files go where. Formats: gABI chapter 5, and its DT_RELR.
"""

import mmap
import re
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

_PHDR = struct.Struct("<IIQQQQQQ")
_DYN = struct.Struct("<qQ")
_RELA = struct.Struct("<QQq")
_ALIGNMENT = 8
_PT_LOAD, _PT_DYNAMIC = 1, 2
_DT_RELA, _DT_RELASZ, _DT_RELRSZ, _DT_RELR = 7, 8, 35, 36
_RELATIVE = {62: 8, 183: 1027}
"""R_X86_64_RELATIVE and R_AARCH64_RELATIVE by ELF machine."""
_GRAFTED = re.compile(r"(?P<stem>.+)-[0-9a-f]{8}(?P<rest>\.so(?P<major>\.\d+)?.*)")


def own_names(grafted: str) -> tuple[str, str]:
    """Return the file name and soname that a library had before a wheel gave it a name with a hash.

    `libstdc++-5d72f927.so.6.0.33` was `libstdc++.so.6.0.33`, known to programs as `libstdc++.so.6`.
    """
    match = _GRAFTED.fullmatch(grafted)
    if not match:
        raise ValueError(f"{grafted} does not have the name of a wheel's library")
    return match["stem"] + match["rest"], f"{match['stem']}.so{match['major'] or ''}"


def rename_inside(file: Path, names: dict[str, str]) -> None:
    """Replace zero-terminated strings of an ELF file in place, by strings that are not longer."""
    with file.open("r+b") as opened, mmap.mmap(opened.fileno(), 0) as content:
        for old, new in names.items():
            before, after = old.encode() + b"\0", new.encode().ljust(len(old) + 1, b"\0")
            if len(after) != len(before):
                raise ValueError(f"{new} is longer than {old}")
            at = content.find(before)
            while at >= 0:
                content[at : at + len(after)] = after
                at = content.find(before, at + len(after))


def unpack_relocations(file: Path) -> None:
    """Replace packed relative relocations (DT_RELR) by plain ones, which every musl applies.

    Debian bookworm's musl 1.2.3 ignores packed ones, and the library would crash. The new table goes to the end of
    the file, and the last loaded segment is extended to include it.

    Raises:
        ValueError: the library does not have the layout of a wheel's libraries.

    """
    content = bytearray(file.read_bytes())
    segments = list(_segments(content))
    dynamic = dict(_entries(content, next(segment.offset for segment in segments if segment.kind == _PT_DYNAMIC)))
    if _DT_RELR not in dynamic:
        return
    table = _plain_table(content, segments, dynamic)
    last = max((segment for segment in segments if segment.kind == _PT_LOAD), key=lambda segment: segment.address)
    gap = len(content) - last.offset - last.size
    if not 0 <= gap < _ALIGNMENT or last.size != last.memory_size:
        raise ValueError(f"the last segment of {file.name} is not at its end")
    content += bytes(-len(content) % _ALIGNMENT)
    new = len(content) - last.offset
    for size_field in (32, 40):
        struct.pack_into("<Q", content, last.header + size_field, new + len(table))
    for tag, value in {_DT_RELA: last.address + new, _DT_RELASZ: len(table), _DT_RELRSZ: 0}.items():
        struct.pack_into("<Q", content, dynamic[tag].value_at, value)
    file.write_bytes(content + table)


def _plain_table(content: bytearray, segments: "list[_Segment]", dynamic: "dict[int, _Entry]") -> bytes:
    """Return the library's plain relocations, and after them its packed ones."""

    def offset(address: int) -> int:
        return next(
            segment.offset + address - segment.address
            for segment in segments
            if segment.kind == _PT_LOAD and segment.address <= address < segment.address + segment.size
        )

    (machine,) = struct.unpack_from("<H", content, 18)
    count = dynamic[_DT_RELRSZ].value // 8
    packed = struct.unpack_from(f"<{count}Q", content, offset(dynamic[_DT_RELR].value))
    plain = bytes(content[offset(dynamic[_DT_RELA].value) :][: dynamic[_DT_RELASZ].value])
    for address in _addresses(packed):
        plain += _RELA.pack(address, _RELATIVE[machine], *struct.unpack_from("<q", content, offset(address)))
    return plain


class _Segment(NamedTuple):
    """One program header, and its own position in the file."""

    header: int
    kind: int
    offset: int
    address: int
    size: int
    memory_size: int


class _Entry(NamedTuple):
    """One value of the dynamic section, and its position in the file."""

    value: int
    value_at: int


def _segments(content: bytearray) -> Iterator[_Segment]:
    (table,) = struct.unpack_from("<Q", content, 32)
    size, count = struct.unpack_from("<HH", content, 54)
    for at in range(table, table + size * count, size):
        kind, _, offset, address, _, in_file, in_memory, _ = _PHDR.unpack_from(content, at)
        yield _Segment(at, kind, offset, address, in_file, in_memory)


def _entries(content: bytearray, at: int) -> Iterator[tuple[int, _Entry]]:
    while (entry := _DYN.unpack_from(content, at))[0]:
        yield entry[0], _Entry(entry[1], at + 8)
        at += _DYN.size


def _addresses(packed: tuple[int, ...]) -> Iterator[int]:
    """An even word is an address; an odd one has a bit for each of the 63 words after the last."""
    where = 0
    for word in packed:
        if word & 1:
            yield from (where + 8 * bit for bit in range(63) if word >> (bit + 1) & 1)
            where += 63 * 8
        else:
            yield word
            where = word + 8
