"""`workshop clean`: remove what crashed runs left on the engine."""

import click

from grader.engine.connection import connect
from grader.owners import remove_folders_of_the_gone


@click.command("clean")
def command() -> int:
    """Remove containers, images and temporary folders that the kit made and no running process owns.

    Base images, build cache and everything that is not the kit's stay.
    """
    folders = remove_folders_of_the_gone()  # these need no engine
    count = folders + connect().remove_leftovers()
    click.echo(f"Removed {count} leftover{'s' if count != 1 else ''}." if count else "Nothing was left behind.")
    return 0
