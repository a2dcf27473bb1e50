"""A user without a home has the workshop's files in a folder of the temporary one that nobody else can write."""

import os
import tempfile
from pathlib import Path

import pytest

from grader.errors import MachineError
from grader.user_folders import cache_folder, data_folder, log_folder, state_folder


@pytest.fixture
def homeless(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """As with `env -u HOME setpriv --reuid 12345`: nobody knows what `~` is."""
    for name in ("XDG_CACHE_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(os.path, "expanduser", lambda path: path)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def test_without_a_home_there_is_one_folder_for_all(homeless: Path) -> None:
    """Only this user may look into it."""
    folders = [cache_folder(), data_folder(), state_folder(), log_folder()]
    assert len(set(folders)) == 4
    assert {folder.parent.parent for folder in folders} == {homeless}
    assert folders[0].parent.stat().st_mode & 0o777 == 0o700


def test_what_another_user_put_there_is_not_used(homeless: Path) -> None:
    """Not even a link."""
    (homeless / f"workshop-of-user-{os.getuid()}").symlink_to("/usr")
    with pytest.raises(MachineError, match=r"no home folder[^\n]*HOME"):
        cache_folder()


def test_with_a_home_it_is_the_usual_one(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """As before."""
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    assert cache_folder().is_relative_to(tmp_path)
