"""Makes the members of an archive as `docker load` reads it, so that they can be streamed. No engine, no files.

The format is Docker's image specification v1.2: https://github.com/moby/docker-image-spec/blob/main/v1.2.md.
"""

import json
import tarfile
from collections.abc import Iterator, Sequence
from typing import Any

MANIFEST = "manifest.json"


def member(name: str, size: int) -> tuple[bytes, bytes]:
    """Return the bytes before and the bytes after the `size` bytes of a file in a tar."""
    header = tarfile.TarInfo(name)
    header.size = size
    return header.tobuf(tarfile.PAX_FORMAT), bytes(-size % tarfile.BLOCKSIZE)


def manifest_member(entries: Sequence[dict[str, Any]]) -> Iterator[bytes]:
    """Stream the last member, which names the images, and the end of the archive."""
    data = json.dumps(entries).encode()
    header, padding = member(MANIFEST, len(data))
    yield header + data + padding
    yield bytes(2 * tarfile.BLOCKSIZE)
