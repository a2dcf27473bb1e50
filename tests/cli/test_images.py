"""`workshop images` shows, prepares, saves and loads base images, and says in one line what it cannot do."""

import signal
import subprocess
import time
from pathlib import Path

import pytest

from grader.base_images.bundle import checksum_file
from grader.base_images.bundle_writing import draft_file
from grader.engine.connection import connect
from grader.exercise.catalogue import all_exercises
from tests.cli.running import ARGUMENTS, DEADLINE, Workshop, environment

pytestmark = pytest.mark.engine

FIRST = "01"
SMALL = "05"
"""The exercise whose only base image is the smallest."""


def test_the_list_shows_every_base_image_and_who_uses_it(workshop: Workshop) -> None:
    """Each is named once with its state and its exercises."""
    ran = workshop("images", "list")
    named = {reference for exercise in all_exercises() for reference in exercise.base_images}
    assert ran.code == 0, ran.err
    assert {line.split()[0] for line in ran.out.splitlines()} == named
    assert all("exercise" in line for line in ran.out.splitlines())
    assert all(" MB " in line for line in ran.out.splitlines() if "not here yet" not in line)


def test_preparing_says_where_each_image_came_from(workshop: Workshop) -> None:
    """One line an image: reference, origin, id."""
    ran = workshop("images", "prepare", FIRST)
    assert ran.code == 0, ran.err
    origins = {line.split()[1] for line in ran.out.splitlines()}
    assert origins <= {"engine", "registry", "bundle", "stand-in"}
    assert all(line.split()[2].startswith("sha256:") for line in ran.out.splitlines())


def test_preparing_for_an_exercise_that_is_not_there_is_a_usage_error(workshop: Workshop) -> None:
    """One line, exit code 2."""
    ran = workshop("images", "prepare", "99")
    assert ran.code == 2
    assert "Traceback" not in ran.err


def test_what_was_saved_is_loaded_again(workshop: Workshop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The bundle and its checksum carry the same images to the engine."""
    file = tmp_path / "room.tar"
    state = {"XDG_STATE_HOME": str(tmp_path / "state")}
    saved = workshop("images", "save", file, FIRST, env=state)
    assert saved.code == 0, saved.err
    assert checksum_file(file).is_file()
    assert sorted(path.name for path in tmp_path.iterdir() if path.is_file()) == ["room.tar", "room.tar.sha256"]
    engine = connect()
    try:
        loaded = workshop("images", "load", file, env=state)
        assert loaded.code == 0, loaded.err
        for line in loaded.out.splitlines():
            reference, _, identity = line.split()
            image = engine.inspect_image(reference)
            assert image is not None
            assert image.id == identity
    finally:
        engine.close()
    assert len(loaded.out.splitlines()) == len(saved_references())


def test_a_save_that_is_interrupted_goes_on_the_next_time(workshop: Workshop, tmp_path: Path) -> None:
    """It says so, leaves a draft, and only the bundle once it is done."""
    file = tmp_path / "room.tar"
    process = subprocess.Popen(
        [*ARGUMENTS, "images", "save", str(file), SMALL],
        env=environment(),
        cwd=tmp_path,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    until = time.monotonic() + DEADLINE
    while not (draft_file(file).exists() and draft_file(file).stat().st_size > 1_000_000):
        assert time.monotonic() < until
        assert process.poll() is None
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=DEADLINE)
    assert process.returncode == 130, errors
    assert b"run the same command again to continue" in errors
    assert not file.exists()
    ran = workshop("images", "save", file, SMALL)
    assert ran.code == 0, ran.err
    assert sorted(path.name for path in tmp_path.iterdir()) == ["room.tar", "room.tar.sha256"]


def test_a_damaged_bundle_is_refused(workshop: Workshop, tmp_path: Path) -> None:
    """One line, exit code 2, and nothing is loaded."""
    (tmp_path / "x.tar").write_bytes(b"no bundle")
    ran = workshop("images", "load", tmp_path / "x.tar")
    assert ran.code == 2
    assert ran.err.count("\n") == 1
    assert "is not a bundle of images" in ran.err


def saved_references() -> tuple[str, ...]:
    """What the first exercise starts from."""
    return next(exercise.base_images for exercise in all_exercises() if exercise.number == int(FIRST))
