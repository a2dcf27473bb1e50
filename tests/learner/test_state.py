"""What is kept between two commands: written completely, shared by commands at once, and legible as far as it goes."""

import subprocess
import sys
from pathlib import Path

import pytest
from filelock import FileLock

from grader.learner import state
from grader.learner.state import change_state, read_state

NAME = "notes.json"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A file with two entries."""
    change_state(tmp_path, NAME, "one", lambda _: {"best": 10})
    change_state(tmp_path, NAME, "two", lambda _: {"best": 20})
    return tmp_path / ".workshop" / NAME


def test_what_is_written_is_read(tmp_path: Path, path: Path) -> None:
    """And no draft stays next to it."""
    assert read_state(tmp_path, NAME) == {"one": {"best": 10}, "two": {"best": 20}}
    assert {each.name for each in path.parent.iterdir()} == {NAME, "state.lock"}


def test_a_cut_file_keeps_its_whole_lines_and_the_rest_is_set_aside(
    tmp_path: Path, path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """One line says so and names the file that was damaged."""
    whole = path.read_text()
    path.write_text(whole[: whole.index("20")])
    assert read_state(tmp_path, NAME) == {"one": {"best": 10}}
    (aside,) = path.parent.glob(f"{NAME}.damaged-*")
    assert aside.read_text() == whole[: whole.index("20")]
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert aside.name in said
    assert "1 entry could be read" in said
    assert read_state(tmp_path, NAME) == {"one": {"best": 10}}
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("damage", [b"", b"\xff\xfe", b"[1, 2]", b"\0" * 4096, b"{" * 100_000])
def test_a_file_with_nothing_legible_is_an_empty_one(tmp_path: Path, path: Path, damage: bytes) -> None:
    """It can be written again at once, and the damaged one is kept."""
    path.write_bytes(damage)
    change_state(tmp_path, NAME, "three", lambda entry: entry or 3)
    assert read_state(tmp_path, NAME) == {"three": 3}
    assert [each.read_bytes() for each in path.parent.glob(f"{NAME}.damaged-*")] == [damage]


def test_lines_with_broken_bytes_are_dropped(tmp_path: Path, path: Path) -> None:
    """A key that is not what it was would be nobody's."""
    path.write_bytes(path.read_bytes().replace(b'"two"', b'"t\xffo"'))
    assert read_state(tmp_path, NAME) == {"one": {"best": 10}}


def test_two_commands_that_write_at_once_lose_nothing(tmp_path: Path) -> None:
    """Each adds what it has to what the other one wrote."""
    program = (
        "import sys\nfrom pathlib import Path\nfrom grader.learner.state import change_state\n"
        "for at in range(25):\n"
        f"    change_state(Path(sys.argv[1]), {NAME!r}, f'{{sys.argv[2]}}-{{at}}', lambda entry: at)\n"
    )
    writers = [subprocess.Popen([sys.executable, "-c", program, str(tmp_path), name]) for name in ("a", "b")]
    assert [writer.wait(60) for writer in writers] == [0, 0]
    assert len(read_state(tmp_path, NAME)) == 50


def test_a_lock_that_is_kept_costs_a_line_and_not_the_command(
    tmp_path: Path, path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """What is there stays as it is."""
    monkeypatch.setattr(state, "LOCK_SECONDS", 0.05)
    before = path.read_bytes()
    with FileLock(path.with_name("state.lock")):
        change_state(tmp_path, NAME, "one", lambda _: 0)
    assert path.read_bytes() == before
    assert "locked" in capsys.readouterr().err


def test_a_workspace_that_cannot_be_written_is_fine(tmp_path: Path) -> None:
    """A file stands where the folder would be."""
    (tmp_path / ".workshop").write_text("in the way")
    change_state(tmp_path, NAME, "one", lambda _: 1)
    assert read_state(tmp_path, NAME) == {}
