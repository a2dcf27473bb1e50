"""Archives of packages are unpacked with their modes and links, and never outside the folder."""

import io
import tarfile
import zipfile
from collections.abc import Sequence
from pathlib import Path

import pytest

from grader.base_images.stand_ins.unpack import unpack_tar, unpack_zip


def tar_of(members: Sequence[tuple[str, bytes, str, int]]) -> tarfile.TarFile:
    """Make a tar of (name, type, link or content, mode)."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as tar:
        for name, kind, text, mode in members:
            member = tarfile.TarInfo(name)
            member.type, member.mode = kind, mode
            if kind == tarfile.REGTYPE:
                member.size = len(text)
                tar.addfile(member, io.BytesIO(text.encode()))
            else:
                member.linkname = text
                tar.addfile(member)
    out.seek(0)
    return tarfile.open(fileobj=out, mode="r|")


def unpacked(into: Path, *members: tuple[str, bytes, str, int]) -> Path:
    """Unpack such a tar as it is."""
    with tar_of(members) as tar:
        unpack_tar(tar, into, lambda path: path)
    return into


def test_modes_and_links_are_kept(tmp_path: Path) -> None:
    """Setuid, symbolic and hard links come out as they went in; `./` before a name is left off."""
    root = unpacked(
        tmp_path,
        ("./usr/bin/", tarfile.DIRTYPE, "", 0o755),
        ("./usr/bin/su", tarfile.REGTYPE, "program", 0o4755),
        ("./usr/bin/twin", tarfile.LNKTYPE, "./usr/bin/su", 0o755),
        ("./usr/bin/sh", tarfile.SYMTYPE, "su", 0o777),
    )
    assert (root / "usr/bin/su").stat().st_mode & 0o7777 == 0o4755
    assert (root / "usr/bin/twin").samefile(root / "usr/bin/su")
    assert (root / "usr/bin/sh").readlink() == Path("su")


def test_names_that_begin_with_a_dot_are_kept(tmp_path: Path) -> None:
    """Only `./` is dropped."""
    root = unpacked(tmp_path, (".bashrc", tarfile.REGTYPE, "x", 0o644), ("./.profile", tarfile.REGTYPE, "x", 0o644))
    assert sorted(path.name for path in root.iterdir()) == [".bashrc", ".profile"]


@pytest.mark.parametrize(
    "members",
    [
        [("../out", tarfile.REGTYPE, "x", 0o644)],
        [("in", tarfile.SYMTYPE, "..", 0o777), ("in/out", tarfile.REGTYPE, "x", 0o644)],
    ],
    ids=["dots", "a link"],
)
def test_nothing_lands_outside(tmp_path: Path, members: list[tuple[str, bytes, str, int]]) -> None:
    """A path that dots or a link lead out of the folder is refused."""
    (tmp_path / "root").mkdir()
    with pytest.raises(ValueError, match="a path outside of itself"):
        unpacked(tmp_path / "root", *members)
    assert not (tmp_path / "out").exists()


def test_a_place_that_is_nowhere_is_left_out(tmp_path: Path) -> None:
    """`place` moves members or drops them."""
    with tar_of([("doc/x", tarfile.REGTYPE, "x", 0o644), ("bin/y", tarfile.REGTYPE, "y", 0o755)]) as tar:
        unpack_tar(tar, tmp_path, lambda path: f"usr/{path}" if path.startswith("bin/") else "")
    assert [path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*") if path.is_file()] == ["usr/bin/y"]


def test_a_wheel_keeps_its_modes_and_stays_inside(tmp_path: Path) -> None:
    """The mode that a zip records is the file's; a path with dots is refused."""
    with zipfile.ZipFile(tmp_path / "a.whl", "w") as wheel:
        program = zipfile.ZipInfo("go/bin/go")
        program.external_attr = 0o100755 << 16
        wheel.writestr(program, "program")
    unpack_zip(tmp_path / "a.whl", tmp_path / "root")
    assert (tmp_path / "root/go/bin/go").stat().st_mode & 0o7777 == 0o755
    with zipfile.ZipFile(tmp_path / "b.whl", "w") as wheel:
        wheel.writestr("../out", "x")
    with pytest.raises(ValueError, match="a path outside of itself"):
        unpack_zip(tmp_path / "b.whl", tmp_path / "root")
