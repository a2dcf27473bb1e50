"""The starter's image is remembered once it was graded, and is that of the starter alone."""

from dataclasses import replace
from pathlib import Path

import pytest

from grader.exercise.model import Exercise
from grader.learner.starter_size import remember_starter_size, starter_image, starter_size
from grader.learner.state import change_state
from grader.verdict import ImageSummary, LayerSummary
from tests.learner.conftest import VERDICT

LAYERS = (LayerSummary("stand-in", 700, from_base=True), LayerSummary("COPY . .", 30, False, 5, 10))
IMAGE = ImageSummary(730, "golang:1.26", 30, LAYERS)
GRADED = replace(VERDICT, image=IMAGE)


def test_the_starters_image_is_kept_with_its_layers(workspace: Path, folder: Path, exercise: Exercise) -> None:
    """What was measured comes back as it was."""
    assert starter_image(workspace, exercise) is None
    assert starter_size(workspace, exercise) is None
    remember_starter_size(workspace, exercise, folder, GRADED)
    assert starter_image(workspace, exercise) == IMAGE
    assert starter_size(workspace, exercise) == 730


def test_another_answer_is_not_taken_for_the_starter(workspace: Path, folder: Path, exercise: Exercise) -> None:
    """The picture of before stays."""
    remember_starter_size(workspace, exercise, folder, GRADED)
    (folder / "Dockerfile").write_text("FROM scratch\n", encoding="utf-8")
    remember_starter_size(workspace, exercise, folder, replace(GRADED, image=replace(IMAGE, size=9)))
    assert starter_image(workspace, exercise) == IMAGE


def test_the_starter_is_not_set_beside_itself(workspace: Path, folder: Path, exercise: Exercise) -> None:
    """One build of it differs from the next by a few bytes, and says nothing."""
    remember_starter_size(workspace, exercise, folder, GRADED)
    assert starter_image(workspace, exercise, folder) is None
    (folder / "Dockerfile").write_text("FROM scratch\n", encoding="utf-8")
    assert starter_image(workspace, exercise, folder) == IMAGE


def test_a_later_measurement_is_the_one_that_counts(workspace: Path, folder: Path, exercise: Exercise) -> None:
    """Base images change."""
    remember_starter_size(workspace, exercise, folder, GRADED)
    newer = replace(IMAGE, size=800)
    remember_starter_size(workspace, exercise, folder, replace(GRADED, image=newer))
    assert starter_image(workspace, exercise) == newer


def test_a_starter_that_did_not_build_changes_nothing(workspace: Path, folder: Path, exercise: Exercise) -> None:
    """There is nothing to remember."""
    remember_starter_size(workspace, exercise, folder, GRADED)
    remember_starter_size(workspace, exercise, folder, VERDICT)
    assert starter_image(workspace, exercise) == IMAGE


@pytest.mark.parametrize(
    ("kept", "size"), [(614, 614), ({"size": 614}, 614), ({"size": "x", "layers": 3}, None), ("614", None)]
)
def test_what_an_older_kit_or_a_hand_wrote_is_read_as_far_as_it_goes(
    workspace: Path, exercise: Exercise, kept: object, size: int | None
) -> None:
    """A size alone gives the bar; the layers are not known."""
    change_state(workspace, "starter-sizes.json", exercise.slug, lambda _: kept)
    assert starter_size(workspace, exercise) == size
    assert starter_image(workspace, exercise) is None
