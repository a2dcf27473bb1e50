"""Lessons against an engine: what "What to look at" says to type works, and prints what is shown."""

import shutil
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from grader.base_images.prepare import prepare
from grader.engine.client import Engine
from grader.engine.connection import connect
from grader.exercise.catalogue import all_exercises
from grader.exercise.model import Exercise
from grader.exercise.source import copy_source
from tests.exercises.terminal import Terminal
from tests.exercises.transcripts import MODEL, STARTER, Edit, Lay, Step, agrees, commands_of, section_of, steps_of

pytestmark = pytest.mark.engine

EXERCISES = all_exercises()


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    """The engine that the environment names, or the first that answers."""
    found = connect()
    yield found
    found.close()


def lesson_steps(exercise: Exercise) -> list[Step]:
    """Read what a lesson has its readers do."""
    lesson = (exercise.directory / "README.md").read_text("utf-8")
    return steps_of(section_of(lesson, "What to look at"))


def lay(exercise: Exercise, role: str, folder: Path) -> None:
    """Put the files that a learner writes into the exercise's folder, and take away those of before."""
    source = {STARTER: exercise.solutions / "starter", MODEL: exercise.solutions}[role]
    for name in exercise.editable:
        (folder / name).unlink(missing_ok=True)
        if (source / name).is_file():
            shutil.copyfile(source / name, folder / name)


def free_port() -> int:
    """Return a port that nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def workspace(exercise: Exercise, tmp_path: Path) -> Path:
    """A folder in which the exercise's program is as it is in a clone."""
    folder = tmp_path / "exercises" / exercise.folder
    copy_source(exercise, folder)
    return tmp_path


@pytest.mark.parametrize("exercise", EXERCISES, ids=[exercise.slug for exercise in EXERCISES])
def test_what_the_lesson_says_to_type_prints_what_it_shows(exercise: Exercise, workspace: Path, engine: Engine) -> None:
    """Command by command; one whose output is not shown must succeed."""
    prepare(engine, exercise.base_images)
    steps = lesson_steps(exercise)
    terminal = Terminal(workspace, engine, [step.text for step in commands_of(steps) if step.runs], free_port())
    folder = workspace / "exercises" / exercise.folder
    lay(exercise, STARTER, folder)
    try:
        for step in steps:
            if isinstance(step, Lay):
                lay(exercise, step.role, folder)
            elif isinstance(step, Edit):
                text = (folder / step.path).read_text("utf-8")
                assert step.old in text
                (folder / step.path).write_text(text.replace(step.old, step.new), encoding="utf-8")
            elif step.runs:
                printed = terminal.type(step.text)
                screen = f"line {step.line}: {step.text}\n" + "\n".join(printed.lines)
                assert agrees(step.shown, printed.lines) if step.shown else printed.code == 0, screen
    finally:
        terminal.close()
    assert [name for name in engine.image_references() if terminal.run in name] == []


def test_a_terminal_pipes_redirects_and_remembers_how_a_command_ended(tmp_path: Path, engine: Engine) -> None:
    """As much of a shell as lessons need."""
    terminal = Terminal(tmp_path, engine, [], free_port())
    (tmp_path / "in").mkdir()
    assert terminal.type("cd in").lines == ()
    assert terminal.type('printf "b\\na|b\\n" | sort > out.txt').lines == ()
    assert (tmp_path / "in" / "out.txt").read_text("utf-8") == "a|b\nb\n"
    assert terminal.type("cat out.txt").lines == ("a|b", "b")
    assert terminal.type("ls nowhere").code != 0
    assert terminal.type("echo $?").lines != ("0",)


@pytest.mark.parametrize("text", ["true && false", "true; false", "echo $HOME", "cat <in.txt"])
def test_a_terminal_refuses_what_needs_a_shell(text: str, tmp_path: Path, engine: Engine) -> None:
    """Rather than pass it on as an argument, and print something else than a learner sees."""
    with pytest.raises(AssertionError):
        Terminal(tmp_path, engine, [], free_port()).type(text)
