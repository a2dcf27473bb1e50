"""A bundle: one tar of several images as `docker save` writes it, and its checksum in a file beside it.

It is written whole or not at all and read in parts: an archive of just the images that are wanted is streamed out of
it. The format is Docker's image specification v1.2: https://github.com/moby/docker-image-spec/blob/main/v1.2.md.
"""

import hashlib
import io
import json
import os
import posixpath
import tarfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from grader.base_images.chunks import Readable
from grader.errors import MachineError, UsageError

_MANIFEST = "manifest.json"
_CHUNK = 1 << 20


class BundleError(UsageError):
    """The file is no bundle, or not the one that was written."""


@dataclass(frozen=True, slots=True)
class Bundle:
    """A bundle that was opened. `images` maps each reference to its entry of the manifest."""

    file: Path
    images: dict[str, dict[str, Any]]

    @property
    def references(self) -> tuple[str, ...]:
        """The images in it."""
        return tuple(self.images)

    def verify(self) -> None:
        """Compare the file's bytes with the checksum beside it.

        Raises:
            BundleError: they differ, or there is no checksum.

        """
        beside = checksum_file(self.file)
        try:
            expected = beside.read_text("utf-8").split()[0]
        except (OSError, UnicodeDecodeError, IndexError) as error:
            raise BundleError(f"{beside} is missing or empty: copy it together with {self.file.name}.") from error
        if _digest(self.file) != expected:
            raise BundleError(f"{self.file} is not what was saved (its checksum differs): copy it again.")

    def archive(self, references: Sequence[str]) -> Iterator[bytes]:
        """Stream an archive with only the images `references`; what names them comes last."""
        entries = [{**self.images[reference], "RepoTags": [reference]} for reference in references]
        wanted = {path for entry in entries for path in (entry["Config"], *entry["Layers"])}
        with tarfile.open(self.file, "r:") as tar:
            for name in sorted(wanted):
                member = _resolved(tar, name)
                content = tar.extractfile(member)
                if content is None:
                    raise BundleError(f"{self.file} is broken: {name} in it is no file.")
                with content:
                    yield from _member(name, content, member.size)
        data = json.dumps(entries).encode()
        yield from _member(_MANIFEST, io.BytesIO(data), len(data))
        yield bytes(2 * tarfile.BLOCKSIZE)


def open_bundle(file: Path) -> Bundle | None:
    """Read what is in a bundle, or return None if there is no such file.

    Raises:
        BundleError: the file is no bundle.

    """
    if not file.exists():
        return None
    try:
        with tarfile.open(file, "r:") as tar:
            content = tar.extractfile(_MANIFEST)
            if content is None:
                raise BundleError(f"{file} is no bundle of images.")
            with content:
                entries = json.load(content)
        images = {reference: entry for entry in entries for reference in entry["RepoTags"] or ()}
    except (OSError, tarfile.TarError, ValueError, KeyError, TypeError) as error:
        raise BundleError(
            f"{file} is no bundle of images: make one with `workshop images save`, or copy it again."
        ) from error
    return Bundle(file, images)


def write_bundle(
    file: Path,
    references: Sequence[str],
    save: Callable[[str], Iterable[bytes]],
    tell: Callable[[str], None],
) -> int:
    """Write the images `references` to `file` and its checksum beside it; return its size in bytes.

    `save` streams one image as `docker save` writes it; layers that images share are written once. `tell` is called
    with each reference before it is written.

    Raises:
        MachineError: it cannot be written.

    """
    draft = file.with_name(f".{file.name}.{os.getpid()}")
    checksum = checksum_file(draft)
    try:
        with draft.open("wb") as out, tarfile.open(fileobj=out, mode="w|") as bundle:
            _copy_images(bundle, references, save, tell)
        checksum.write_text(f"{_digest(draft)}  {file.name}\n", "utf-8")
        checksum.replace(checksum_file(file))
        draft.replace(file)
    except OSError as error:
        raise MachineError(f"Cannot write {file}: {error.strerror or error}.") from error
    finally:
        draft.unlink(missing_ok=True)
        checksum.unlink(missing_ok=True)
    return file.stat().st_size


def checksum_file(file: Path) -> Path:
    """Return where a bundle's checksum is, in the form that `sha256sum --check` reads."""
    return file.with_name(f"{file.name}.sha256")


def _copy_images(
    bundle: tarfile.TarFile,
    references: Sequence[str],
    save: Callable[[str], Iterable[bytes]],
    tell: Callable[[str], None],
) -> None:
    written = {"repositories", "index.json", "oci-layout"}  # each speaks of one image only; the manifest is enough
    entries: list[dict[str, Any]] = []
    for reference in references:
        tell(reference)
        with (
            closing(Readable(save(reference))) as stream,
            tarfile.open(fileobj=io.BufferedReader(stream, _CHUNK), mode="r|") as saved,
        ):
            for member in saved:
                if member.name == _MANIFEST and (content := saved.extractfile(member)):
                    [entry] = json.load(content)
                    entries.append({**entry, "RepoTags": [reference]})
                elif not member.isdir() and member.name not in written:
                    written.add(member.name)
                    bundle.addfile(member, saved.extractfile(member) if member.isreg() else None)
    data = json.dumps(entries).encode()
    member = tarfile.TarInfo(_MANIFEST)
    member.size = len(data)
    bundle.addfile(member, io.BytesIO(data))


def _resolved(tar: tarfile.TarFile, name: str) -> tarfile.TarInfo:
    """Return the file of that name; engines write a layer that comes twice as a link to its first."""
    member = tar.getmember(name)
    while member.issym():
        member = tar.getmember(posixpath.normpath(posixpath.join(posixpath.dirname(member.name), member.linkname)))
    return member


def _member(name: str, content: Any, size: int) -> Iterator[bytes]:
    member = tarfile.TarInfo(name)
    member.size = size
    yield member.tobuf(tarfile.PAX_FORMAT)
    while chunk := content.read(_CHUNK):
        yield chunk
    yield bytes(-size % tarfile.BLOCKSIZE)


def _digest(file: Path) -> str:
    digest = hashlib.sha256()
    with file.open("rb") as content:
        while chunk := content.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()
