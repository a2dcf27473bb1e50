"""Reads the stream of `docker save` into an `Image`, in one pass and with little memory. Nothing is judged here."""

from collections.abc import Iterator

from grader.errors import MachineError
from grader.image.archive import Archive, read_archive
from grader.image.config import Description, read_description, strings_in
from grader.image.layout import Parts, find_parts, parsed
from grader.image.model import Image, Layer, Match, Package
from grader.image.search import NeedleSearch, Sought
from grader.image.tar import DAMAGED


def read_image(chunks: Iterator[bytes], needles: tuple[bytes, ...] = (), marks: tuple[bytes, ...] = ()) -> Image:
    """Read the image whose archive is `chunks`, and search its files, names, config and history for `needles`.

    Both layouts are read: Docker's (before 25, Podman's too) and OCI's. The stream is read to its end. A match's
    layer and path are None for the config; a needle is reported once for each file, in any layer. An archive contains
    what is packed in it. `marks` are looked for in ELF files only, and are kept with what is known of each.

    Raises:
        MachineError: the stream ends early, is damaged, or has an unknown compression.

    """
    search = NeedleSearch(needles)
    archive = read_archive(chunks, Sought(search, NeedleSearch(marks)))
    parts = find_parts(archive)
    text = archive.text(parts.config)
    document = parsed(text)
    description = read_description(document)
    if len(description.diff_ids) != len(parts.layers):
        raise MachineError(DAMAGED)
    told = text + b"\0" + "\0".join(strings_in(document)).encode("utf-8", "surrogateescape")
    matches = [Match(needle, None, None) for needle in search.found_in(told)]
    matches += _matches(archive, parts)
    layers, packages = _layers(archive, parts, description), tuple(_packages(archive, parts))
    return Image(description.config, layers, description.history, tuple(matches), packages)


def _layers(archive: Archive, parts: Parts, description: Description) -> tuple[Layer, ...]:
    created_by = {line.layer: line.created_by for line in description.history if line.layer is not None}
    layers = []
    for index, (name, diff_id) in enumerate(zip(parts.layers, description.diff_ids, strict=True)):
        facts = archive.layer(name)
        layers.append(Layer(diff_id, facts.entries, created_by.get(index, ""), facts.size, facts.checksums))
    return tuple(layers)


def _matches(archive: Archive, parts: Parts) -> Iterator[Match]:
    for index, name in enumerate(parts.layers):
        facts = archive.layer(name)
        for needle, entry in facts.found:
            yield Match(needle, index, facts.entries[entry].path)


def _packages(archive: Archive, parts: Parts) -> Iterator[Package]:
    for index, name in enumerate(parts.layers):
        facts = archive.layer(name)
        for package, entry in facts.packages:
            yield Package(package, index, facts.entries[entry].path)
