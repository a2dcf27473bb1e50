"""`workshop init`: lay out the exercises in a learner's folder."""

import shlex
from pathlib import Path

import click

from grader.cli.called import called
from grader.exercise.workspace import init_workspace


@click.command("init")
@click.argument("directory", type=click.Path(path_type=Path, file_okay=False))
def command(directory: Path) -> int:
    """Lay out every exercise in DIRECTORY; files that are there already are left as they are."""
    exercises = init_workspace(directory)
    first = exercises[0]
    click.echo(f"{len(exercises)} exercises are in {directory / 'exercises'}.")
    click.echo(f"Read {directory / 'exercises' / first.folder / 'README.md'}, edit the Dockerfile beside it, and run:")
    click.echo(f"  cd {shlex.quote(str(directory))} && {called(directory)} check {first.number:02}")
    return 0
