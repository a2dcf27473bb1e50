"""A new exercise is like another one in all but its name. That it grades as it declares is shown on an engine."""

import re
from pathlib import Path

import pytest

from grader.authoring.cells import Role, cells_of
from grader.authoring.scaffold import check_slug, scaffold, write
from grader.authoring.verify import content_complaints
from grader.errors import UsageError
from grader.exercise.catalogue import all_exercises, exercises_of, find_exercise
from grader.exercise.model import Exercise, Pack

KIT = all_exercises()
each_of_the_kit = pytest.mark.parametrize("like", KIT, ids=[exercise.slug for exercise in KIT])


def made(like: Exercise, root: Path) -> Exercise:
    """Make an exercise and read it."""
    write(scaffold(like, "of-mine", 7, 'A "title" \\ of mine'), root)
    [exercise] = exercises_of(Pack(root, "mine"))
    return exercise


@each_of_the_kit
def test_every_exercise_can_be_followed(like: Exercise, tmp_path: Path) -> None:
    """The new one has the same source, hints and budgets, a lesson, reasons, and the answers that are needed."""
    exercise = made(like, tmp_path)
    assert (exercise.folder, exercise.title) == ("07-of-mine", 'A "title" \\ of mine')
    assert (exercise.own_files, exercise.copies) == (like.files, ())
    assert (exercise.hints, exercise.budgets, exercise.base_images) == (like.hints, like.budgets, like.base_images)
    assert content_complaints(exercise) == ()
    for name in (*like.files, *(name for name in like.editable if (like.solutions / "starter" / name).is_file())):
        assert (exercise.directory / name).is_file(), name
    cells = cells_of(exercise)
    assert [cell.role for cell in cells].count(Role.ALTERNATIVE) == 3
    assert [cell.role for cell in cells].count(Role.MISTAKE) >= 6
    shown = {identity for cell in cells if cell.role is Role.MISTAKE for identity in cell.fails or ()}
    assert shown == {identity for cell in cells_of(like) if cell.role is Role.MISTAKE for identity in cell.fails or ()}


@each_of_the_kit
def test_nothing_says_the_old_name(like: Exercise, tmp_path: Path) -> None:
    """What learners read begins with the exercise's name, and what they type has it."""
    exercise = made(like, tmp_path)
    assert (exercise.directory / "README.md").read_text("utf-8").startswith('# 07 · A "title" \\ of mine\n')
    for path in tmp_path.rglob("*"):
        if path.suffix in (".md", ".txt", ".py") and path.parent.name != "test":
            text = path.read_text("utf-8")
            assert like.folder not in text, path
            assert not re.search(rf"workshop [a-z]+ {like.number:02}\b", text), path
            assert path.name != "feedback.txt" or text.startswith("of-mine: "), path


@each_of_the_kit
def test_links_of_the_reasons_lead_somewhere(like: Exercise, tmp_path: Path) -> None:
    """An answer that was not taken over is not linked to, and has no row in the table."""
    exercise = made(like, tmp_path)
    reasons = (exercise.solutions / "README.md").read_text("utf-8")
    rows = [row.split(" | ")[0].strip("| []") for row in reasons.splitlines() if row.startswith("| ")]
    links = re.findall(r"\]\(([^)#]+)\)", reasons)
    for folder in (like.solutions / "alternatives").iterdir():
        assert (exercise.solutions / "alternatives" / folder.name).is_dir() or folder.name not in rows
    assert links
    for link in links:
        assert link.startswith("https://") or (exercise.solutions / link).exists(), link


def test_what_is_there_is_not_written_over(tmp_path: Path) -> None:
    """Answers may have been left in the other folder."""
    taken = tmp_path / "solutions" / "07-of-mine" / "Dockerfile"
    taken.parent.mkdir(parents=True)
    taken.write_text("FROM mine\n")
    with pytest.raises(UsageError, match=f"{taken.parent} is there already"):
        made(find_exercise("02"), tmp_path)
    assert taken.read_text() == "FROM mine\n"
    assert not (tmp_path / "exercises").exists()


def test_an_exercise_is_written_completely_or_not_at_all(tmp_path: Path) -> None:
    """Half of one would be in the way of the next attempt."""
    (tmp_path / "solutions").touch()
    with pytest.raises(UsageError, match=f"Cannot write the exercise into {tmp_path}: "):
        made(find_exercise("02"), tmp_path)
    assert list((tmp_path / "exercises").iterdir()) == []


@pytest.mark.parametrize("slug", ["", "02", "Mine", "my_own", "-mine", "mine-", "my--own", "../m", "m" * 41, "m\n"])
def test_a_name_that_no_exercise_can_have_is_refused(slug: str) -> None:
    """It becomes a folder, part of an image's name, and what people type; a number would be taken for one."""
    with pytest.raises(UsageError, match="cannot be the name of an exercise"):
        check_slug(slug)
    assert check_slug("go-1-2") == "go-1-2"
