"""Files of a container, running or not, taken from the archive that the engine makes of them. Judges nothing."""

import tarfile
from contextlib import closing

from docker.api.client import APIClient
from docker.errors import NotFound

from grader.engine.chunks import Readable

FILE_CAP = 1_000_000


def content(api: APIClient, container: str, path: str, cap: int) -> bytes | None:
    """Return the first `cap` bytes of a regular file; None if there is no such file."""
    try:
        stream, _ = api.get_archive(container, path)
    except NotFound:
        return None
    with closing(Readable(stream)) as readable, tarfile.open(fileobj=readable, mode="r|") as archive:
        for member in archive:
            file = archive.extractfile(member) if member.isreg() else None
            return file.read(cap) if file else None
    return None


def modified(api: APIClient, container: str, path: str) -> str | None:
    """Return when a file was last modified, as the engine writes it; None if there is no such file."""
    try:
        stream, status = api.get_archive(container, path)
    except NotFound:
        return None
    for _ in stream:  # read to its end, so that the connection can be used again
        pass
    return str(status["mtime"])
