"""`workshop init`: lay out the exercises in a learner's folder."""

import json
import shlex
from pathlib import Path

import click

from grader.called import called
from grader.cli.packs_option import pack_option, packs_here
from grader.cli.writing import write
from grader.exercise.catalogue import shortest_name
from grader.exercise.model import Pack
from grader.exercise.packs import FILE, OPTION
from grader.exercise.workspace import init_workspace


@click.command("init")
@click.argument("directory", type=click.Path(path_type=Path, file_okay=False))
@pack_option
def command(directory: Path, pack_folders: tuple[Path, ...]) -> int:
    """Lay out every exercise in DIRECTORY; files that are there already are left as they are.

    Packs that --pack names are written into DIRECTORY's workshop.toml, so that commands find them there.
    """
    packs = packs_here(pack_folders, directory)
    exercises = init_workspace(directory, packs)
    _keep(directory, [pack for pack in packs if pack.named_by == OPTION])
    first = exercises[0]
    click.echo(f"{len(exercises)} exercises are in {directory / 'exercises'}.")
    click.echo(f"Read {directory / 'exercises' / first.folder / 'README.md'}, edit the Dockerfile next to it, and run:")
    click.echo(f"  cd {shlex.quote(str(directory))} && {called(directory)} check {shortest_name(first, packs)}")
    return 0


def _keep(directory: Path, packs: list[Pack]) -> None:
    """Write the packs into the workspace's file; one that is there is the learner's own and stays as it is."""
    lines = [f"  {json.dumps(str(pack.root))},\n" for pack in packs]  # TOML's basic strings are JSON's
    if not lines:
        return
    file = directory / FILE
    text = f"[packs]\nfolders = [\n{''.join(lines)}]\n"
    if file.exists():
        click.echo(f"{file} stays as it is. Commands find the packs here if it has these lines:\n{text}")
    else:
        write(text, file)
