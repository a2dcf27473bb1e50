"""Looks into the archives among an image's files, and into archives in these. It does not know which layer they are in.

Formats: tar (POSIX, pax and GNU), zip (PKWARE's APPNOTE), gzip (RFC 1952), bzip2 and xz. What is damaged, encrypted or
over a limit is skipped: for the learner's program such a file is only bytes, too.
"""

import bz2
import json
import lzma
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from io import BytesIO
from typing import Protocol

from grader.errors import MachineError
from grader.image.search import NeedleSearch
from grader.image.stream import Stream
from grader.image.tar import BLOCK, DAMAGED, is_tar, members

FILE_CAP = 32 << 20
"""Bytes of a file, or of what one file is unpacked to, that are looked at."""
LAYER_CAP = 256 << 20
"""Limit for what the archives in one layer are unpacked to."""
DEPTH = 4
"""How often something is unpacked that was packed itself; a `.tar.gz` is two of them."""
MANIFEST = b"package.json"
_MANIFEST_CAP = 1 << 16
_MEMBERS_CAP = 10_000
_PARTS_CAP = 100
_MEMORY_CAP = 64 << 20
_GZIP, _BZIP2, _XZ, _ZIP = b"\x1f\x8b", b"BZh", b"\xfd7zXZ\0", b"PK\3\4"
_ANY_WRAPPER = 32 + zlib.MAX_WBITS
"""For zlib: a gzip header or its own."""


@dataclass(slots=True)
class Inside:
    """What was found in the archives of one layer: needles, and names of npm packages. `left` bytes may be unpacked."""

    needles: dict[bytes, None] = field(default_factory=dict)
    packages: dict[str, None] = field(default_factory=dict)
    left: int = LAYER_CAP

    def begin(self) -> None:
        """Forget what was found: another file is next."""
        self.needles, self.packages = {}, {}

    def allowed(self) -> int:
        """Return how many bytes may be unpacked now."""
        return min(self.left, FILE_CAP)


class _Unpacker(Protocol):
    def decompress(self, data: bytes, max_length: int, /) -> bytes: ...

    @property
    def unused_data(self) -> bytes: ...


def is_packed(head: bytes) -> bool:
    """Whether a file that begins with `head` may be an archive or compressed."""
    return head.startswith((_GZIP, _BZIP2, _XZ, _ZIP)) or _begins_tar(head)


def look_into(data: bytes, search: NeedleSearch, inside: Inside, depth: int = DEPTH) -> None:
    """Note in `inside` what is packed in the file whose first bytes, at most `FILE_CAP`, are `data`."""
    for name, content in _contents(data, inside):
        inside.left -= len(content)
        inside.needles.update(dict.fromkeys(needle for needle in search.needles if needle in name))
        inside.needles.update(dict.fromkeys(search.found_in(content)))
        package = package_name(content) if is_manifest(name) else ""
        if package:
            inside.packages[package] = None
        if depth > 1 and is_packed(content):
            look_into(content, search, inside, depth - 1)


def is_manifest(path: bytes) -> bool:
    """Whether a path is that of the manifest of an npm package."""
    return path.rpartition(b"/")[2] == MANIFEST


def package_name(manifest: bytes) -> str:
    """Return the `name` that a package.json states; empty if it states none."""
    try:
        stated = json.loads(manifest) if len(manifest) <= _MANIFEST_CAP else None
    except (ValueError, RecursionError):
        return ""
    name = stated.get("name") if isinstance(stated, dict) else None
    return name if isinstance(name, str) else ""


def _contents(data: bytes, inside: Inside) -> Iterator[tuple[bytes, bytes]]:
    """Yield the name and the content of each file that `data` packs; a compressed file has one, without a name."""
    if data.startswith(_ZIP):
        yield from _of_zip(data, inside)
    elif _begins_tar(data):
        yield from _of_tar(data)
    elif content := b"".join(_unpacked(data, inside.allowed())):
        yield b"", content


def _begins_tar(head: bytes) -> bool:
    """Whether it begins as an archive with something in it: a file of zeros is none."""
    return is_tar(head[:BLOCK]) and any(head[:BLOCK])


def _of_tar(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    stream = Stream([data], DAMAGED)
    try:
        for member in members(stream):
            yield member.path, stream.take(member.body) if member.body else b""
    except MachineError:  # the learner's archive ends early or is damaged
        return


def _of_zip(data: bytes, inside: Inside) -> Iterator[tuple[bytes, bytes]]:
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            for entry in archive.infolist()[:_MEMBERS_CAP]:
                if not entry.flag_bits & 1:  # encrypted
                    with archive.open(entry) as file:
                        yield entry.filename.encode("utf-8", "surrogateescape"), file.read(inside.allowed())
    except (
        zipfile.BadZipFile,
        NotImplementedError,
        RuntimeError,
        EOFError,
        ValueError,
        OSError,
        zlib.error,
        lzma.LZMAError,
    ):
        return


def _unpacked(data: bytes, limit: int) -> Iterable[bytes]:
    """Yield what compressed bytes unpack to, at most `limit` of it; several compressed parts may follow each other."""
    begins = data[:2]
    for _ in range(_PARTS_CAP):
        if limit <= 0 or data[:2] != begins:
            return
        unpacker = _unpacker(data)
        try:
            content = unpacker.decompress(data, limit)
        except (zlib.error, OSError, EOFError, lzma.LZMAError):
            return
        yield content
        limit -= len(content)
        data = unpacker.unused_data


def _unpacker(data: bytes) -> _Unpacker:
    if data.startswith(_BZIP2):
        return bz2.BZ2Decompressor()
    if data.startswith(_XZ):
        return lzma.LZMADecompressor(memlimit=_MEMORY_CAP)
    return zlib.decompressobj(_ANY_WRAPPER)
