"""Turns folders into the archive that `docker load` reads: the same folder gives the same bytes on every machine.

This module does not know how a folder is filled or what an engine does with the archive. The format is Docker's image
specification v1.2: https://github.com/moby/docker-image-spec/blob/main/v1.2.md.
"""

import hashlib
import io
import json
import stat
import tarfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from grader.base_images.stand_ins.recipe import StandInConfig

CREATED = "2020-01-01T00:00:00Z"
MODIFIED = 1_577_836_800
"""The time of every file in every layer: the same moment as `CREATED`."""
CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class PackedLayer:
    """One layer as an uncompressed tar file. `digest` is its diff ID without `sha256:`, `created_by` its history."""

    file: Path
    digest: str
    created_by: str


def pack_layer(
    root: Path, owners: Mapping[str, tuple[int, int]], created_by: str, file: Path, on_file: Callable[[], None]
) -> PackedLayer:
    """Write the tree below `root` as a layer to `file`: sorted, with one time; root owns all that `owners` lacks."""
    links: dict[tuple[int, int], str] = {}
    with file.open("wb") as out, tarfile.open(fileobj=out, mode="w|", format=tarfile.PAX_FORMAT) as tar:
        for path in sorted(root.rglob("*")):
            on_file()
            name = path.relative_to(root).as_posix()
            member = _member(path, name, links)
            member.uid, member.gid = _owner(name, owners)
            if member.isreg():
                with path.open("rb") as content:
                    tar.addfile(member, content)
            else:
                tar.addfile(member)
    with file.open("rb") as content:
        digest = hashlib.sha256()
        while chunk := content.read(CHUNK):
            digest.update(chunk)
    return PackedLayer(file, digest.hexdigest(), created_by)


def image_archive(
    references: Sequence[str],
    layers: Sequence[PackedLayer],
    config: StandInConfig,
    labels: Mapping[str, str],
    architecture: str,
) -> Iterator[bytes]:
    """Stream the archive; the member with the image's names comes last, so that a broken stream makes no image."""
    body = _config(layers, config, labels, architecture)
    name = f"{hashlib.sha256(body).hexdigest()}.json"
    manifest = [
        {
            "Config": name,
            "RepoTags": list(references),
            "Layers": [f"{layer.digest}/layer.tar" for layer in layers],
        }
    ]
    for layer in layers:
        with layer.file.open("rb") as content:
            yield from _stream(f"{layer.digest}/layer.tar", content, layer.file.stat().st_size)
    for path, data in ((name, body), ("manifest.json", json.dumps(manifest).encode())):
        yield from _stream(path, io.BytesIO(data), len(data))
    yield bytes(2 * tarfile.BLOCKSIZE)


def _member(path: Path, name: str, links: dict[tuple[int, int], str]) -> tarfile.TarInfo:
    """Describe one file; a second name of an earlier file is a hard link to the first."""
    status = path.lstat()
    member = tarfile.TarInfo(name)
    member.mtime = MODIFIED
    member.mode = stat.S_IMODE(status.st_mode)
    if path.is_symlink():
        member.type, member.linkname, member.mode = tarfile.SYMTYPE, path.readlink().as_posix(), 0o777
    elif path.is_dir():
        member.type = tarfile.DIRTYPE
    else:
        first = links.setdefault((status.st_dev, status.st_ino), name)
        if first == name:
            member.size = status.st_size
        else:
            member.type, member.linkname = tarfile.LNKTYPE, first
    return member


def _owner(name: str, owners: Mapping[str, tuple[int, int]]) -> tuple[int, int]:
    for path, owner in owners.items():
        if f"{name}/".startswith(f"{path.strip('/')}/"):
            return owner
    return 0, 0


def _config(
    layers: Sequence[PackedLayer], config: StandInConfig, labels: Mapping[str, str], architecture: str
) -> bytes:
    settings = {
        "Env": [f"{name}={value}" for name, value in config.environment.items()],
        "Entrypoint": list(config.entrypoint) or None,
        "Cmd": list(config.command) or None,
        "User": config.user,
        "WorkingDir": config.working_dir,
        "Labels": dict(labels),
    }
    image = {
        "architecture": architecture,
        "os": "linux",
        "created": CREATED,
        "config": settings,
        "rootfs": {"type": "layers", "diff_ids": [f"sha256:{layer.digest}" for layer in layers]},
        "history": [{"created": CREATED, "created_by": layer.created_by} for layer in layers],
    }
    return json.dumps(image, sort_keys=True).encode()


def _stream(name: str, content: io.BufferedIOBase, size: int) -> Iterator[bytes]:
    member = tarfile.TarInfo(name)
    member.size, member.mtime = size, MODIFIED
    yield member.tobuf(tarfile.PAX_FORMAT)
    while chunk := content.read(CHUNK):
        yield chunk
    yield bytes(-size % tarfile.BLOCKSIZE)
