"""What is packed in an image's files is found, whatever they are called; what cannot be unpacked harms nobody."""

import bz2
import gzip
import io
import json
import lzma
import tarfile
import zipfile
from collections.abc import Callable

import pytest

from grader.image.packed import FILE_CAP, Inside, is_packed, look_into, package_name
from grader.image.search import NeedleSearch

NEEDLE = b"wk5hp-needle"
SEARCH = NeedleSearch((NEEDLE, b"wk5hp-other"))
FILES = {
    "package/package.json": json.dumps({"name": "@shop/bundler", "version": "1.0.0"}).encode(),
    "package/a.js": b"// " + NEEDLE + b"\n" + b"x" * 500,
}


def tar(files: dict[str, bytes]) -> bytes:
    """Pack with tar."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for name, content in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return out.getvalue()


def zipped(files: dict[str, bytes]) -> bytes:
    """Pack with zip."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()


def look(data: bytes) -> Inside:
    """Look into a file."""
    inside = Inside()
    if is_packed(data):
        look_into(data, SEARCH, inside)
    return inside


PACKERS: dict[str, Callable[[dict[str, bytes]], bytes]] = {
    "tar": tar,
    "tgz": lambda files: gzip.compress(tar(files)),
    "tbz": lambda files: bz2.compress(tar(files)),
    "txz": lambda files: lzma.compress(tar(files)),
    "zip": zipped,
    "tgz in a tar": lambda files: tar({"a": gzip.compress(tar(files))}),
    "tgz in a zip": lambda files: zipped({"deep/a.bin": gzip.compress(tar(files))}),
    "zip in a tgz": lambda files: gzip.compress(tar({"b": zipped(files)})),
}


@pytest.mark.parametrize("pack", PACKERS.values(), ids=PACKERS.keys())
def test_needles_and_packages_are_found(pack: Callable[[dict[str, bytes]], bytes]) -> None:
    """In each format, and in an archive in an archive."""
    inside = look(pack(FILES))
    assert tuple(inside.needles) == (NEEDLE,)
    assert tuple(inside.packages) == ("@shop/bundler",)


def test_a_compressed_file_is_searched() -> None:
    """It has one part or several, and is no archive."""
    assert tuple(look(gzip.compress(b"a" * 99) + gzip.compress(FILES["package/a.js"])).needles) == (NEEDLE,)


def test_a_needle_in_a_name_is_found() -> None:
    """An empty file may be called by it."""
    assert tuple(look(zipped({f"src/{NEEDLE.decode()}": b""})).needles) == (NEEDLE,)


@pytest.mark.parametrize("pack", PACKERS.values(), ids=PACKERS.keys())
@pytest.mark.parametrize("spoil", [lambda data: data[: len(data) // 2], lambda data: data[:60] + b"\xff" * 40])
def test_a_damaged_archive_is_passed_over(
    pack: Callable[[dict[str, bytes]], bytes], spoil: Callable[[bytes], bytes]
) -> None:
    """It ends early, or its middle is noise: no error."""
    look(spoil(pack(FILES)))


def test_what_unpacks_to_much_is_looked_at_up_to_a_limit() -> None:
    """Packed once or often."""
    bomb = gzip.compress(b"\0" * (FILE_CAP + 1000) + NEEDLE)
    inside = look(bomb)
    assert not inside.needles
    assert Inside().left - inside.left == FILE_CAP
    many = zipped({str(number): bomb for number in range(12)})
    assert look(many).left >= 0


def test_depth_is_limited() -> None:
    """What is packed ten times is not what a Dockerfile does by mistake."""
    data = FILES["package/a.js"]
    for _ in range(10):
        data = gzip.compress(data)
    assert not look(data).needles


@pytest.mark.parametrize("manifest", [b"", b"[1]", b'{"name": 1}', b"{" * 9, b"[" * 60_000, b"\xff", b" " * (1 << 17)])
def test_a_manifest_that_states_no_name_has_none(manifest: bytes) -> None:
    """Whatever is wrong with it."""
    assert package_name(manifest) == ""


def test_zeros_are_no_archive() -> None:
    """Though a tar archive ends with them."""
    assert not is_packed(bytes(4096))
