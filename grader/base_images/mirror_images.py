"""Copies images from an engine into a mirror and from a mirror into an engine, and compresses layers on the way.

The workshop does both itself, without the engine's own push and pull. So no engine needs a setting for a registry with
plain HTTP, whether it runs on this machine, in Docker Desktop's, or elsewhere.
"""

import io
import json
import posixpath
import tarfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from typing import IO, Any, Protocol

from grader.base_images.archive_members import manifest_member, member
from grader.base_images.registry import Blob, Manifest, Registry, repository_in_mirror
from grader.called import called
from grader.dockerfile.references import Reference, parse_reference
from grader.engine.chunks import Readable
from grader.engine.model import ImageInspection
from grader.errors import MachineError

TellSize = Callable[[int, int], None]
"""Gets the bytes done and in total."""
_CHUNK = 1 << 20
_KEPT = 1_000_000
"""A file of an archive up to this many bytes is kept in memory: configurations, and layers that are almost empty."""
_GZIP = b"\x1f\x8b"
_LEVEL = 1
"""The usual 6 takes twice as long and saves a tenth of the bytes (golang:1.26: 232 MB, not 260, of 724)."""


class SavingEngine(Protocol):
    """The part of an engine that is needed to fill a mirror."""

    def inspect_image(self, reference: str) -> ImageInspection | None:
        """Return what it has with this reference."""

    def save(self, reference: str) -> Iterable[bytes]:
        """Stream an image as `docker save` writes it."""


def offered(registry: Registry, reference: Reference) -> Manifest | None:
    """Return what a mirror has for the reference. An image that is pinned by digest has another digest in a mirror.

    Raises:
        RegistryUnreachableError: it does not answer.

    """
    return None if reference.digest else registry.manifest(repository_in_mirror(reference), reference.tag)


def archive_from(registry: Registry, reference: Reference, manifest: Manifest, tell: TellSize) -> Iterator[bytes]:
    """Stream an image as `docker load` reads it, each blob's digest checked; the member that names it comes last."""
    repository, done = repository_in_mirror(reference), 0
    for blob in dict.fromkeys((manifest.config, *manifest.layers)):
        header, padding = member(_file(blob), blob.size)
        yield header
        for chunk in registry.blob(repository, blob):
            done += len(chunk)
            tell(done, manifest.size)
            yield chunk
        yield padding
    entry = {
        "Config": _file(manifest.config),
        "RepoTags": [reference.familiar],
        "Layers": [_file(layer) for layer in manifest.layers],
    }
    yield from manifest_member([entry])


def publish(engine: SavingEngine, registry: Registry, text: str, tell: TellSize) -> bool:
    """Put the engine's image `text` into the mirror, unless it is already there; return whether that was needed.

    Raises:
        MachineError: the engine does not have it, or the mirror does not accept it.

    """
    reference, image = parse_reference(text), engine.inspect_image(text)
    if reference is None or reference.digest or image is None:
        raise MachineError(f"The engine has no image {text} for the mirror. Run `{called()} images prepare`.")
    there = offered(registry, reference)
    # An engine knows an image by its configuration or, with containerd's store, by its manifest.
    if there and image.id in (there.config.digest, there.digest):
        return False
    repository = repository_in_mirror(reference)
    packing = _Packing(registry, repository, lambda done: tell(min(done, image.size), image.size))
    with (
        closing(Readable(engine.save(text))) as stream,
        tarfile.open(fileobj=io.BufferedReader(stream, _CHUNK), mode="r|") as saved,
    ):
        for file in saved:
            packing.take(file, saved.extractfile(file) if file.isreg() else None)
    packing.name(reference.tag)
    return True


@dataclass
class _Packing:
    """The files of one saved image on their way into a mirror; only the end says which of them are layers."""

    registry: Registry
    repository: str
    tell: Callable[[int], None]
    kept: dict[str, bytes] = field(default_factory=dict)
    sent: dict[str, Blob] = field(default_factory=dict)
    links: dict[str, str] = field(default_factory=dict)
    done: int = 0

    def take(self, file: tarfile.TarInfo, content: IO[bytes] | None) -> None:
        if file.issym():
            self.links[file.name] = posixpath.normpath(posixpath.join(posixpath.dirname(file.name), file.linkname))
        elif content and file.size <= _KEPT:
            self.kept[file.name] = content.read()
        elif content:
            self.sent[file.name] = self._send(content)

    def name(self, tag: str) -> None:
        try:
            [entry] = json.loads(self.kept["manifest.json"])
            config = self.kept[entry["Config"]]
            layers = [self._layer(name) for name in entry["Layers"]]
        except (KeyError, ValueError, TypeError) as error:
            raise MachineError("The engine saved an image in an unknown format. Update the workshop.") from error
        config_blob = self.registry.push_blob(self.repository, [config])
        self.registry.push_manifest(self.repository, tag, config_blob, layers)

    def _layer(self, name: str) -> Blob:
        while name in self.links:
            name = self.links[name]
        if name not in self.sent:
            self.sent[name] = self._send(io.BytesIO(self.kept[name]))
        return self.sent[name]

    def _send(self, content: IO[bytes]) -> Blob:
        return self.registry.push_blob(self.repository, _compressed(self._counted(content)))

    def _counted(self, content: IO[bytes]) -> Iterator[bytes]:
        while chunk := content.read(_CHUNK):
            self.done += len(chunk)
            self.tell(self.done)
            yield chunk


def _compressed(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """Compress with gzip, always to the same bytes; do not change what is already compressed."""
    first = next(chunks, b"")
    if first.startswith(_GZIP):
        yield first
        yield from chunks
        return
    gzip: Any = zlib.compressobj(_LEVEL, wbits=31)
    yield gzip.compress(first)
    for chunk in chunks:
        yield gzip.compress(chunk)
    yield gzip.flush()


def _file(blob: Blob) -> str:
    return blob.digest.partition(":")[2]
