"""Makes the C++ libraries that a musllinux wheel carries usable by the programs of an Alpine image, under their own names.

It changes ELF files and nothing else; which files go where is `node.py`. Formats: gABI chapter 5, and its DT_RELR.
"""

import mmap
import re
import struct
from collections.abc import Iterator
from pathlib import Path

_PHDR = struct.Struct("<IIQQQQQQ")
_DYN = struct.Struct("<qQ")
_RELA = struct.Struct("<QQq")
_PT_LOAD, _PT_DYNAMIC = 1, 2
_DT_RELA, _DT_RELASZ, _DT_RELRSZ, _DT_RELR = 7, 8, 35, 36
_RELATIVE = {62: 8, 183: 1027}
"""R_X86_64_RELATIVE and R_AARCH64_RELATIVE by ELF machine."""
_GRAFTED = re.compile(r"(?P<stem>.+)-[0-9a-f]{8}(?P<rest>\.so(?P<major>\.\d+)?.*)")


def own_names(grafted: str) -> tuple[str, str]:
    """Return file name and soname of a library before a wheel gave it a name with a hash.

    `libstdc++-5d72f927.so.6.0.33` was `libstdc++.so.6.0.33`, known to programs as `libstdc++.so.6`.
    """
    match = _GRAFTED.fullmatch(grafted)
    if not match:
        raise ValueError(f"{grafted} is not named as a wheel names its libraries")
    return match["stem"] + match["rest"], f"{match['stem']}.so{match['major'] or ''}"


def rename_inside(file: Path, names: dict[str, str]) -> None:
    """Replace zero-terminated strings of an ELF file in place, by ones that are no longer."""
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
    """Write packed relative relocations (DT_RELR) out as plain ones, which every musl applies.

    Debian bookworm's musl 1.2.3 passes over packed ones, and the library would crash. The new table goes to the end of
    the file, which the last segment to be loaded is made to reach.

    Raises:
        ValueError: the library is not laid out as a wheel's libraries are.

    """
    content = bytearray(file.read_bytes())
    (table,) = struct.unpack_from("<Q", content, 32)
    machine, size, count = (struct.unpack_from("<H", content, at)[0] for at in (18, 54, 56))
    segments = {at: _PHDR.unpack_from(content, at) for at in range(table, table + size * count, size)}
    loads = {at: fields for at, fields in segments.items() if fields[0] == _PT_LOAD}

    def offset(address: int) -> int:
        return next(f[2] + address - f[3] for f in loads.values() if f[3] <= address < f[3] + f[5])

    start = next(fields[2] for fields in segments.values() if fields[0] == _PT_DYNAMIC)
    dynamic = dict(_entries(content, start))
    if _DT_RELR not in dynamic:
        return
    value = {tag: struct.unpack_from("<Q", content, at + 8)[0] for tag, at in dynamic.items()}
    packed = struct.unpack_from(f"<{value[_DT_RELRSZ] // 8}Q", content, offset(value[_DT_RELR]))
    plain = content[offset(value[_DT_RELA]) :][: value[_DT_RELASZ]]
    for address in _addresses(packed):
        plain += _RELA.pack(address, _RELATIVE[machine], *struct.unpack_from("<q", content, offset(address)))

    at, last = max(loads.items(), key=lambda item: item[1][3])
    if not last[2] + last[5] <= len(content) < last[2] + last[5] + 8 or last[5] != last[6]:
        raise ValueError(f"the last segment of {file.name} is not at its end")
    content += bytes(-len(content) % 8)
    new = len(content) - last[2]
    _PHDR.pack_into(content, at, *last[:5], new + len(plain), new + len(plain), last[7])
    for tag, changed in {_DT_RELA: last[3] + new, _DT_RELASZ: len(plain), _DT_RELRSZ: 0}.items():
        struct.pack_into("<Q", content, dynamic[tag] + 8, changed)
    file.write_bytes(content + plain)


def _entries(content: bytearray, at: int) -> Iterator[tuple[int, int]]:
    """The dynamic section's tags, each with where its entry is."""
    while tag := _DYN.unpack_from(content, at)[0]:
        yield tag, at
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
