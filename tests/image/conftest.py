"""Makes saved images as engines write them, in each layout, from a few words about each layer."""

import gzip
import hashlib
import io
import json
import tarfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

Content = bytes | str | None
"""Bytes of a file, the target of a link (`>NAME` symbolic, `=NAME` hard), or None for a directory."""

Packer = Callable[[bytes], bytes]
"""Packs a layer's archive."""


def tar(entries: dict[str, Content], mode: int = 0o644) -> bytes:
    """Make an archive of these entries, in this order."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for name, content in entries.items():
            member = tarfile.TarInfo(name)
            member.mode = mode
            if content is None:
                member.type = tarfile.DIRTYPE
            elif isinstance(content, str):
                member.type = tarfile.SYMTYPE if content[0] == ">" else tarfile.LNKTYPE
                member.linkname = content[1:]
            else:
                member.size = len(content)
            archive.addfile(member, io.BytesIO(content) if isinstance(content, bytes) else None)
    return buffer.getvalue()


def digest(data: bytes) -> str:
    """Return the digest as OCI writes it."""
    return "sha256:" + hashlib.sha256(data).hexdigest()


@dataclass(frozen=True)
class Saved:
    """An image to save: its layers' archives, lowest first, its history's lines and what its config says."""

    layers: tuple[bytes, ...]
    history: tuple[dict[str, Any], ...] = ()
    config: dict[str, Any] = field(default_factory=dict)

    @property
    def document(self) -> bytes:
        """The config document."""
        return json.dumps(
            {
                "architecture": "amd64",
                "os": "linux",
                "config": self.config,
                "rootfs": {"type": "layers", "diff_ids": [digest(layer) for layer in self.layers]},
                "history": list(self.history) or [{"created_by": f"step {at}"} for at in range(len(self.layers))],
            }
        ).encode()

    def docker(self) -> bytes:
        """Save as Docker before 25 does: a layer that comes twice is a link, the manifest comes last."""
        files: dict[str, Content] = {}
        seen: dict[bytes, str] = {}
        names = [f"{index:064x}" for index in range(len(self.layers))]
        for name, layer in zip(names, self.layers, strict=True):
            files |= {f"{name}/": None, f"{name}/VERSION": b"1.0", f"{name}/json": b'{"id": "old"}'}
            files[f"{name}/layer.tar"] = f">../{seen[layer]}/layer.tar" if layer in seen else layer
            seen.setdefault(layer, name)
        config = digest(self.document)[7:] + ".json"
        files[config] = self.document
        manifest = [{"Config": config, "RepoTags": ["a:b"], "Layers": [f"{name}/layer.tar" for name in names]}]
        files["manifest.json"] = json.dumps(manifest).encode()
        files["repositories"] = b'{"a": {"b": "c"}}'
        return tar(files)

    def podman(self) -> bytes:
        """Save as Podman's docker-archive does: layers are named by hash, side by side."""
        names = [digest(layer)[7:] + ".tar" for layer in self.layers]
        files: dict[str, Content] = dict(zip(names, self.layers, strict=True))
        config = digest(self.document)[7:] + ".json"
        files[config] = self.document
        files["manifest.json"] = json.dumps([{"Config": config, "Layers": names}]).encode()
        return tar(files)

    def oci(self, *, pack: Packer | None = None, manifest: bool = True, attested: bool = True) -> bytes:
        """Save as Docker since 25 does: blobs by digest, layers packed with gzip or by `pack`."""
        layers = [pack(layer) if pack else gzip.compress(layer, mtime=0) for layer in self.layers]
        image = _descriptor_of({"config": _descriptor(self.document), "layers": [_descriptor(blob) for blob in layers]})
        inner = [{**image[0], "platform": {"os": "linux", "architecture": "amd64"}}]
        blobs = [self.document, *layers, image[1]]
        if attested:
            statement = b'{"_type": "https://in-toto.io/Statement/v0.1", "subject": []}'
            extra = _descriptor_of({"config": _descriptor(statement), "layers": [_descriptor(statement)]})
            note = {"vnd.docker.reference.type": "attestation-manifest"}
            inner.insert(0, {**extra[0], "annotations": note, "platform": {"os": "unknown"}})
            blobs += [statement, extra[1]]
        index = _descriptor_of({"manifests": inner})
        blobs.append(index[1])
        files: dict[str, Content] = {"blobs/": None, "blobs/sha256/": None}
        files |= {_blob(blob): blob for blob in sorted(blobs, key=digest)}
        files["index.json"] = json.dumps({"manifests": [index[0]]}).encode()
        if manifest:
            named = [{"Config": _blob(self.document), "Layers": [_blob(layer) for layer in layers]}]
            files["manifest.json"] = json.dumps(named).encode()
        files["oci-layout"] = b'{"imageLayoutVersion": "1.0.0"}'
        return tar(files)


def _blob(data: bytes) -> str:
    return "blobs/" + digest(data).replace(":", "/")


def _descriptor(data: bytes) -> dict[str, Any]:
    return {"digest": digest(data), "size": len(data)}


def _descriptor_of(document: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
    data = json.dumps(document).encode()
    return _descriptor(data), data


def chunks(data: bytes, size: int = 32_768) -> Iterator[bytes]:
    """Hand out `data` in chunks of `size` bytes."""
    return (data[at : at + size] for at in range(0, len(data), size))


@pytest.fixture(scope="session")
def make_saved() -> Callable[..., Saved]:
    """A maker of saved images."""
    return Saved


@pytest.fixture(scope="session")
def make_tar() -> Callable[..., bytes]:
    """A maker of archives."""
    return tar


@pytest.fixture(scope="session")
def in_chunks() -> Callable[..., Iterator[bytes]]:
    """A way to hand out bytes in chunks."""
    return chunks
