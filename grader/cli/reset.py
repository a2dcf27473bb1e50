"""`workshop reset`: begin an exercise again, keeping what was there."""

import os
import sys
from collections.abc import Sequence

import click

from grader.called import called
from grader.cli.nearby import nearby
from grader.cli.packs_option import with_packs
from grader.errors import ExitCode, UsageError
from grader.exercise.catalogue import find_exercise
from grader.exercise.model import Pack
from grader.exercise.workspace import default_submission, find_workspace
from grader.learner.own_files import changed_files, reset_files


@click.command("reset", epilog=f"Example: {called()} reset 02 --yes")
@click.argument("exercise")
@click.option("--yes", "-y", is_flag=True, help="Do not ask.")
@with_packs
def command(exercise: str, *, yes: bool, packs: Sequence[Pack]) -> int:
    """Return your files of EXERCISE (its slug or number) to what was handed out.

    Only the files that you are meant to edit are touched; what they held is copied first, and it says where.
    Your progress stays.
    """
    found = find_exercise(exercise, packs)
    workspace = find_workspace()
    folder = default_submission(found, workspace)
    changed = changed_files(found, folder)
    if not changed:
        click.echo(f"{found.folder} is as it was handed out: nothing to do.")
        return ExitCode.PASSED
    if not yes:
        if not sys.stdin.isatty():
            raise UsageError(f"Say `{called()} reset {exercise} --yes`: there is nobody here to ask.")
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
