"""The learner's folder, and the nonces that are drawn for it."""

import re
import shutil
from pathlib import Path

import pytest

from grader.errors import UsageError
from grader.exercise.catalogue import all_exercises
from grader.exercise.nonce import PREFIX, Nonces
from grader.exercise.workspace import default_submission, find_workspace, init_workspace, nonce_key
from tests.exercise.stray import strew


def test_init_lays_out_every_exercise_without_its_tests(tmp_path: Path) -> None:
    """A learner gets lesson, source and starter; what grades stays with the kit."""
    init_workspace(tmp_path / "mine")
    for exercise in all_exercises():
        folder = tmp_path / "mine" / "exercises" / exercise.folder
        assert (folder / "Dockerfile").read_bytes() == (exercise.solutions / "starter" / "Dockerfile").read_bytes()
        assert (folder / "README.md").is_file()
        assert not (folder / "test_exercise.py").exists()


def test_init_copies_what_belongs_to_an_exercise_and_nothing_else(
    repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Lesson, source and starter: not its feedback, nor what happens to be in the kit's own folders."""
    for name in ("exercises", "solutions"):
        shutil.copytree(repository / name / "02-go-multi-stage", tmp_path / "kit" / name / "02-go-multi-stage")
    strew(tmp_path / "kit" / "exercises" / "02-go-multi-stage")
    (tmp_path / "kit" / "solutions" / "02-go-multi-stage" / "starter" / "notes.txt").write_text("stray\n")
    monkeypatch.setattr("grader.exercise.catalogue._PACKAGE", tmp_path / "kit" / "grader")
    [exercise] = init_workspace(tmp_path / "mine")
    folder = tmp_path / "mine" / "exercises" / exercise.folder
    assert sorted(path.name for path in folder.rglob("*")) == sorted(["Dockerfile", "README.md", *exercise.files])


def test_init_again_leaves_a_learners_work_alone(tmp_path: Path) -> None:
    """It only adds what is missing."""
    exercise = init_workspace(tmp_path)[0]
    edited = tmp_path / "exercises" / exercise.folder / "Dockerfile"
    edited.write_text("FROM mine\n")
    (edited.parent / "main.go").unlink()
    init_workspace(tmp_path)
    assert edited.read_text() == "FROM mine\n"
    assert (edited.parent / "main.go").is_file()


def test_what_must_not_travel_with_a_hand_in_is_ignored_by_git(tmp_path: Path) -> None:
    """The key of the nonces and the progress; a file that is there is the learner's own."""
    init_workspace(tmp_path / "new")
    assert ".workshop/" in (tmp_path / "new" / ".gitignore").read_text().splitlines()
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / ".gitignore").write_text("*.log\n")
    init_workspace(tmp_path / "own")
    assert (tmp_path / "own" / ".gitignore").read_text() == "*.log\n"


def test_init_where_a_file_is_in_the_way_says_so(tmp_path: Path) -> None:
    """One line, no traceback."""
    (tmp_path / "taken").write_text("")
    with pytest.raises(UsageError, match="taken"):
        init_workspace(tmp_path / "taken")


def test_the_workspace_is_found_from_inside_an_exercise(tmp_path: Path) -> None:
    """People run `check` where they edit."""
    exercise = init_workspace(tmp_path)[0]
    inside = tmp_path / "exercises" / exercise.folder
    assert find_workspace(inside) == tmp_path
    assert default_submission(exercise, find_workspace(inside)) == inside


def test_a_folder_that_is_no_workspace_is_told_how_to_become_one(tmp_path: Path) -> None:
    """It names the command."""
    with pytest.raises(UsageError, match="workshop init"):
        default_submission(all_exercises()[0], tmp_path)


def test_the_nonce_key_stays_the_same_in_one_workspace(tmp_path: Path) -> None:
    """So that the second check finds the first one's layers in the cache."""
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    assert nonce_key(tmp_path / "a") == nonce_key(tmp_path / "a")
    assert nonce_key(tmp_path / "a") != nonce_key(tmp_path / "b")


def test_nonces_share_a_prefix_and_nothing_else() -> None:
    """The prefix makes the search quick; the rest cannot be guessed from another exercise's."""
    nonces = {Nonces(key, slug)(name) for key in ("k", "l") for slug in ("s", "t") for name in ("a", "b")}
    assert len(nonces) == 8
    assert all(re.fullmatch(PREFIX + "[0-9a-f]{20}", nonce) for nonce in nonces)
