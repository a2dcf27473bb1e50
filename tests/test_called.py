"""Messages name the kit as it was called, so that they can be typed as they are shown."""

import ast
import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import grader
from grader.called import LAUNCHED_AS, called, handed_on
from grader.cli.commands import COMMANDS

GRADER = Path(grader.__file__).parent


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


def test_a_process_of_ours_says_the_same_name(launcher: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its own name is another one, as pytest's is."""
    monkeypatch.delenv(LAUNCHED_AS, raising=False)
    monkeypatch.setattr(sys, "argv", ["venv/bin/workshop"])
    assert handed_on() == {LAUNCHED_AS: "venv/bin/workshop"}
    monkeypatch.setattr(sys, "argv", ["/lib/ipykernel_launcher.py"])
    assert handed_on() == {}
    monkeypatch.setenv(LAUNCHED_AS, "../workshop")
    assert handed_on() == {LAUNCHED_AS: "../workshop"}


def test_every_message_says_the_name_that_was_typed() -> None:
    """A name that is written into a message is wrong for those who call the kit in another way."""
    commands = "|".join(entry.name for entry in COMMANDS)
    written = re.compile(rf"(?<![\w/-])(?:\./)?workshop (?:{commands})\b")
    found = [
        f"{path.relative_to(GRADER)}:{text.lineno}"
        for path in sorted(GRADER.rglob("*.py"))
        for text in _texts(ast.parse(path.read_text("utf-8")))
        if isinstance(text.value, str) and written.search(text.value)
    ]
    assert found == []


def _texts(module: ast.Module) -> Iterator[ast.Constant]:
    """All texts of a module but its own docstring and those of modules' variables."""
    for node in ast.walk(module):
        inside = ast.iter_child_nodes(node)
        yield from (each for each in inside if isinstance(each, ast.Constant) and not _is_comment(node, module))


def _is_comment(node: ast.AST, module: ast.Module) -> bool:
    return isinstance(node, ast.Expr) and node in module.body
