"""A stream of chunks as a file that can be read once, as `tarfile` needs it. This module knows nothing about tar."""

import io
from collections.abc import Iterable
from typing import cast

_Buffer = bytearray | memoryview


class Readable(io.RawIOBase):
    """Reads from an iterable of chunks; closing it closes a generator too, so that its connection is given back."""

    def __init__(self, chunks: Iterable[bytes]) -> None:
        self._chunks = iter(chunks)
        self._rest = b""

    def readable(self) -> bool:
        """It is."""
        return True

    def readinto(self, buffer: object) -> int:
        """Put the next bytes into `buffer`; return 0 at the end."""
        view = cast("_Buffer", buffer)
        while not self._rest:
            chunk = next(self._chunks, None)
            if chunk is None:
                return 0
            self._rest = chunk
        count = min(len(view), len(self._rest))
        view[:count] = self._rest[:count]
        self._rest = self._rest[count:]
        return count

    def close(self) -> None:
        """End the stream at this point."""
        close = getattr(self._chunks, "close", None)
        if close:
            close()
        super().close()
