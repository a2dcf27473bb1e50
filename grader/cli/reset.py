"""`workshop reset`: begin an exercise again, keeping what was there."""

import os
import sys
from collections.abc import Sequence

import click

from grader.called import called
from grader.cli.nearby import nearby
from grader.cli.packs_option import with_packs
from grader.errors import ExitCode, UsageError
from grader.exercise.catalogue import shortest_name
from grader.exercise.choosing import choose
from grader.exercise.model import Pack
from grader.learner.own_files import changed_files, reset_files


@click.command("reset", epilog=f"Example: {called()} reset 02 --yes")
@click.argument("exercise", required=False)
@click.option("--yes", "-y", is_flag=True, help="Do not ask.")
@with_packs
def command(exercise: str | None, *, yes: bool, packs: Sequence[Pack]) -> int:
    """Return your files of EXERCISE (its slug, its number or a path to it) to what was handed out.

    Only the files that you are meant to edit are touched; what they held is copied first, and it says where.
    Your progress stays. Without EXERCISE it is the one in whose folder you are.
    """
    chosen = choose(exercise, packs)
    found, workspace = chosen.exercise, chosen.workspace
    folder = chosen.own
    changed = changed_files(found, folder)
    if not changed:
        click.echo(f"{found.folder} is as it was handed out: nothing to do.")
        return ExitCode.PASSED
    if not yes:
        if not sys.stdin.isatty():
            raise UsageError(
                f"Say `{called()} reset {shortest_name(found, packs)} --yes`: there is nobody here to ask."
            )
        if not click.confirm(f"Return {', '.join(changed)} in {nearby(folder)} to what was handed out?", default=False):
            click.echo("Nothing was changed.")
            return ExitCode.FAILED
    kept = reset_files(found, folder, workspace)
    gone = [name for name in changed if not os.path.lexists(folder / name)]
    for name in changed:
        click.echo(f"{nearby(folder / name)} {'is removed' if name in gone else 'is as it was handed out'}.")
    if kept.is_dir() and any(kept.iterdir()):
        click.echo(f"What you had is in {nearby(kept)}.")
    return ExitCode.PASSED
