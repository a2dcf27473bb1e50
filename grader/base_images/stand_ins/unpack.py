"""Unpacks tar and zip archives into a folder, keeps modes and links, and never leaves that folder.

Owners are not kept: an image's layer has its own.
"""

import os
import shutil
import stat
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path


def unpack_tar(
    tar: tarfile.TarFile, into: Path, place: Callable[[str], str], on_file: Callable[[], None] = lambda: None
) -> None:
    """Unpack a tar that may be a stream; `place` says where a path goes; empty means that it is left out.

    `on_file` is called before each member; an exception from it ends the unpacking.

    Raises:
        ValueError: a member would land outside `into`.

    """
    for member in tar:
        on_file()
        where = place(_relative(member.name))
        if not where:
            continue
        target = _inside(into, where)
        if member.isdir():
            target.mkdir(parents=True, exist_ok=True)
            target.chmod(member.mode | stat.S_IRWXU)
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        target.unlink(missing_ok=True)
        if member.issym():
            target.symlink_to(member.linkname)
        elif member.islnk():
            os.link(_inside(into, place(_relative(member.linkname))), target)
        elif source := tar.extractfile(member):
            with source, target.open("wb") as file:
                shutil.copyfileobj(source, file, 1 << 20)
            target.chmod(member.mode)


def unpack_zip(file: Path, into: Path, on_file: Callable[[], None] = lambda: None) -> None:
    """Unpack a zip with the modes that it records; `on_file` is called before each member.

    Raises:
        ValueError: a member would land outside `into`.

    """
    with zipfile.ZipFile(file) as archive:
        for item in archive.infolist():
            on_file()
            target = _inside(into, _relative(item.filename))
            if item.is_dir():
                target.mkdir(parents=True, exist_ok=True)
                continue
            target.parent.mkdir(parents=True, exist_ok=True)
            with archive.open(item) as source, target.open("wb") as out:
                shutil.copyfileobj(source, out, 1 << 20)
            target.chmod(stat.S_IMODE(item.external_attr >> 16) or 0o644)


def _relative(name: str) -> str:
    """Turn a path as a tar writes it, `./usr/bin/` or `.`, into `usr/bin` or an empty text."""
    return name.removeprefix(".").strip("/") if name in (".", "./") or name.startswith("./") else name.strip("/")


def _inside(into: Path, path: str) -> Path:
    """Return the place of `path` in `into`; refuse a path that leaves it by links or dots."""
    target = into / path
    root = into.resolve()
    if ".." in Path(path).parts or not target.parent.resolve().is_relative_to(root):
        raise ValueError(f"the archive contains a path outside of itself: {path}")
    return target
