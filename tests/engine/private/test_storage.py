"""What the private engine takes on disk: counted once, within a time, and deleted only where it is ours."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from grader.engine.private.places import Places
from grader.engine.private.storage import delete, disk_bytes
from grader.errors import MachineError

BLOCK = 65536


def test_files_in_all_folders_are_counted(tmp_path: Path) -> None:
    """The sum is that of the blocks they take, which is what deleting them would free."""
    before, _ = disk_bytes(tmp_path)
    (tmp_path / "a" / "b").mkdir(parents=True)
    (tmp_path / "a" / "b" / "file").write_bytes(os.urandom(BLOCK))
    (tmp_path / "file").write_bytes(os.urandom(BLOCK))
    after, whole = disk_bytes(tmp_path)
    assert whole
    assert 2 * BLOCK <= after - before < 3 * BLOCK


def test_a_hard_link_takes_nothing_more(tmp_path: Path) -> None:
    """Two names of one file are one file."""
    (tmp_path / "file").write_bytes(os.urandom(BLOCK))
    alone, _ = disk_bytes(tmp_path)
    (tmp_path / "link").hardlink_to(tmp_path / "file")
    assert disk_bytes(tmp_path)[0] == alone


def test_what_could_not_be_counted_in_time_is_said(tmp_path: Path) -> None:
    """The figure then is a least one."""
    (tmp_path / "file").write_bytes(os.urandom(BLOCK))
    assert disk_bytes(tmp_path, seconds=-1) == (0, False)


def test_a_folder_that_is_not_there_takes_nothing(tmp_path: Path) -> None:
    """An engine that was never started has none."""
    assert disk_bytes(tmp_path / "nowhere") == (0, True)


def test_only_what_is_marked_as_ours_is_deleted(tmp_path: Path) -> None:
    """With the marker it goes, without it stays."""
    ours, theirs = (Places("name", tmp_path / "run", tmp_path / name) for name in ("ours", "theirs"))
    for places in (ours, theirs):
        places.data_root.mkdir()
    ours.marker.touch()
    delete(ours)
    assert not ours.data_root.exists()
    with pytest.raises(MachineError, match="was not made by the workshop"):
        delete(theirs)
    assert theirs.data_root.exists()


@pytest.fixture
def ours(tmp_path: Path) -> Iterator[Places]:
    """An engine's data, marked as ours; what a test made immutable or mounted is taken back."""
    places = Places("name", tmp_path / "run", tmp_path / "data")
    places.data_root.mkdir()
    places.marker.touch()
    yield places
    subprocess.run(["chattr", "-R", "-i", str(places.data_root)], check=False, capture_output=True, timeout=60)


def test_two_thousand_folders_inside_each_other_are_deleted(ours: Places) -> None:
    """Their path is longer than any system call takes, and with each are a file and a link that leads out."""
    outside = ours.data_root.parent / "outside"
    outside.touch()
    folder = os.open(ours.data_root, os.O_RDONLY)
    for _ in range(2000):
        os.mkdir("a-folder", dir_fd=folder)
        os.symlink(outside, "link", dir_fd=folder)
        inner = os.open("a-folder", os.O_RDONLY, dir_fd=folder)
        os.close(folder)
        folder = inner
    os.close(folder)
    delete(ours)
    assert not ours.data_root.exists()
    assert outside.exists()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root makes files immutable")
def test_an_immutable_file_is_named_and_what_to_do(ours: Places) -> None:
    """Where it was, in one line; the mark stays, so that the next try may delete."""
    file = ours.data_root / "a" / "b" / "fixed"
    file.parent.mkdir(parents=True)
    file.touch()
    made = subprocess.run(["chattr", "+i", str(file)], check=False, capture_output=True, timeout=60)
    if made.returncode != 0:
        pytest.skip("this file system has no such files")
    with pytest.raises(
        MachineError, match=rf"\A[^\n]*not permitted: {file}[^\n]*chattr -R -i {ours.data_root}[^\n]*\Z"
    ):
        delete(ours)
    assert ours.marker.is_file()
    subprocess.run(["chattr", "-R", "-i", str(ours.data_root)], check=True, timeout=60)
    delete(ours)
    assert not ours.data_root.exists()
