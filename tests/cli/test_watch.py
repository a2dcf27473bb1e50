"""The loop around the verdict, with no engine at all: findings, keys, saves, and how it ends. A verdict is an error."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.running import Workshop
from tests.cli.watched import Watched, watching

TYPO = "ARG GO=1.26\nFROM golang:${GO} AS builder\nRUN echo $GO\nFROM scratch\nCOPY --from=bilder /app /app\n"


@pytest.fixture
def workspace(workshop: Workshop, tmp_path: Path) -> Path:
    """A workspace with every exercise."""
    assert workshop("init", tmp_path / "work").code == 0
    return tmp_path / "work"


@pytest.fixture
def nowhere(tmp_path: Path) -> dict[str, str]:
    """An environment whose engine does not answer."""
    return {"WORKSHOP_ENGINE": f"unix://{tmp_path}/docker.sock"}


@pytest.fixture
def dockerfile(workspace: Path) -> Path:
    """The file that is watched."""
    return workspace / "exercises" / "02-go-multi-stage" / "Dockerfile"


@pytest.fixture
def on_terminal(workspace: Path, nowhere: dict[str, str]) -> Iterator[Watched]:
    """`workshop watch 02` on a terminal."""
    with watching("02", cwd=workspace, env=nowhere, on_terminal=True) as watched:
        yield watched


@pytest.fixture
def in_a_pipe(workspace: Path, nowhere: dict[str, str]) -> Iterator[Watched]:
    """`workshop watch 02 --poll` whose output is read by a program, and which has no keys."""
    with watching("02", "--poll", cwd=workspace, env=nowhere, on_terminal=False) as watched:
        yield watched


def test_a_save_brings_findings_at_once_and_a_verdict_after(in_a_pipe: Watched, dockerfile: Path) -> None:
    """The unknown stage and the argument that the stage cannot see, each with its line, before anything is built."""
    in_a_pipe.wait_for("no score")
    dockerfile.write_text(TYPO)
    shown = in_a_pipe.wait_for("COPY --from bilder")
    assert "did you mean builder?" in shown
    assert "`ARG GO`" in shown
    assert "ERROR" not in shown
    in_a_pipe.wait_for("no score")
    assert b"\x1b" not in in_a_pipe.seen
    assert b"Traceback" not in in_a_pipe.seen


def test_a_file_that_is_gone_is_waited_for(in_a_pipe: Watched, dockerfile: Path) -> None:
    """And it is checked as soon as it is back."""
    in_a_pipe.wait_for("no score")
    text = dockerfile.read_text()
    dockerfile.unlink()
    in_a_pipe.wait_for("There is no Dockerfile")
    dockerfile.write_text(text)
    in_a_pipe.wait_for("no score")


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_an_interruption_ends_it_in_one_line(in_a_pipe: Watched, how: int) -> None:
    """No traceback, and the exit code that interruptions have."""
    in_a_pipe.wait_for("no score")
    assert in_a_pipe.end(how) == 130
    assert b"interrupted." in in_a_pipe.seen
    assert b"Traceback" not in in_a_pipe.seen


def test_keys_ask_for_a_hint_a_check_the_next_exercise_and_the_end(on_terminal: Watched) -> None:
    """Each is named below the report; q ends it well."""
    on_terminal.wait_for("quit")
    on_terminal.press("h")
    on_terminal.wait_for("Hint 1 of ")
    on_terminal.press("\x1b[A")  # an arrow is no key
    on_terminal.press("r")
    on_terminal.wait_for("Stages")
    on_terminal.wait_for("no score")
    on_terminal.press("n")
    on_terminal.wait_for("02 is not passed yet. Press n again")
    on_terminal.press("h")  # whoever stays is asked again
    on_terminal.wait_for("Hint 2 of ")
    on_terminal.press("n")
    on_terminal.wait_for("02 is not passed yet.")
    on_terminal.press("n")
    on_terminal.wait_for("03-go-scratch/Dockerfile")
    on_terminal.wait_for("no score")
    on_terminal.press("q")
    assert on_terminal.exit_code() == 0
    assert b"Traceback" not in on_terminal.seen


def test_p_goes_back_to_the_exercise_before(on_terminal: Watched) -> None:
    """To the one that was watched before, else to the one with the number before."""
    on_terminal.wait_for("back")
    on_terminal.press("n")
    on_terminal.press("n")
    on_terminal.wait_for("03-go-scratch/Dockerfile")
    on_terminal.wait_for("back")
    on_terminal.press("p")
    on_terminal.wait_for("02-go-multi-stage/Dockerfile")
    on_terminal.wait_for("back")
    on_terminal.press("p")
    on_terminal.wait_for("01-go-single-stage/Dockerfile")
    on_terminal.wait_for("back")
    on_terminal.press("q")
    assert on_terminal.exit_code() == 0


def test_an_exercise_that_is_passed_is_left_without_a_question(on_terminal: Watched, workspace: Path) -> None:
    """There is nothing to lose."""
    on_terminal.wait_for("back")
    passed = (
        '{"go-multi-stage": {"best_score": 1, "max_score": 1, "passed_at": "2026-03-04T09:26:53+00:00", "checks": 1}}'
    )
    (workspace / ".workshop" / "progress.json").write_text(passed)
    on_terminal.press("n")
    assert "not passed yet" not in on_terminal.wait_for("03-go-scratch/Dockerfile")


def test_ctrl_c_and_a_closed_terminal_end_it(on_terminal: Watched, nowhere: dict[str, str], workspace: Path) -> None:
    """Both come from the terminal itself, while a grading is running or after."""
    on_terminal.wait_for("quit")
    on_terminal.press("\x03")
    assert on_terminal.exit_code() in (130, -signal.SIGINT)
    with watching("02", cwd=workspace, env=nowhere, on_terminal=True) as closed:
        closed.wait_for("Stages")
        assert closed.end(signal.SIGHUP) in (130, -signal.SIGINT)


def test_the_terminal_is_given_back_as_it_was(workspace: Path, nowhere: dict[str, str]) -> None:
    """What the learner types afterwards is shown again, a line at a time."""
    import termios

    with watching("02", cwd=workspace, env=nowhere, on_terminal=True) as watched:
        watched.wait_for("02 Two stages")
        descriptor = watched._keys  # noqa: SLF001 - the terminal itself is what is looked at
        assert descriptor is not None
        watched.wait_for("quit")
        during = termios.tcgetattr(descriptor)[3]
        assert not during & termios.ECHO
        watched.press("q")
        watched.process.wait(60)
        after = termios.tcgetattr(descriptor)[3]
        assert after & termios.ECHO
        assert after & termios.ICANON


def test_a_folder_without_exercises_is_a_usage_error(tmp_path: Path) -> None:
    """One line says how to lay one out."""
    (tmp_path / ".workshop").mkdir()
    (tmp_path / ".workshop" / "workspace").touch()
    with watching("02", cwd=tmp_path, on_terminal=False) as watched:
        assert watched.exit_code() == 2
    assert b"`workshop init " in watched.seen
    assert b"Traceback" not in watched.seen


def test_no_process_stays_behind(on_terminal: Watched) -> None:
    """The grading's own process ends with the watch that began it."""
    on_terminal.wait_for("starting")
    children = _descendants(on_terminal.process.pid)
    on_terminal.press("q")
    assert on_terminal.exit_code() == 0
    assert not [pid for pid in children if Path(f"/proc/{pid}").exists()]


def _descendants(pid: int) -> list[int]:
    found = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in map(int, task.read_text().split()):
            found += [child, *_descendants(child)]
    assert os.getpid() not in found
    return found
