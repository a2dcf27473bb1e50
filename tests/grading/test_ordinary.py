"""The ordinary build of an exercise, found without grading it."""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from grader.errors import ContentError
from grader.exercise.catalogue import find_exercise
from grader.exercise.model import Exercise, Variant
from grader.grading.ordinary import ordinary_variant


@pytest.fixture
def exercise(tmp_path: Path) -> Exercise:
    """An exercise whose test module is still to be written."""
    return replace(find_exercise("02"), directory=tmp_path)


def test_it_is_the_one_that_grading_builds() -> None:
    """The nonces that it plants are the same, so that the layer cache serves both.

    A process of its own, because here pytest minds the exercise's markers.
    """
    program = (
        "from grader.exercise.catalogue import find_exercise\n"
        "from grader.grading.ordinary import ordinary_variant\n"
        "variant = ordinary_variant(find_exercise('02'))\n"
        "print(variant.name, variant.appends['greeting.txt'])\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.startswith("plain ")
    assert "{greeting}" in done.stdout


def test_without_one_the_source_is_built_as_it_lies(exercise: Exercise) -> None:
    """Few exercises need to plant anything."""
    (exercise.directory / "test_exercise.py").write_text("", encoding="utf-8")
    assert ordinary_variant(exercise) == Variant()


@pytest.mark.parametrize("text", ["PLAIN = 1\n", "raise OSError('no')\n", "PLAIN = \n"])
def test_a_module_that_is_wrong_is_named(exercise: Exercise, text: str) -> None:
    """The author fixes it, not the learner."""
    (exercise.directory / "test_exercise.py").write_text(text, encoding="utf-8")
    with pytest.raises(ContentError, match=r"test_exercise\.py"):
        ordinary_variant(exercise)
