"""Reading exercises from disk, and finding one by the names people use."""

from pathlib import Path

import pytest

from grader.errors import ContentError, UsageError
from grader.exercise.catalogue import all_exercises, find_exercise
from tests.exercise.stray import without_rights

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
        ("[budgets]\nimage_size = 1000", "budgets = 3", "must be a table"),
        ("minutes = 10", 'minutes = 10\nfiles = ["../main.go"]', "`files` has '../main.go'"),
        ("minutes = 10", 'minutes = 10\nfiles = ["/etc/passwd"]', "`files` has '/etc/passwd'"),
        ("minutes = 10", 'minutes = 10\nfiles = ["web/"]', "`files` has 'web/'"),
        ("minutes = 10", 'minutes = 10\nfiles = ["Dockerfile"]', "Dockerfile is in `files`"),
        ("minutes = 10", 'minutes = 10\nfiles = ["README.md"]', "README.md cannot be in `files`"),
        ("[budgets]", '[[copies]]\nfiles = ["a"]\n[budgets]', "`app` is missing"),
        ("[budgets]", '[[copies]]\napp = "a"\ninto = ".."\n[budgets]', "`into` has '..'"),
        ("[budgets]", '[[copies]]\napp = "a"\npart = "b"\n[budgets]', "unknown key `part`"),
        ("minutes = 10", 'minutes = 10\ncopies = ["a"]', "must be tables"),
        ("[budgets]", '[[copies]]\napp = "a"\nfiles = ["b", "b"]\n[budgets]', "b is listed twice"),
    ],
)
def test_what_is_wrong_in_the_file_is_named(root: Path, old: str, new: str, says: str) -> None:
    """The message names the file and the key."""
    rewrite(root, old, new)
    with pytest.raises(ContentError) as caught:
        all_exercises(root)
    assert says in str(caught.value)
    assert "exercise.toml" in str(caught.value)


@pytest.mark.parametrize("name", ["04-notes", "03-first-steps.bak", "03-first-steps copy", "4-four", "notes"])
def test_what_is_not_called_as_an_exercise_or_has_no_toml_file_is_none(root: Path, name: str) -> None:
    """Drafts and copies that an editor or a file manager made stop nobody."""
    (root / "exercises" / name).mkdir()
    if name != "04-notes":
        (root / "exercises" / name / "exercise.toml").write_text(GOOD)
    assert [exercise.folder for exercise in all_exercises(root)] == ["03-first-steps"]


def test_a_folder_that_cannot_be_read_is_no_exercise() -> None:
    """Another user's folder beside the exercises stops nobody."""
    with without_rights() as root:
        (root / "exercises" / "03-first-steps").mkdir(parents=True)
        (root / "exercises" / "03-first-steps" / "exercise.toml").write_text(GOOD)
        (root / "exercises" / "02-locked" / "locked").mkdir(parents=True)
        (root / "exercises" / "02-locked" / "exercise.toml").write_text(GOOD)
        (root / "exercises" / "02-locked").chmod(0o000)
        found = all_exercises(root)
        (root / "exercises" / "02-locked").chmod(0o755)
    assert [exercise.folder for exercise in found] == ["03-first-steps"]


def test_the_source_is_what_is_listed_and_what_is_copied_from_an_app(root: Path) -> None:
    """One list, in order, each file once."""
    copies = '[[copies]]\napp = "a"\ninto = "api"\nfiles = ["go.mod", "web/b.js"]\n\n[budgets]'
    rewrite(root, "[budgets]", copies)
    rewrite(root, "minutes = 10", 'minutes = 10\nfiles = ["z.txt", "b/c.txt"]')
    [exercise] = all_exercises(root)
    assert exercise.files == ("api/go.mod", "api/web/b.js", "b/c.txt", "z.txt")
