"""Files of a container, running or not, taken out of the archive that the engine makes of them. Judges nothing."""

import io
import tarfile
from collections.abc import Iterable

from docker.api.client import APIClient
from docker.errors import NotFound

FILE_CAP = 1_000_000


def content(api: APIClient, container: str, path: str, cap: int) -> bytes | None:
    """Return the first `cap` bytes of a regular file; None if there is no such file."""
    try:
        stream, _ = api.get_archive(container, path)
    except NotFound:
        return None
    with tarfile.open(fileobj=_Readable(stream), mode="r|") as archive:
        for member in archive:
            file = archive.extractfile(member) if member.isreg() else None
            return file.read(cap) if file else None
    return None


def modified(api: APIClient, container: str, path: str) -> str | None:
    """Return when a file was last modified, as the engine words it; None if there is no such file."""
    try:
        stream, status = api.get_archive(container, path)
    except NotFound:
        return None
    for _ in stream:  # read to its end, so that the connection can be used again
        pass
    return str(status["mtime"])


class _Readable(io.RawIOBase):
    """The engine's chunks as a file that can be read once, from front to end."""

    def __init__(self, chunks: Iterable[bytes]) -> None:
        self._chunks = iter(chunks)
        self._rest = b""

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        while size < 0 or len(self._rest) < size:
            chunk = next(self._chunks, None)
            if chunk is None:
                size = len(self._rest)
                break
            self._rest += chunk
        taken, self._rest = self._rest[:size], self._rest[size:]
        return taken
