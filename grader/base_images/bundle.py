"""A bundle: one tar of several images as `docker save` writes it, and its checksum in a second file in its folder.

It is read in parts: the reader streams an archive with only the wanted images. `bundle_writing.py` writes
bundles. The format is Docker's image specification v1.2:
https://github.com/moby/docker-image-spec/blob/main/v1.2.md.
"""

import hashlib
import json
import posixpath
import re
import tarfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from grader.base_images.archive_members import MANIFEST, manifest_member, member
from grader.called import called
from grader.errors import UsageError

_CHUNK = 1 << 20
_CONFIG = re.compile(r"(?:blobs/sha256/)?(?P<digest>[0-9a-f]{64})(?:\.json)?")


class BundleError(UsageError):
    """The file is not a bundle, or it has changed since it was written."""


@dataclass(frozen=True, slots=True)
class Bundle:
    """An open bundle. `images` maps each reference to its entry of the manifest."""

    file: Path
    images: dict[str, dict[str, Any]]

    @property
    def references(self) -> tuple[str, ...]:
        """The images in it."""
        return tuple(self.images)

    def image_id(self, reference: str) -> str:
        """Return the id that an engine gives the image, if its archive says so; else an empty text."""
        match = _CONFIG.fullmatch(str(self.images[reference]["Config"]))
        return f"sha256:{match['digest']}" if match else ""

    def size_of(self, reference: str) -> int:
        """Return how many bytes the image's files have."""
        with tarfile.open(self.file, "r:") as tar:
            return sum(_resolved(tar, name).size for name in self._paths(reference))

    def verify(self, tell: Callable[[int, int], None] = lambda _done, _total: None) -> str:
        """Compare the file's bytes with its saved checksum, and return that; `tell` gets the bytes done and in total.

        Raises:
            BundleError: they differ, or there is no checksum.

        """
        saved = checksum_file(self.file)
        try:
            expected = saved.read_text("utf-8").split()[0]
        except (OSError, UnicodeDecodeError, IndexError) as error:
            raise BundleError(f"{saved} is missing or empty. Copy it together with {self.file.name}.") from error
        if digest_of(self.file, tell) != expected:
            raise BundleError(f"{self.file} has changed since it was saved (its checksum differs). Copy it again.")
        return expected

    def archive(self, references: Sequence[str]) -> Iterator[bytes]:
        """Stream an archive with only the images `references`; the member that names them comes last."""
        entries = [{**self.images[reference], "RepoTags": [reference]} for reference in references]
        wanted = {path for reference in references for path in self._paths(reference)}
        with tarfile.open(self.file, "r:") as tar:
            for name in sorted(wanted):
                found = _resolved(tar, name)
                content = tar.extractfile(found)
                if content is None:
                    raise BundleError(f"{self.file} is damaged: {name} in it is not a file.")
                header, padding = member(name, found.size)
                yield header
                with content:
                    while chunk := content.read(_CHUNK):
                        yield chunk
                yield padding
        yield from manifest_member(entries)

    def _paths(self, reference: str) -> set[str]:
        entry = self.images[reference]
        return {entry["Config"], *entry["Layers"]}


def open_bundle(file: Path) -> Bundle | None:
    """Read the list of images in a bundle, or return None if there is no such file.

    Raises:
        BundleError: the file is not a bundle.

    """
    if not file.exists():
        return None
    try:
        with tarfile.open(file, "r:") as tar:
            content = tar.extractfile(MANIFEST)
            if content is None:
                raise BundleError(f"{file} is not a bundle of images.")
            with content:
                entries = json.load(content)
        images = {reference: entry for entry in entries for reference in entry["RepoTags"] or ()}
    except (OSError, tarfile.TarError, ValueError, KeyError, TypeError) as error:
        raise BundleError(
            f"{file} is not a bundle of images. Make one with `{called()} images save`, or copy it again."
        ) from error
    return Bundle(file, images)


def checksum_file(file: Path) -> Path:
    """Return where a bundle's checksum is, in the form that `sha256sum --check` reads."""
    return file.with_name(f"{file.name}.sha256")


def digest_of(file: Path, tell: Callable[[int, int], None] = lambda _done, _total: None) -> str:
    """Return the SHA-256 of a file's bytes."""
    digest, done, total = hashlib.sha256(), 0, file.stat().st_size
    with file.open("rb") as content:
        while chunk := content.read(_CHUNK):
            digest.update(chunk)
            done += len(chunk)
            tell(done, total)
    return digest.hexdigest()


def _resolved(tar: tarfile.TarFile, name: str) -> tarfile.TarInfo:
    """Return the file of that name; if a layer occurs twice, engines write the second one as a link to the first."""
    found = tar.getmember(name)
    while found.issym():
        found = tar.getmember(posixpath.normpath(posixpath.join(posixpath.dirname(found.name), found.linkname)))
    return found
