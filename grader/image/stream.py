"""Reads a stream of byte chunks that cannot be rewound: a number of bytes, or a body piece by piece.

The modules that read from it know what the bytes mean; only the current chunk is kept.
"""

from collections.abc import Iterable, Iterator

from grader.errors import MachineError


class Stream:
    """Chunks as one run of bytes. `ends_early` is the error's message if there are fewer bytes than requested."""

    __slots__ = ("_at", "_before", "_chunk", "_chunks", "_ends_early")

    def __init__(self, chunks: Iterable[bytes], ends_early: str) -> None:
        self._chunks = iter(chunks)
        self._chunk = b""
        self._at = 0
        self._before = 0
        self._ends_early = ends_early

    @property
    def position(self) -> int:
        """How many bytes have been read so far."""
        return self._before + self._at

    def up_to(self, count: int) -> bytes:
        """Read `count` bytes, or what is left at the end of the stream."""
        end = self._at + count
        if end <= len(self._chunk):
            data = self._chunk[self._at : end]
            self._at = end
            return data
        parts = [self._chunk[self._at :]]
        wanted = count - len(parts[0])
        self._at = len(self._chunk)
        while wanted and self._advance():
            part = self._chunk[:wanted]
            self._at = len(part)
            wanted -= len(part)
            parts.append(part)
        return b"".join(parts)

    def take(self, count: int) -> bytes:
        """Read exactly `count` bytes."""
        data = self.up_to(count)
        if len(data) < count:
            raise MachineError(self._ends_early)
        return data

    def pieces(self, count: int) -> Iterator[bytes]:
        """Yield the next `count` bytes as they come, none of the pieces empty."""
        while count > 0:
            if self._at == len(self._chunk) and not self._advance():
                raise MachineError(self._ends_early)
            piece = self._chunk[self._at : self._at + count]
            self._at += len(piece)
            count -= len(piece)
            yield piece

    def rest(self) -> Iterator[bytes]:
        """Yield all that is left as it comes."""
        while self._at < len(self._chunk) or self._advance():
            piece = self._chunk[self._at :]
            self._at = len(self._chunk)
            yield piece

    def skip_to(self, position: int) -> None:
        """Skip bytes until `position`; do nothing if it has already passed."""
        while (missing := position - self.position) > 0:
            if self._at == len(self._chunk) and not self._advance():
                raise MachineError(self._ends_early)
            self._at = min(len(self._chunk), self._at + missing)

    def drain(self) -> None:
        """Read to the end, so that the sender of the stream can finish."""
        while self._advance():
            pass

    def _advance(self) -> bool:
        """Go to the next chunk that is not empty; return false at the end."""
        for chunk in self._chunks:
            if chunk:
                self._before += len(self._chunk)
                self._chunk = chunk
                self._at = 0
                return True
        return False
