"""A reset returns what is editable to what was handed out, and what was there is kept."""

import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from grader.errors import UsageError
from grader.exercise.model import Exercise
from grader.learner.own_files import changed_files, is_starter, reset_files

STARTER = "FROM golang:1.26\n"


def test_as_handed_out_is_unchanged(exercise: Exercise, folder: Path) -> None:
    """Other files in the folder do not count: they are not what is graded."""
    (folder / "notes.txt").write_text("mine")
    assert is_starter(exercise, folder)


def test_edited_added_and_missing_files_return_to_what_they_were(
    exercise: Exercise, folder: Path, workspace: Path
) -> None:
    """What the learner had is in the copies."""
    (folder / "Dockerfile").write_text("FROM scratch\n")
    (folder / ".dockerignore").write_text("*\n")
    (folder / "notes.txt").write_text("mine")
    kept = reset_files(exercise, folder, workspace)
    assert is_starter(exercise, folder)
    assert sorted(each.name for each in folder.iterdir()) == ["Dockerfile", "notes.txt"]
    assert (kept / "Dockerfile").read_text() == "FROM scratch\n"
    assert (kept / ".dockerignore").read_text() == "*\n"
    (folder / "Dockerfile").unlink()
    reset_files(exercise, folder, workspace)
    assert (folder / "Dockerfile").read_text() == STARTER


def test_two_resets_keep_both(exercise: Exercise, folder: Path, workspace: Path) -> None:
    """Nothing that was kept is written over."""
    kept = []
    for text in ("FROM a\n", "FROM b\n"):
        (folder / "Dockerfile").write_text(text)
        kept.append(reset_files(exercise, folder, workspace))
    assert [(each / "Dockerfile").read_text() for each in kept] == ["FROM a\n", "FROM b\n"]


def test_a_link_is_kept_as_a_link_and_what_it_points_to_is_left_alone(
    exercise: Exercise, folder: Path, workspace: Path, tmp_path: Path
) -> None:
    """The starter is not written through it."""
    target = tmp_path / "elsewhere"
    target.write_text(STARTER)
    (folder / "Dockerfile").unlink()
    (folder / "Dockerfile").symlink_to(target)
    assert changed_files(exercise, folder) == ("Dockerfile",)
    target.write_text("precious")
    kept = reset_files(exercise, folder, workspace)
    assert (kept / "Dockerfile").is_symlink()
    assert target.read_text() == "precious"
    assert not (folder / "Dockerfile").is_symlink()


def test_a_folder_in_a_files_place_is_kept_whole(exercise: Exercise, folder: Path, workspace: Path) -> None:
    """It happens to those who let an engine make the mount point."""
    (folder / ".dockerignore").mkdir()
    (folder / ".dockerignore" / "deep").write_text("x")
    kept = reset_files(exercise, folder, workspace)
    assert (kept / ".dockerignore" / "deep").read_text() == "x"
    assert not (folder / ".dockerignore").exists()


def test_without_a_place_for_copies_nothing_is_reset(exercise: Exercise, folder: Path, workspace: Path) -> None:
    """First what is there is safe, then it is changed."""
    (workspace / ".workshop").write_text("in the way")
    (folder / "Dockerfile").write_text("FROM scratch\n")
    with pytest.raises(UsageError, match="Nothing was reset"):
        reset_files(exercise, folder, workspace)
    assert (folder / "Dockerfile").read_text() == "FROM scratch\n"


def test_a_further_editable_file_with_a_starter_returns_too(exercise: Exercise, folder: Path, workspace: Path) -> None:
    """An exercise may name more than a Dockerfile, in folders too."""
    (exercise.solutions / "starter" / "conf").mkdir()
    (exercise.solutions / "starter" / "conf" / "app.toml").write_text("a = 1\n")
    more = replace(exercise, editable=(*exercise.editable, "conf/app.toml"))
    (folder / "conf").mkdir()
    (folder / "conf" / "app.toml").write_text("a = 2\n")
    kept = reset_files(more, folder, workspace)
    assert (folder / "conf" / "app.toml").read_text() == "a = 1\n"
    assert (kept / "conf" / "app.toml").read_text() == "a = 2\n"


@pytest.mark.parametrize("make", [os.mkfifo, lambda path: path.symlink_to("/dev/zero"), os.mkdir])
def test_what_is_no_file_is_changed_and_is_not_read(
    exercise: Exercise, folder: Path, make: Callable[[Path], None]
) -> None:
    """A pipe would be waited for without end."""
    (folder / "Dockerfile").unlink()
    make(folder / "Dockerfile")
    assert changed_files(exercise, folder) == ("Dockerfile",)
