"""Saves are recognized by content, however an editor goes about it."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from queue import Queue
from threading import Event, Thread

import pytest

from grader.exercise.model import Exercise
from grader.learner import file_changes as module
from grader.learner.file_changes import FileContents, saves

DEADLINE = 20
Next = Callable[[], FileContents]


@pytest.fixture(params=["events", "polling", "only a look now and then"])
def following(
    request: pytest.FixtureRequest, exercise: Exercise, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Next]:
    """Follow the folder in a thread; return what gives the next content that was reported."""
    if request.param.startswith("nothing"):
        monkeypatch.setattr(module, "watch", _without_watches)
    told: Queue[FileContents] = Queue()
    stop = Event()

    def follow() -> None:
        for content in saves(exercise, folder, stop, poll=request.param == "polling"):
            told.put(content)

    thread = Thread(target=follow)
    thread.start()
    yield lambda: told.get(timeout=DEADLINE)
    stop.set()
    thread.join(DEADLINE)
    assert not thread.is_alive()
    assert told.empty()


def _without_watches(*_: object, **__: object) -> Iterator[None]:
    """Fail as the library does where the system has no watches left."""
    raise OSError(28, "no space left on device")


def test_what_is_there_comes_first_and_then_each_save(following: Next, folder: Path) -> None:
    """A file that appears is one, and one in whose place another is renamed."""
    assert following() == {"Dockerfile": b"FROM golang:1.26\n", ".dockerignore": None}
    (folder / "Dockerfile").write_text("FROM a\n")
    assert following()["Dockerfile"] == b"FROM a\n"
    (folder / ".dockerignore").write_text("*\n")
    assert following()[".dockerignore"] == b"*\n"
    (folder / ".Dockerfile.swp").write_text("FROM b\n")
    (folder / ".Dockerfile.swp").replace(folder / "Dockerfile")
    assert following()["Dockerfile"] == b"FROM b\n"


def test_a_file_that_goes_and_comes_back_is_told(following: Next, folder: Path) -> None:
    """Gone is an answer too, once it has stayed away."""
    following()
    (folder / "Dockerfile").unlink()
    assert following()["Dockerfile"] is None
    (folder / "Dockerfile").write_text("FROM golang:1.26\n")
    assert following()["Dockerfile"] == b"FROM golang:1.26\n"


def test_editors_that_move_the_old_file_away_first_save_once(following: Next, folder: Path) -> None:
    """In between there is no file, or an empty one; neither is reported."""
    following()
    (folder / "Dockerfile").rename(folder / "Dockerfile~")
    (folder / "Dockerfile").touch()
    (folder / "Dockerfile").write_text("FROM c\n")
    assert following()["Dockerfile"] == b"FROM c\n"


class ComesBack(Event):
    """A stop signal during whose first wait the file is written."""

    def __init__(self, path: Path, text: str) -> None:
        super().__init__()
        self._path = path
        self._text = text

    def wait(self, timeout: float | None = None) -> bool:
        """Write it instead of waiting."""
        del timeout
        self._path.write_text(self._text)
        return False


@pytest.mark.parametrize("between", [None, ""], ids=["gone", "empty"])
def test_a_file_that_is_away_for_a_moment_is_waited_for(
    exercise: Exercise, folder: Path, monkeypatch: pytest.MonkeyPatch, between: str | None
) -> None:
    """Looked at in the middle of a save, it is looked at again before anything is reported."""
    monkeypatch.setattr(module, "watch", lambda *_, **__: iter([None]))
    path = folder / "Dockerfile"
    told = saves(exercise, folder, ComesBack(path, "FROM c\n"))
    next(told)
    path.unlink()
    if between is not None:
        path.write_text(between)
    assert [content["Dockerfile"] for content in told] == [b"FROM c\n"]


def test_a_look_that_finds_nothing_new_tells_nothing(
    exercise: Exercise, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Looks come each second, whether or not something was saved."""
    monkeypatch.setattr(module, "watch", lambda *_, **__: iter([None, None, None]))
    assert len(list(saves(exercise, folder, Event()))) == 1


def test_a_touch_and_other_files_are_no_save(following: Next, folder: Path) -> None:
    """Only a change of what is graded is."""
    following()
    os.utime(folder / "Dockerfile")
    (folder / "main.go").write_text("package main\n")
    (folder / "Dockerfile").write_text("FROM d\n")
    assert following()["Dockerfile"] == b"FROM d\n"


def test_a_folder_that_is_deleted_and_laid_out_again_is_followed_on(following: Next, folder: Path) -> None:
    """As a learner does who begins again."""
    following()
    (folder / "Dockerfile").unlink()
    folder.rmdir()
    assert following()["Dockerfile"] is None
    folder.mkdir()
    (folder / "Dockerfile").write_text("FROM e\n")
    assert following()["Dockerfile"] == b"FROM e\n"


def test_a_pipe_in_its_place_does_not_hold_it_up(following: Next, folder: Path) -> None:
    """It is only said that something is there, which differs from what was."""
    following()
    (folder / "Dockerfile").unlink()
    os.mkfifo(folder / "Dockerfile")
    assert b"no ordinary file" in (following()["Dockerfile"] or b"")
