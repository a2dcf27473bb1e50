"""`workshop clean`: remove what crashed runs left on the engine."""

import click

from grader.engine.connection import connect


@click.command("clean")
def command() -> int:
    """Remove containers and images that the kit made and no running process owns.

    Base images, build cache and everything that is not the kit's stay.
    """
    count = connect().remove_leftovers()
    click.echo(f"Removed {count} leftover{'s' if count != 1 else ''}." if count else "Nothing was left behind.")
    return 0
