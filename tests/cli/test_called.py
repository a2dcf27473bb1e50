"""Messages name the kit as it was called, so that they can be typed as they are shown."""

import os
import sys
from pathlib import Path

import pytest

from grader.cli.called import LAUNCHED_AS, called


@pytest.fixture
def launcher(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A launcher in a clone, which is the current folder and on no path."""
    path = tmp_path / "workshop"
    path.touch(mode=0o755)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", "/nowhere")
    return path


@pytest.mark.parametrize("typed", ["./workshop", "../../workshop", "/opt/clone/workshop", "clone/workshop", "./ws"])
def test_a_path_is_named_as_it_was_typed(launcher: Path, monkeypatch: pytest.MonkeyPatch, typed: str) -> None:
    """The launcher hands on how it was called; the program that it starts has another name."""
    monkeypatch.setenv(LAUNCHED_AS, typed)
    monkeypatch.setattr(sys, "argv", ["/clone/.venv/bin/workshop"])
    assert called() == typed


def test_a_command_that_the_shell_finds_is_named_without_its_path(
    launcher: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Shells hand on the path at which they found it."""
    monkeypatch.delenv(LAUNCHED_AS, raising=False)
    monkeypatch.setenv("PATH", str(launcher.parent))
    monkeypatch.setattr(sys, "argv", [str(launcher)])
    assert called() == "workshop"


def test_a_name_without_a_path_that_the_shell_does_not_find_gets_one(
    launcher: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As after `sh workshop`."""
    monkeypatch.setenv(LAUNCHED_AS, "workshop")
    assert called() == "./workshop"


def test_a_path_with_a_blank_is_quoted(launcher: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The shell would read it as two words."""
    monkeypatch.setenv(LAUNCHED_AS, "/my clone/workshop")
    assert called() == "'/my clone/workshop'"


def test_a_module_that_python_runs_is_named_as_the_command(launcher: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`python -m grader.cli.main` is for developers."""
    monkeypatch.delenv(LAUNCHED_AS, raising=False)
    monkeypatch.setattr(sys, "argv", ["/clone/grader/cli/main.py"])
    assert called() == "workshop"


def test_a_relative_path_is_the_one_to_type_in_the_other_folder(
    launcher: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What `init` says is typed after `cd`."""
    monkeypatch.setenv(LAUNCHED_AS, "./workshop")
    assert called(Path("mine")) == os.path.join("..", "workshop")  # noqa: PTH118 - that text
    monkeypatch.setenv(LAUNCHED_AS, "/opt/workshop")
    assert called(Path("mine")) == "/opt/workshop"
