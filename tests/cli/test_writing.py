"""A report in a file is complete or not there, and what cannot be written is distinguished from a wrong name."""

import os
import resource
import stat
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
import pytest

from grader.cli.writing import write
from grader.errors import ExitCode, MachineError, UsageError
from tests.cli.test_boundary import needs_full

LONG = "line\n" * 5000


@contextmanager
def files_of_at_most(size: int) -> Iterator[None]:
    """Let no file of this process become larger: the system then stops in the middle of a file, as on a full disk."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_report_ends_with_a_line_feed_and_nothing_is_beside_it(tmp_path: Path) -> None:
    """The draft has become the report."""
    write("text", tmp_path / "report.txt")
    assert (tmp_path / "report.txt").read_text() == "text\n"
    assert [path.name for path in tmp_path.iterdir()] == ["report.txt"]


def test_a_disk_that_is_full_leaves_what_was_there(tmp_path: Path) -> None:
    """It is the machine's fault, and the old report is not half of the new one."""
    report = tmp_path / "report.txt"
    report.write_text("old\n")
    with files_of_at_most(100), pytest.raises(MachineError, match=r"Cannot write .*report\.txt: .*Make room there"):
        write(LONG, report)
    assert report.read_text() == "old\n"
    assert [path.name for path in tmp_path.iterdir()] == ["report.txt"]


def test_a_disk_that_is_full_leaves_no_part_of_a_new_report(tmp_path: Path) -> None:
    """Whoever finds a file finds all of it."""
    with files_of_at_most(100), pytest.raises(MachineError):
        write(LONG, tmp_path / "report.txt")
    assert list(tmp_path.iterdir()) == []


@needs_full
def test_a_device_is_written_straight() -> None:
    """It is not replaced by a file, and it says itself that it is full."""
    with pytest.raises(MachineError, match="No space left on device"):
        write("text", Path("/dev/full"))
    assert stat.S_ISCHR(Path("/dev/full").stat().st_mode)


def test_a_pipe_is_written_straight(tmp_path: Path) -> None:
    """As in `-o >(command)`."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    read: list[str] = []
    reader = threading.Thread(target=lambda: read.append(pipe.read_text()))
    reader.start()
    write("text", pipe)
    reader.join()
    assert read == ["text\n"]


def test_a_pipe_whose_reader_went_away_is_no_fault(tmp_path: Path) -> None:
    """It ends like standard output that nobody reads any more."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = threading.Thread(target=lambda: pipe.open().close())
    reader.start()
    with pytest.raises(click.exceptions.Exit) as ended:
        write(LONG * 20, pipe)
    reader.join()
    assert ended.value.exit_code == ExitCode.READER_GONE


@pytest.mark.parametrize("name", ["none/report.txt", "file/report.txt", ".", "x" * 300, "link-to-itself"])
def test_a_name_that_cannot_be_written_is_a_usage_error(tmp_path: Path, name: str) -> None:
    """No folder, a file in its place, a folder, a name that is too long: the words say what to change."""
    (tmp_path / "file").touch()
    (tmp_path / "link-to-itself").symlink_to("link-to-itself")
    with pytest.raises(UsageError, match="Cannot write"):
        write("text", tmp_path / name)


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    """What it points to is written, also if it is not there yet."""
    (tmp_path / "link").symlink_to("report.txt")
    for text in ("first", "second"):
        write(text, tmp_path / "link")
        assert (tmp_path / "link").is_symlink()
        assert (tmp_path / "report.txt").read_text() == f"{text}\n"


def test_the_rights_of_a_file_stay(tmp_path: Path) -> None:
    """A report that only its owner may read does not become everybody's."""
    report = tmp_path / "report.txt"
    report.touch(mode=0o600)
    write("text", report)
    assert stat.S_IMODE(report.stat().st_mode) == 0o600


def test_a_new_file_has_the_rights_that_the_user_wants(tmp_path: Path) -> None:
    """Those of every other file that is made here."""
    write("text", tmp_path / "report.txt")
    (tmp_path / "other").touch()
    assert (tmp_path / "report.txt").stat().st_mode == (tmp_path / "other").stat().st_mode
