"""The option `--pack`, before or after the name of a command, and the packs that a command works with."""

import os
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

import click

from grader.exercise.model import Pack

Command = Callable[..., Any]
HELP = "Add the exercises in this folder to the workshop's own (repeatable)."


def pack_option(command: Command) -> Command:
    """Let a command or the complete command line take `--pack`."""
    kind = click.Path(path_type=Path)
    return click.option("--pack", "pack_folders", multiple=True, type=kind, metavar="DIR", help=HELP)(command)


def with_packs(command: Command) -> Command:
    """Call the command with `packs`: those that the options, the environment, the workspace and packages name."""

    @pack_option
    @wraps(command)
    def call(*arguments: Any, pack_folders: tuple[Path, ...], **options: Any) -> Any:
        return command(*arguments, packs=packs_here(pack_folders), **options)

    return call


def packs_here(folders: tuple[Path, ...], workspace: Path | None = None) -> tuple[Pack, ...]:
    """Return the packs for a command that was given `folders` after its name, in `workspace` or the current one.

    Raises:
        UsageError: one of them is not there, or is no pack.

    """
    from grader.exercise.packs import find_packs
    from grader.exercise.workspace import find_workspace

    return find_packs(named_folders(folders), workspace or find_workspace(), os.environ)


def named_folders(folders: tuple[Path, ...]) -> tuple[Path, ...]:
    """Return the folders that were given before the name of the command, and those after it."""
    before: tuple[Path, ...] = click.get_current_context().find_root().params.get("pack_folders", ())
    return (*before, *folders)
