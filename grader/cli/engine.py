"""`workshop engine`: the private engine, for machines where no other one answers."""

import click

from grader.cli.docker_line import docker_line
from grader.engine import private


@click.group("engine")
def command() -> None:
    """Start, stop or show the kit's private container engine (Linux, as root).

    It has its own data, socket, bridge and address range, and never touches another engine.
    """


@command.command("up", short_help="Start it; install it first if none is there.")
def up() -> int:
    """Start it; where no engine is installed, install the distribution's own package first."""
    host = private.up(announce=lambda line: click.echo(line, err=True))
    click.echo(f"The private engine answers at {host}.")
    click.echo(docker_line(host))
    return 0


@command.command("down")
@click.option("--purge", is_flag=True, help="Also delete its images and build cache.")
def down(*, purge: bool) -> int:
    """Stop it; its images stay unless --purge is given."""
    private.down(announce=lambda line: click.echo(line, err=True), purge=purge)
    return 0


@command.command("status")
def status() -> int:
    """Show whether it runs, where, and what it takes on disk."""
    now = private.status()
    click.echo(f"private engine: {'running' if now.running else 'not running'}")
    for name in ("version", "pid", "host", "data_root"):
        value = getattr(now, name)
        if value:
            click.echo(f"  {name.replace('_', ' ')}: {value}")
    if now.running:
        click.echo(f"  processes allowed to builds and containers: {now.process_limit or 'any number'}")
    least = "" if now.disk_is_whole else "at least "
    click.echo(f"  disk: {least}{now.disk_bytes / 1e6:.0f} MB")
    return 0
