"""Reading exercises from disk, and finding one by the names people use."""

from pathlib import Path

import pytest

from grader.errors import ContentError, UsageError
from grader.exercise.catalogue import all_exercises, exercises_of, find_exercise, shortest_name
from grader.exercise.model import Pack
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
    folder = tmp_path / "exercises" / "43-first-steps"
    folder.mkdir(parents=True)
    (folder / "exercise.toml").write_text(GOOD)
    return tmp_path


def pack_of(root: Path) -> Pack:
    """Return the folder as a pack that nobody in particular has named."""
    return Pack(root, "mine")


def rewrite(root: Path, old: str, new: str) -> None:
    """Change a piece of the exercise's file."""
    path = root / "exercises" / "43-first-steps" / "exercise.toml"
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


@pytest.mark.parametrize("name", ["first-steps", "43", "43-first-steps"])
def test_an_exercise_is_found_by_slug_number_and_folder(root: Path, name: str) -> None:
    """All the names that people type."""
    assert find_exercise(name, [pack_of(root)]).budgets == {"image_size": 1000}


def test_a_name_that_is_not_there_gets_the_nearest_one(root: Path) -> None:
    """A typing error costs one look."""
    with pytest.raises(UsageError, match="did you mean `first-steps`"):
        find_exercise("first-step", [pack_of(root)])


def test_a_name_near_to_none_gets_all(root: Path) -> None:
    """Then the list is short enough to read."""
    with pytest.raises(UsageError, match=r"there are: go-single-stage, .*, first-steps"):
        find_exercise("99", [pack_of(root)])


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("minutes = 10", 'minutes = "ten"', "line 4: `minutes` is a string, expected an integer"),
        ("minutes = 10", "", "`minutes` is missing"),
        ("minutes = 10", "minutes = 10\nminuets = 10", "line 5: unknown key `minuets`: did you mean `minutes`?"),
        ("image_size = 1000", 'image_size = "1 GB"', "is a string, expected an integer"),
        ("image_size = 1000", "images_size = 1000", "images_size"),
        ("format_version = 1", "format_version = 9", "format_version is 9"),
        ('["Dockerfile"]', '["Dockerfile", 3]', "line 5: `editable[1]` is an integer, expected a string"),
        ('slug = "first-steps"', 'slug = "other"', "slug is `other`"),
        ("[budgets]", "[budgets", "it is not TOML"),
        ("[budgets]\nimage_size = 1000", "budgets = 3", "`budgets` is an integer, expected a table"),
        ("minutes = 10", 'minutes = 10\nfiles = ["../main.go"]', "`files` has '../main.go'"),
        ("minutes = 10", 'minutes = 10\nfiles = ["/etc/passwd"]', "`files` has '/etc/passwd'"),
        ("minutes = 10", 'minutes = 10\nfiles = ["web/"]', "`files` has 'web/'"),
        ("minutes = 10", 'minutes = 10\nfiles = ["Dockerfile"]', "Dockerfile is in `files`"),
        ("minutes = 10", 'minutes = 10\nfiles = ["README.md"]', "README.md cannot be in `files`"),
        ("[budgets]", '[[copies]]\nfiles = ["a"]\n[budgets]', "`copies[0].app` is missing"),
        ("[budgets]", '[[copies]]\napp = "a"\nfiles = []\ninto = ".."\n[budgets]', "`into` has '..'"),
        ("[budgets]", '[[copies]]\napp = "a"\npart = "b"\n[budgets]', "unknown key `copies.part`"),
        ("minutes = 10", 'minutes = 10\ncopies = ["a"]', "`copies[0]` is a string, expected a table"),
        ("[budgets]", '[[copies]]\napp = "a"\nfiles = ["b", "b"]\n[budgets]', "b is listed twice"),
    ],
)
def test_what_is_wrong_in_the_file_is_named(root: Path, old: str, new: str, says: str) -> None:
    """The message names the file and the key."""
    rewrite(root, old, new)
    with pytest.raises(ContentError) as caught:
        exercises_of(pack_of(root))
    assert says in str(caught.value)
    assert "exercise.toml" in str(caught.value)


@pytest.mark.parametrize("name", ["04-notes", "43-first-steps.bak", "43-first-steps copy", "4-four", "notes"])
def test_what_is_not_called_as_an_exercise_or_has_no_toml_file_is_none(root: Path, name: str) -> None:
    """Drafts and copies that an editor or a file manager made stop nobody."""
    (root / "exercises" / name).mkdir()
    if name != "04-notes":
        (root / "exercises" / name / "exercise.toml").write_text(GOOD)
    assert [exercise.folder for exercise in exercises_of(pack_of(root))] == ["43-first-steps"]


def test_a_folder_that_cannot_be_read_is_no_exercise() -> None:
    """Another user's folder next to the exercises stops nobody."""
    with without_rights() as root:
        (root / "exercises" / "43-first-steps").mkdir(parents=True)
        (root / "exercises" / "43-first-steps" / "exercise.toml").write_text(GOOD)
        (root / "exercises" / "02-locked" / "locked").mkdir(parents=True)
        (root / "exercises" / "02-locked" / "exercise.toml").write_text(GOOD)
        (root / "exercises" / "02-locked").chmod(0o000)
        found = exercises_of(pack_of(root))
        (root / "exercises" / "02-locked").chmod(0o755)
    assert [exercise.folder for exercise in found] == ["43-first-steps"]


def test_the_source_is_what_is_listed_and_what_is_copied_from_an_app(root: Path) -> None:
    """One list, in order, each file once."""
    copies = '[[copies]]\napp = "a"\ninto = "api"\nfiles = ["go.mod", "web/b.js"]\n\n[budgets]'
    rewrite(root, "[budgets]", copies)
    rewrite(root, "minutes = 10", 'minutes = 10\nfiles = ["z.txt", "b/c.txt"]')
    [exercise] = exercises_of(pack_of(root))
    assert exercise.files == ("api/go.mod", "api/web/b.js", "b/c.txt", "z.txt")


def add(root: Path, folder: str) -> None:
    """Add an exercise to the pack."""
    (root / "exercises" / folder).mkdir(parents=True)
    text = GOOD.replace("first-steps", folder[3:])
    (root / "exercises" / folder / "exercise.toml").write_text(text)


def test_exercises_of_packs_come_after_those_of_the_kit(root: Path, tmp_path: Path) -> None:
    """In the order in which the packs are named."""
    add(tmp_path / "other", "01-second-steps")
    packs = [pack_of(root), pack_of(tmp_path / "other")]
    assert [exercise.slug for exercise in all_exercises(packs)] == [
        *(exercise.slug for exercise in all_exercises()),
        "first-steps",
        "second-steps",
    ]
    found = find_exercise("second-steps", packs)
    assert found.solutions == tmp_path / "other" / "solutions" / "01-second-steps"


@pytest.mark.parametrize("name", ["2", "02"])
def test_a_number_of_several_exercises_is_refused_and_both_are_named(root: Path, name: str) -> None:
    """With where each of them comes from; by its slug or folder each is found."""
    add(root, "02-again")
    packs = [Pack(root, "mine", "--pack")]
    with pytest.raises(UsageError) as caught:
        find_exercise(name, packs)
    assert f"`go-multi-stage` (the workshop) and `again` (the pack {root})" in str(caught.value)
    assert find_exercise("again", packs) == find_exercise("02-again", packs)
    assert find_exercise("go-multi-stage", packs).number == 2


def test_what_to_type_is_the_number_if_it_is_clear(root: Path) -> None:
    """Else it is the slug, which is always clear."""
    add(root, "02-again")
    for slug, typed in (("again", "again"), ("go-multi-stage", "go-multi-stage"), ("first-steps", "43")):
        exercise = find_exercise(slug, [pack_of(root)])
        assert shortest_name(exercise, [pack_of(root)]) == typed


@pytest.mark.parametrize("folder", ["02-go-multi-stage", "44-go-multi-stage"])
def test_one_slug_in_two_packs_is_refused_and_both_packs_are_named(root: Path, folder: str) -> None:
    """Progress is kept by slug, so that two of them would count as one."""
    add(root, folder)
    both = f"02-go-multi-stage of the workshop and {folder} of the pack {root}"
    for look in (all_exercises, lambda packs: find_exercise("first-steps", packs)):
        with pytest.raises(UsageError, match=f"Two exercises are called `go-multi-stage`: {both}"):
            look([Pack(root, "mine", "--pack")])


def test_one_slug_twice_in_one_pack_is_refused_too(root: Path) -> None:
    """A copy of a folder under another number is easily made."""
    add(root, "44-first-steps")
    with pytest.raises(UsageError, match="43-first-steps of mine and 44-first-steps of mine"):
        all_exercises([pack_of(root)])


def test_what_is_wrong_in_a_pack_is_an_error_of_usage_that_says_what_names_the_pack(root: Path) -> None:
    """The one who named it can leave it out; the same in the kit would be the kit's fault."""
    rewrite(root, "minutes = 10", "minuets = 10")
    with pytest.raises(
        UsageError, match=r"43-first-steps/exercise.toml, line 4: .*\(The pack is named by WORKSHOP_PACKS.\)"
    ):
        all_exercises([Pack(root, "mine", "WORKSHOP_PACKS")])
