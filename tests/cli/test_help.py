"""Help can be read to its end on a terminal of 80 columns."""

import click
import pytest

from grader.cli.commands import COMMANDS, LazyGroup, workshop


def pages() -> list[tuple[str, ...]]:
    """Every command, and every command of a group."""
    group = workshop
    assert isinstance(group, LazyGroup)
    found: list[tuple[str, ...]] = [()]
    for entry in COMMANDS:
        command = group.get_command(click.Context(group), entry.name)
        inside = command.list_commands(click.Context(command)) if isinstance(command, click.Group) else []
        found += [(entry.name,), *((entry.name, name) for name in inside)]
    return found


@pytest.mark.parametrize("words", pages(), ids=" ".join)
def test_no_line_of_help_is_cut(words: tuple[str, ...]) -> None:
    """A line that ends with three dots hides what a command does."""
    command: click.Command | None = workshop
    context = click.Context(workshop, info_name="workshop", terminal_width=80)
    for word in words:
        assert isinstance(command, click.Group)
        command = command.get_command(context, word)
        assert command is not None
        context = click.Context(command, context, info_name=word, terminal_width=80)
    assert command is not None
    lines = command.get_help(context).splitlines()
    assert [line for line in lines if line.endswith("...") and not line.startswith("Usage:")] == []
    assert [line for line in lines if len(line) > 80] == []
