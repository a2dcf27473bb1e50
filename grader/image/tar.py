"""Reads tar archives from a stream: ustar, pax and GNU headers, as the Go and GNU writers make them.

Source of the formats: POSIX.1-2017 `pax`, and the GNU tar manual's "Basic Tar Format". It does not use
`tarfile`, whose stream mode needs four times as long for many small files. It does not look at the files' contents.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from grader.errors import MachineError
from grader.image.stream import Stream

BLOCK = 512
NOTHING = bytes(BLOCK)
EXTENDED_CAP = 1 << 20
"""Bytes of a pax or GNU long-name record; Go's reader has the same cap."""
DAMAGED = "The engine's archive is damaged. Try again, or build the image again."
_HEADER = struct.Struct("100s8s8s8s12s12x8xc100s6s2s32x32x8x8x155s12x")
_SPARSE_MORE = 482
_SPARSE_SIZE = slice(483, 495)
_SIZE_CAP = 1 << 62
_DIGITS = 20
_BASE_256 = 0x80
_NAMES = ((b"path", "path"), (b"GNU.sparse.name", "path"), (b"linkpath", "link"))
_NUMBERS = (
    (b"uid", "uid"),
    (b"gid", "gid"),
    (b"size", "body"),
    (b"size", "size"),
    (b"GNU.sparse.size", "size"),
    (b"GNU.sparse.realsize", "size"),
)
"""Which pax key replaces which field; the later one wins."""
_CAPABILITIES = b"SCHILY.xattr.security.capability"
_KNOWN = frozenset((*(key for key, _ in (*_NAMES, *_NUMBERS)), _CAPABILITIES))


@dataclass(slots=True)
class Member:
    """One entry of an archive. `type` is the tar type flag; `body` counts the bytes that follow, `size` the file's.

    `capabilities` is the value of the extended attribute `security.capability`, empty for nearly all files.
    """

    type: bytes
    path: bytes
    link: bytes
    mode: int
    uid: int
    gid: int
    body: int
    size: int
    capabilities: bytes = b""


def is_tar(block: bytes) -> bool:
    """Return whether `block` can begin an archive: a header's magic, or the zeros that end an empty one."""
    return len(block) == BLOCK and (block[257:262] == b"ustar" or block == NOTHING)


def members(stream: Stream) -> Iterator[Member]:
    """Yield the archive's entries; between two of them the caller may take the `body` bytes from the stream.

    Raises:
        MachineError: the archive ends early, or a header is not valid.

    """
    pending: dict[bytes, bytes] = {}
    common: dict[bytes, bytes] = {}
    while True:
        block = stream.up_to(BLOCK)
        if not block or block == NOTHING:
            return
        member = _parse(block)
        kind = member.type
        if kind in b"xgLK":
            text = _extended(stream, member.body)
            if kind == b"L":
                pending[b"path"] = text.rstrip(b"\0")
            elif kind == b"K":
                pending[b"linkpath"] = text.rstrip(b"\0")
            else:
                (pending if kind == b"x" else common).update(_records(text))
            continue
        if kind == b"S":
            _skip_sparse_map(stream, block, member)
        if pending or common:
            _apply({**common, **pending}, member)
            pending = {}
        _settle(member)
        end = stream.position + (member.body + BLOCK - 1) // BLOCK * BLOCK
        yield member
        stream.skip_to(end)


def _parse(block: bytes) -> Member:
    try:
        name, mode, uid, gid, size, kind, link, magic, version, prefix = _HEADER.unpack(block)
    except struct.error:
        raise MachineError(DAMAGED) from None
    if magic[:5] != b"ustar":
        raise MachineError(DAMAGED)
    path = name.partition(b"\0")[0]
    if prefix[:1] != b"\0" and version != b" \0" and kind not in b"LKS":
        path = prefix.partition(b"\0")[0] + b"/" + path
    length = _number(size)
    return Member(kind, path, link.partition(b"\0")[0], _field(mode), _field(uid), _field(gid), length, length)


def _number(field: bytes) -> int:
    """Read an octal number, or the base-256 form that GNU and Go write for larger numbers."""
    if field[0] == _BASE_256:
        return int.from_bytes(field[1:], "big")
    digits = field.partition(b"\0")[0].strip()
    try:
        return int(digits, 8) if digits else 0
    except ValueError:
        raise MachineError(DAMAGED) from None


_field = lru_cache(maxsize=1024)(_number)
"""There are few different modes and owners. There are many sizes, so these are not kept."""


def _extended(stream: Stream, length: int) -> bytes:
    if not 0 <= length <= EXTENDED_CAP:
        raise MachineError(DAMAGED)
    text = stream.take(length)
    stream.skip_to(stream.position + -length % BLOCK)
    return text


def _records(text: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Yield the known pairs of a pax header: `LENGTH KEY=VALUE` and a line feed, LENGTH counts all of it."""
    at = 0
    while at < len(text) and text[at] != 0:
        digits = text[at : text.find(b" ", at, at + 20)]
        length = int(digits) if digits.isdigit() else 0
        record = text[at + len(digits) + 1 : at + length]
        key, equals, value = record.partition(b"=")
        if not equals or value[-1:] != b"\n" or at + length > len(text):
            raise MachineError(DAMAGED)
        if key in _KNOWN:
            yield key, value[:-1]
        at += length


def _apply(records: dict[bytes, bytes], member: Member) -> None:
    """Replace the header's fields by pax records; an empty value means the header's own (POSIX)."""
    for key, field in _NAMES:
        if records.get(key):
            setattr(member, field, records[key].partition(b"\0")[0])
    for key, field in _NUMBERS:
        if records.get(key):
            digits = records[key].partition(b".")[0]
            if not digits.isdigit() or len(digits) > _DIGITS:
                raise MachineError(DAMAGED)
            setattr(member, field, int(digits))
    member.capabilities = records.get(_CAPABILITIES, b"")


def _skip_sparse_map(stream: Stream, block: bytes, member: Member) -> None:
    """Skip the extra headers of GNU's old sparse format, and take the file's real size from the first."""
    member.size = _number(block[_SPARSE_SIZE])
    more = block[_SPARSE_MORE]
    while more:
        more = stream.take(BLOCK)[504]


def _settle(member: Member) -> None:
    """Check the sizes; links, directories and devices have no body, even if their header says so."""
    if member.type in b"123456":
        member.body = member.size = 0
    if not 0 <= member.body <= _SIZE_CAP or not 0 <= member.size <= _SIZE_CAP:
        raise MachineError(DAMAGED)
