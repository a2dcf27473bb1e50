"""Base images are there, are available in some way, or are nowhere; nothing is fetched to find out."""

from collections.abc import Callable
from pathlib import Path

import pytest

from grader.base_images.memory import Memory
from grader.doctor.finding import State
from grader.doctor.images import base_images, bundle, mirror
from tests.doctor.conftest import Patient

pytestmark = pytest.mark.usefixtures("own_folders")
Make = Callable[..., Patient]
NEEDED = ("golang:1.26", "room.example/thing:1")


def test_all_there_is_fine(patient: Make) -> None:
    """They are named."""
    [found] = base_images(patient(NEEDED), NEEDED)
    assert found.state is State.OK
    assert "golang:1.26, room.example/thing:1" in found.seen


def test_what_a_registry_may_have_is_worth_a_look(patient: Make) -> None:
    """Before the class, not in it."""
    [found] = base_images(patient(NEEDED[:1]), NEEDED)
    assert found.state is State.WARN
    assert "1 of 2 are there; not: room.example/thing:1 (a registry has to be asked)" in found.seen
    assert "images prepare" in found.advice


def test_what_is_nowhere_is_no_grading(patient: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    """Registries are switched off, and there is no stand-in of that name."""
    monkeypatch.setenv("WORKSHOP_NO_REGISTRY", "1")
    [found] = base_images(patient(NEEDED[:1]), NEEDED)
    assert found.state is State.FAIL
    assert "room.example/thing:1 (nowhere)" in found.seen
    assert "images save" in found.advice


def test_a_registry_that_was_silent_a_moment_ago_is_not_counted_on(patient: Make) -> None:
    """The search would not ask it either."""
    Memory(Patient.host).remember_silence("room.example")
    [found] = base_images(patient(NEEDED[:1]), NEEDED)
    assert found.state is State.FAIL


def test_a_mirror_and_a_bundle_that_are_named_and_not_there_are_told(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Where none is named nothing is said."""
    assert (mirror(), bundle()) == ([], [])
    monkeypatch.setenv("WORKSHOP_MIRROR", "127.0.0.1:9")
    monkeypatch.setenv("WORKSHOP_BUNDLE", str(tmp_path / "room.tar"))
    assert [found.state for found in (*mirror(), *bundle())] == [State.WARN, State.WARN]


def test_a_bundle_that_was_cut_short_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """It stops nobody who has the images, so it is worth a look and no more."""
    monkeypatch.setenv("WORKSHOP_BUNDLE", str(tmp_path / "room.tar"))
    (tmp_path / "room.tar").write_bytes(bytes(5000))
    [found] = bundle()
    assert (found.state, found.advice) == (State.WARN, "Copy it again.")
