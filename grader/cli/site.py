"""`workshop site`: lessons and documents as pages to read, from a folder or from this machine's own server."""

import os
import webbrowser
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import click

from grader.called import WRITTEN, called
from grader.cli.packs_option import with_packs
from grader.exercise.catalogue import content_root
from grader.exercise.model import Pack
from grader.exercise.workspace import STATE, find_workspace
from grader.site.build import build_site, write_site
from grader.site.serving import listening

_MOST_PORTS = 65535


@click.command("site", epilog=f"Example: {called()} site --open")
@click.option(
    "--output",
    "-o",
    type=click.Path(path_type=Path, file_okay=False),
    help="The folder for the pages (default: .workshop/site in this workspace).",
)
@click.option("--open", "is_opened", is_flag=True, help="Open the first page in your browser.")
@click.option(
    "--serve",
    type=click.IntRange(0, _MOST_PORTS),
    metavar="PORT",
    help="Serve the pages to this machine until Ctrl-C; 0 takes any free port.",
)
@with_packs
def command(output: Path | None, serve: int | None, *, is_opened: bool, packs: Sequence[Pack]) -> int:
    """Make a site of the lessons and documents: it needs no network, and no server either."""
    folder = output or find_workspace() / STATE / "site"
    pages = build_site(packs, name=_name())
    write_site(pages, folder)
    first = (folder / "index.html").resolve()
    click.echo(f"{len(pages)} pages: {first}")
    if serve is not None:
        _serve(folder, serve, is_opened=is_opened)
    elif is_opened and not webbrowser.open(first.as_uri()):
        click.echo("No browser could be opened; open the file named above.", err=True)
    return 0


def _name() -> str:
    """Return what readers of the pages type, who are in another folder: a path that was typed here would be wrong."""
    if os.sep not in called():
        return called()
    return WRITTEN if (content_root() / WRITTEN).is_file() else Path(WRITTEN).name


def _serve(folder: Path, port: int, *, is_opened: bool) -> None:
    with listening(folder, port) as server:
        address = f"http://127.0.0.1:{server.server_port}/"
        click.echo(f"Serving on {address} for this machine; Ctrl-C ends it.")
        if is_opened:
            webbrowser.open(address)
        with suppress(KeyboardInterrupt):
            server.serve_forever()
    click.echo("Stopped.")
