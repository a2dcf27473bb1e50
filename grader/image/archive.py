"""Reads the archive that `docker save` writes, in one pass: the first bytes of a blob show what it is.

The manifest that names layers and config comes last. So every blob is summarised when it is read; `layout.py` selects.
"""

import posixpath
import sys
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain

from grader.errors import MachineError
from grader.image.layer import LayerFacts, normal, read_layer
from grader.image.search import Sought
from grader.image.stream import Stream
from grader.image.tar import BLOCK, DAMAGED, is_tar, members

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

ENDS_EARLY = "The engine's archive of the image ends early. Try again."
TEXT_CAP = 4 << 20
"""Bytes of one JSON document; Docker's own reader has the same cap for a manifest."""
TEXTS_CAP = 16 << 20
"""Bytes of all JSON documents together."""
UNPACKED_CAP = 64 << 30
"""Limit for the unpacked bytes of one image's compressed layers."""
_UNPACK_STEP = 1 << 20
_GZIP = b"\x1f\x8b"
_ZSTD = b"\x28\xb5\x2f\xfd"
_ZSTD_NOTE = b"\x2a\x4d\x18"
"""The end of the magic number of a frame without content, which may come first (RFC 8878, "Skippable Frames")."""
_LINKS = 20


@dataclass(frozen=True, slots=True)
class Archive:
    """What the archive contains, by name: layers, JSON documents, why other blobs were not read, and links."""

    layers: dict[str, LayerFacts] = field(default_factory=dict)
    texts: dict[str, bytes] = field(default_factory=dict)
    unread: dict[str, str] = field(default_factory=dict)
    links: dict[str, str] = field(default_factory=dict)

    def has(self, name: str) -> bool:
        """Whether a layer or a document of this name was read."""
        return self.resolved(name) in self.layers or self.resolved(name) in self.texts

    def layer(self, name: str) -> LayerFacts:
        """Return the layer of this name, following links."""
        name = self.resolved(name)
        if name in self.layers:
            return self.layers[name]
        raise MachineError(self.unread.get(name, ENDS_EARLY))

    def text(self, name: str) -> bytes:
        """Return the JSON document of this name, following links."""
        name = self.resolved(name)
        if name in self.texts:
            return self.texts[name]
        raise MachineError(self.unread.get(name, ENDS_EARLY))

    def resolved(self, name: str) -> str:
        """Follow the links that the older layout has instead of a layer that it already contains."""
        for _ in range(_LINKS):
            if name not in self.links:
                break
            name = self.links[name]
        return name


def read_archive(chunks: Iterable[bytes], sought: Sought) -> Archive:
    """Read all of `chunks`.

    Raises:
        MachineError: the stream ends within a member, or its content is not valid.

    """
    archive = Archive()
    stream = Stream(chunks, ENDS_EARLY)
    unpacked = _Allowance(UNPACKED_CAP)
    for member in members(stream):
        name = _name(member.path)
        if member.type == b"2":
            archive.links[name] = _name(posixpath.join(posixpath.dirname(member.path), member.link))
        elif member.type == b"1":
            archive.links[name] = _name(member.link)
        elif member.body:
            head = stream.take(min(member.body, BLOCK))
            _read_blob(archive, name, _Blob(head, stream, member.body), sought, unpacked)
    stream.drain()
    return archive


@dataclass(frozen=True, slots=True)
class _Blob:
    """A member's bytes: those that were already read, and the source of the others."""

    head: bytes
    stream: Stream
    size: int

    def pieces(self) -> Iterator[bytes]:
        return chain((self.head,), self.stream.pieces(self.size - len(self.head)))


class _Allowance:
    """How many bytes may still be unpacked, over all blobs."""

    def __init__(self, left: int) -> None:
        self.left = left

    def spend(self, count: int) -> None:
        self.left -= count
        if self.left < 0:
            raise MachineError(
                f"The image's layers unpack to more than {UNPACKED_CAP >> 30} GiB. The workshop does not read more."
            )


def _name(path: bytes) -> str:
    return normal(path).decode("utf-8", "surrogateescape")


def _read_blob(archive: Archive, name: str, blob: _Blob, sought: Sought, unpacked: _Allowance) -> None:
    pieces = blob.pieces()
    unpack = _unpacker(blob.head)
    if unpack:
        inner = Stream(unpack(pieces, unpacked), DAMAGED)
        head = inner.up_to(BLOCK)
        if is_tar(head):
            layer = Stream(chain((head,), inner.rest()), DAMAGED)
            archive.layers[name] = read_layer(layer, sought)
            layer.drain()
    elif is_tar(blob.head):
        archive.layers[name] = read_layer(Stream(pieces, DAMAGED), sought)
    elif blob.head.lstrip()[:1] in (b"{", b"["):
        _keep_text(archive, name, blob, pieces)


def _unpacker(head: bytes) -> "Callable[[Iterable[bytes], _Allowance], Iterator[bytes]] | None":
    """Return what unpacks a blob that begins with `head`; None if it is not packed."""
    if head.startswith(_GZIP):
        return _gunzip
    is_note = head[1:4] == _ZSTD_NOTE and head[0] >> 4 == 5  # noqa: PLR2004 - 0x184D2A50 to 0x184D2A5F
    return _unzstd if is_note or head.startswith(_ZSTD) else None


def _keep_text(archive: Archive, name: str, blob: _Blob, pieces: Iterator[bytes]) -> None:
    kept = sum(map(len, archive.texts.values()))
    if blob.size > TEXT_CAP or kept + blob.size > TEXTS_CAP:
        archive.unread[name] = (
            f"The image's description is larger than {TEXT_CAP >> 20} MiB. The workshop does not read more."
        )
    else:
        archive.texts[name] = b"".join(pieces)


def _gunzip(pieces: Iterable[bytes], unpacked: _Allowance) -> Iterator[bytes]:
    """Unpack gzip, also several members one after another; never more than one step's bytes at a time."""
    unpacker = zlib.decompressobj(zlib.MAX_WBITS | 16)
    for piece in pieces:
        data = piece
        while data:
            if unpacker.eof:
                unpacker = zlib.decompressobj(zlib.MAX_WBITS | 16)
            try:
                plain = unpacker.decompress(data, _UNPACK_STEP)
            except zlib.error:
                raise MachineError(DAMAGED) from None
            unpacked.spend(len(plain))
            if plain:
                yield plain
            data = unpacker.unused_data if unpacker.eof else unpacker.unconsumed_tail
    if not unpacker.eof:
        raise MachineError(DAMAGED)


def _unzstd(pieces: Iterable[bytes], unpacked: _Allowance) -> Iterator[bytes]:
    """Unpack zstd, also several frames one after another; never more than one step's bytes at a time."""
    unpacker = zstd.ZstdDecompressor()
    for piece in pieces:
        data = piece
        while data or not (unpacker.eof or unpacker.needs_input):
            if unpacker.eof:
                unpacker = zstd.ZstdDecompressor()
            try:
                plain = unpacker.decompress(data, _UNPACK_STEP)
            except zstd.ZstdError:
                raise MachineError(DAMAGED) from None
            unpacked.spend(len(plain))
            if plain:
                yield plain
            data = unpacker.unused_data if unpacker.eof else b""
    if not unpacker.eof:
        raise MachineError(DAMAGED)
