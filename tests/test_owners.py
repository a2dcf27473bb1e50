"""Temporary folders of processes that are gone are found by their names; those of living ones stay."""

import multiprocessing
import os
import signal
import tempfile
from pathlib import Path

import pytest

from grader.owners import own_folder, remove_folders_of_the_gone


@pytest.fixture(autouse=True)
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A temporary folder that only this test uses."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def make_and_be_killed() -> None:
    """Make a folder with something in it, and end without removing it."""
    folder = own_folder("build")
    (Path(folder.name) / "a" / "b").mkdir(parents=True)
    os.kill(os.getpid(), signal.SIGKILL)


def test_a_killed_process_s_folder_is_removed(temporary: Path) -> None:
    """With all that is in it."""
    process = multiprocessing.get_context("fork").Process(target=make_and_be_killed)
    process.start()
    process.join(60)
    assert len(list(temporary.iterdir())) == 1
    assert remove_folders_of_the_gone() == 1
    assert list(temporary.iterdir()) == []


def test_a_living_process_s_folder_stays(temporary: Path) -> None:
    """This process lives."""
    with own_folder("stand-in") as folder:
        assert remove_folders_of_the_gone() == 0
        assert Path(folder).is_dir()


def test_a_folder_of_an_earlier_process_with_this_number_is_removed(temporary: Path) -> None:
    """The moment at which it started says that it is another one."""
    with own_folder("run") as folder:
        machine, pid, _, rest = Path(folder).name.removeprefix("workshop-run-").split("-", 3)
        earlier = temporary / f"workshop-run-{machine}-{pid}-1-{rest}"
        earlier.mkdir()
        assert remove_folders_of_the_gone() == 1
        assert not earlier.exists()


@pytest.mark.parametrize("name", ["workshop-mine", "workshop-run-00000000-1-1-abc", "workshop-tests-1-1"])
def test_what_is_not_known_to_be_ours_stays(temporary: Path, name: str) -> None:
    """Another program's, and those of a machine that only shares the folder."""
    (temporary / name).mkdir()
    assert remove_folders_of_the_gone() == 0
    assert (temporary / name).is_dir()
