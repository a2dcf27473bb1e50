"""Reading exercises from disk, and finding one by the names people use."""

from pathlib import Path

import pytest

from grader.errors import ContentError, UsageError
from grader.exercise.catalogue import all_exercises, find_exercise

GOOD = """\
format_version = 1
slug = "first-steps"
title = "First steps"
minutes = 10
editable = ["Dockerfile"]
base_images = ["alpine:latest"]
hints = ["Look.", "Look closer."]

[budgets]
image_size = 1000
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A content root with one exercise."""
    folder = tmp_path / "exercises" / "03-first-steps"
    folder.mkdir(parents=True)
    (folder / "exercise.toml").write_text(GOOD)
    return tmp_path


def rewrite(root: Path, old: str, new: str) -> None:
    """Change a piece of the exercise's file."""
    path = root / "exercises" / "03-first-steps" / "exercise.toml"
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


@pytest.mark.parametrize("name", ["first-steps", "3", "03", "03-first-steps"])
def test_an_exercise_is_found_by_slug_number_and_folder(root: Path, name: str) -> None:
    """All the names that people type."""
    assert find_exercise(name, root).budgets == {"image_size": 1000}


def test_a_name_that_is_not_there_gets_the_nearest_one(root: Path) -> None:
    """A typing error costs one look."""
    with pytest.raises(UsageError, match="did you mean `first-steps`"):
        find_exercise("first-step", root)


def test_a_name_near_to_none_gets_all(root: Path) -> None:
    """Then the list is short enough to read."""
    with pytest.raises(UsageError, match="there are: first-steps"):
        find_exercise("99", root)


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("minutes = 10", 'minutes = "ten"', "`minutes` is 'ten', expected int"),
        ("minutes = 10", "", "`minutes` is missing"),
        ("minutes = 10", "minutes = 10\nminuets = 10", "unknown key `minuets`"),
        ("image_size = 1000", 'image_size = "1 GB"', "in bytes"),
        ("image_size = 1000", "images_size = 1000", "images_size"),
        ("format_version = 1", "format_version = 9", "format_version is 9"),
        ('["Dockerfile"]', '["Dockerfile", 3]', "must be a list of strings"),
        ('slug = "first-steps"', 'slug = "other"', "slug is `other`"),
        ("[budgets]", "[budgets", "is not valid TOML"),
    ],
)
def test_what_is_wrong_in_the_file_is_named(root: Path, old: str, new: str, says: str) -> None:
    """The message names the file and the key."""
    rewrite(root, old, new)
    with pytest.raises(ContentError) as caught:
        all_exercises(root)
    assert says in str(caught.value)
    assert "exercise.toml" in str(caught.value)


def test_a_missing_file_is_named(root: Path) -> None:
    """A folder with a number and no exercise in it is half made."""
    (root / "exercises" / "04-empty").mkdir()
    with pytest.raises(ContentError, match="04-empty"):
        all_exercises(root)
