"""Finds the documents and blobs of the image in a saved archive, in Docker's layout and in OCI's.

Sources: the Docker image specification v1.2 (`manifest.json`) and the OCI image layout (`index.json`).
"""

import json
from dataclasses import dataclass
from typing import Any

from grader.errors import MachineError
from grader.image.archive import ENDS_EARLY, Archive
from grader.image.tar import DAMAGED

_INDEX_DEPTH = 4


@dataclass(frozen=True, slots=True)
class Parts:
    """The names, in the archive, of an image's config and of its layers, lowest first."""

    config: str
    layers: tuple[str, ...]


def find_parts(archive: Archive) -> Parts:
    """Return the parts of the archive's image, or of the first one if it contains several.

    Raises:
        MachineError: there is no manifest (it comes last, so the stream was cut), or it is not valid.

    """
    if "manifest.json" in archive.texts:
        return _docker_parts(parsed(archive.texts["manifest.json"]))
    if "index.json" in archive.texts:
        found = list(_oci_parts(archive, parsed(archive.texts["index.json"]), 0))
        whole = [parts for parts in found if all(map(archive.has, (parts.config, *parts.layers)))]
        if whole or found:
            return (whole or found)[0]
    raise MachineError(archive.unread.get("manifest.json", ENDS_EARLY))


def parsed(text: bytes) -> Any:
    """Return the JSON document.

    Raises:
        MachineError: it is not a JSON document.

    """
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        raise MachineError(DAMAGED) from None


def items(value: Any) -> list[Any]:
    """Return a JSON array's items; none if the value is not an array."""
    return value if isinstance(value, list) else []


def fields(value: Any) -> dict[str, Any]:
    """Return a JSON object's fields; none if the value is not an object."""
    return value if isinstance(value, dict) else {}


def _docker_parts(manifest: Any) -> Parts:
    image = fields(next(iter(items(manifest)), None))
    config, layers = image.get("Config"), items(image.get("Layers"))
    if not isinstance(config, str) or not all(isinstance(layer, str) for layer in layers):
        raise MachineError(DAMAGED)
    return Parts(config, tuple(layers))


def _oci_parts(archive: Archive, document: Any, depth: int) -> "list[Parts]":
    """Return the images that an index or manifest leads to, without attestations and images that were not saved."""
    found: list[Parts] = []
    document = fields(document)
    if "config" in document:
        layers = [_blob(layer) for layer in items(document.get("layers"))]
        return [Parts(_blob(document["config"]), tuple(layers))]
    for descriptor in items(document.get("manifests")) if depth < _INDEX_DEPTH else []:
        name = _blob(descriptor)
        if not _is_attestation(fields(descriptor)) and name in archive.texts:
            found += _oci_parts(archive, parsed(archive.texts[name]), depth + 1)
    return found


def _is_attestation(descriptor: dict[str, Any]) -> bool:
    kind = fields(descriptor.get("annotations")).get("vnd.docker.reference.type")
    return kind == "attestation-manifest" or fields(descriptor.get("platform")).get("os") == "unknown"


def _blob(descriptor: Any) -> str:
    return "blobs/" + str(fields(descriptor).get("digest", "")).replace(":", "/", 1)
