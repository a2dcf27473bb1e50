"""Which answers an exercise has: folders with an answer's files, and nothing else that is next to them."""

from pathlib import Path

import pytest

from grader.authoring.cells import Cell, Role, cells_of, sample_of
from grader.authoring.verify import left_out
from grader.errors import ContentError
from grader.exercise.model import Exercise
from tests.exercise.stray import strew, without_rights


def exercise_in(folder: Path) -> Exercise:
    """Return an exercise with three alternatives and six mistakes."""
    solutions = folder / "solutions" / "01-first"
    for number in range(3):
        (solutions / "alternatives" / f"a{number}").mkdir(parents=True)
        (solutions / "alternatives" / f"a{number}" / "Dockerfile").touch()
    for number in range(6):
        (solutions / "mistakes" / f"m{number}").mkdir(parents=True)
        (solutions / "mistakes" / f"m{number}" / "mistake.toml").write_text('fails = ["builds"]\nwhy = "It is."\n')
    return Exercise(1, "first", "First", 5, ("Dockerfile",), (), (), {}, folder / "exercises" / "01-first", solutions)


def test_what_is_beside_the_answers_is_none() -> None:
    """Files of all kinds, and folders that belong to somebody else, give no cell and stop nothing."""
    with without_rights() as folder:
        exercise = exercise_in(folder)
        for kind in ("alternatives", "mistakes"):
            strew(exercise.solutions / kind)
        names = [cell.name for cell in cells_of(exercise)]
    assert names == ["", "", "a0", "a1", "a2", "m0", "m1", "m2", "m3", "m4", "m5"]


def test_a_mistake_without_its_toml_file_is_named(tmp_path: Path) -> None:
    """A Dockerfile in the folder says that it is meant as one."""
    exercise = exercise_in(tmp_path)
    (exercise.solutions / "mistakes" / "m3" / "mistake.toml").rename(
        exercise.solutions / "mistakes" / "m3" / "Dockerfile"
    )
    with pytest.raises(ContentError, match=r"mistakes/m3/mistake.toml is missing"):
        cells_of(exercise)


def test_too_few_answers_are_counted(tmp_path: Path) -> None:
    """The message says how many there are and how many there must be."""
    exercise = exercise_in(tmp_path)
    (exercise.solutions / "alternatives" / "a1" / "Dockerfile").unlink()
    with pytest.raises(ContentError, match=r"alternatives: 2 answers, at least 3"):
        cells_of(exercise)


def test_a_sample_has_the_model_once_and_a_mistake_for_each_criterion(tmp_path: Path) -> None:
    """The mistake that fails two criteria serves for both; those that add nothing are left out."""
    exercise = exercise_in(tmp_path)
    for number, fails in ((3, '["builds", "size"]'), (4, '["start"]')):
        toml = exercise.solutions / "mistakes" / f"m{number}" / "mistake.toml"
        toml.write_text(f'fails = {fails}\nwhy = "It is."\n')
    assert [(cell.role, cell.name, cell.repeat) for cell in sample_of(cells_of(exercise))] == [
        (Role.MODEL, "", 1),
        (Role.MISTAKE, "m3", 1),
        (Role.MISTAKE, "m4", 1),
    ]


def test_a_sample_of_several_exercises_fails_a_criterion_in_one_of_them(tmp_path: Path) -> None:
    """Every exercise still has its model."""
    cells: list[Cell] = []
    for name in ("one", "other"):
        cells += cells_of(exercise_in(tmp_path / name))
    assert [cell.role for cell in sample_of(cells)] == [Role.MODEL, Role.MODEL, Role.MISTAKE]


def test_an_alternative_says_which_docker_builds_it(tmp_path: Path) -> None:
    """An older one leaves it out, a newer one and one of which nothing is known do not."""
    exercise = exercise_in(tmp_path)
    folder = exercise.solutions / "alternatives" / "newer"
    folder.mkdir()
    (folder / "Dockerfile").touch()
    (folder / "alternative.toml").write_text('docker = "23.0"\n')
    [cell] = [cell for cell in cells_of(exercise) if cell.name == "newer"]
    assert [cell.is_for(version) for version in ("20.10.24+dfsg1", "22.9", "23.0.1", "28.5.2", "")] == [
        False,
        False,
        True,
        True,
        True,
    ]
    assert cell in sample_of(cells_of(exercise))
    assert [left.name for left in left_out([exercise], "20.10.24")] == ["newer"]


def test_enough_alternatives_are_for_every_engine(tmp_path: Path) -> None:
    """One that most engines do not build proves nothing on them."""
    exercise = exercise_in(tmp_path)
    (exercise.solutions / "alternatives" / "a1" / "alternative.toml").write_text('docker = "23.0"\n')
    with pytest.raises(ContentError, match="2 answers are for every engine"):
        cells_of(exercise)


@pytest.mark.parametrize("version", ["23", "v23.0", "23.0.1", "new"])
def test_a_version_that_is_none_is_named_with_its_file(tmp_path: Path, version: str) -> None:
    """Two numbers, no more."""
    exercise = exercise_in(tmp_path)
    (exercise.solutions / "mistakes" / "m1" / "mistake.toml").write_text(
        f'fails = ["builds"]\nwhy = "It is."\ndocker = "{version}"\n'
    )
    with pytest.raises(ContentError, match=r"m1/mistake\.toml: `docker` is a version"):
        cells_of(exercise)
