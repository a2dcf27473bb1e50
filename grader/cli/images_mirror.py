"""`workshop images mirror`: serve base images to a room from one machine. The registry server is not ours."""

import socket
import sys
from collections.abc import Sequence

import click

from grader.base_images.mirror_images import publish
from grader.base_images.mirror_server import find_server, serving
from grader.base_images.prepare import PrepareEvent, prepare
from grader.base_images.registry import Registry
from grader.called import called
from grader.cli.chosen_images import images_of
from grader.cli.packs_option import with_packs
from grader.engine.connection import connect
from grader.errors import ExitCode
from grader.exercise.model import Pack

LISTEN = "127.0.0.1:5000"
_EVERYWHERE = ("", "0.0.0.0", "[::]")  # noqa: S104 - compared only
_ELSEWHERE = ("192.0.2.1", 9)
"""An address that is nobody's (RFC 5737): asking for the way there sends nothing."""


@click.command(
    "mirror",
    short_help="Serve base images to a room from this machine.",
    epilog=f"Example: {called()} images mirror --listen 0.0.0.0:5000",
)
@click.argument("exercises", nargs=-1)
@click.option(
    "--listen",
    default=LISTEN,
    show_default=True,
    metavar="ADDRESS:PORT",
    help="Where to serve; 0.0.0.0:PORT for the room.",
)
@click.option("--into", metavar="HOST:PORT", help="Fill a registry that runs already, and serve nothing.")
@with_packs
def mirror_images(exercises: tuple[str, ...], listen: str, into: str | None, packs: Sequence[Pack]) -> int:
    """Serve the base images of EXERCISES (all if none is named) to other machines until Ctrl-C.

    They are prepared first, and what the mirror has already is not copied again. While it serves, nobody can change it.
    """
    references = images_of(exercises, packs)
    if into:
        registry = Registry(into)
        _fill(registry, references)
        click.echo(_advice(registry.address))
        return ExitCode.PASSED
    address = _checked(listen)
    program = find_server(lambda line: click.echo(line, err=True))
    # It can be written to from this machine only, and by the time the room sees it by nobody.
    with serving(program, f"127.0.0.1:{address.rpartition(':')[2]}", read_only=False) as server:
        count = _fill(server.registry, references)
    with serving(program, address, read_only=True) as server:
        click.echo(f"Serving {count} image{'s' if count != 1 else ''} at {address}, read-only; Ctrl-C ends it.")
        click.echo(_advice(_address_for_others(address)))
        server.wait()
    return ExitCode.PASSED


def _fill(registry: Registry, references: Sequence[str]) -> int:
    """Copy what is missing; return how many images there are."""
    from grader.reports.progress import ProgressView

    engine = connect()
    try:
        with ProgressView(sys.stderr) as view:
            prepared = prepare(engine, references, view.on_prepare)
            for image in prepared.images:

                def tell(done: int, total: int, reference: str = image.reference) -> None:
                    view.on_prepare(PrepareEvent(reference, "copying it into the mirror", done, total))

                publish(engine, registry, image.reference, tell)
    finally:
        engine.close()
    return len(prepared.images)


def _checked(listen: str) -> str:
    host, colon, port = listen.rpartition(":")
    if not colon or not port.isdigit() or not 0 < int(port) < 1 << 16:
        raise click.UsageError(f"--listen {listen}: write it as ADDRESS:PORT, such as {LISTEN} or 0.0.0.0:5000.")
    return f"{host}:{port}"


def _address_for_others(listen: str) -> str:
    """Return the address at which other machines most likely reach what listens at `listen`."""
    host, _, port = listen.rpartition(":")
    if host not in _EVERYWHERE:
        return listen
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            probe.connect(_ELSEWHERE)
            host = str(probe.getsockname()[0])
    except OSError:
        host = socket.gethostname()
    return f"{host}:{port}"


def _advice(address: str) -> str:
    return f"On each learner's machine: export WORKSHOP_MIRROR={address}"
