"""`workshop images`: base images, shown, prepared, and carried from one machine to another in a bundle.

The mirror that serves them to a room is `images_mirror.py`.
"""

import sys
from collections.abc import Sequence
from pathlib import Path

import click

from grader.base_images.memory import Memory
from grader.base_images.prepare import PrepareEvent, gather, load_bundle, prepare, say_lacking
from grader.base_images.search import Lack, Unknown, origin_of
from grader.called import called
from grader.cli.chosen_images import images_of
from grader.cli.images_mirror import mirror_images
from grader.cli.packs_option import with_packs
from grader.engine.client import Engine
from grader.engine.connection import connect
from grader.errors import BaseImageUnavailableError, ExitCode
from grader.exercise.catalogue import all_exercises, shortest_name
from grader.exercise.model import Pack
from grader.verdict import BaseImage


@click.group("images")
def command() -> None:
    """Show or prepare the base images that exercises start from.

    The workshop looks for each in the engine, the room's mirror, a registry and a bundle. If it is nowhere, a stand-in
    is made here: an image that behaves like it.
    """


@command.command("list", short_help="Show each base image and where it came from.")
@with_packs
def list_images(packs: Sequence[Pack]) -> int:
    """Show each base image: whether the engine has it and from where, and which exercises start from it."""
    engine = connect()
    memory = Memory(engine.host)
    users: dict[str, list[str]] = {}
    for exercise in all_exercises(packs):
        for reference in exercise.base_images:
            users.setdefault(reference, []).append(shortest_name(exercise, packs))
    found = {reference: engine.inspect_image(reference) for reference in users}
    engine.close()
    width = max((len(reference) for reference in users), default=0)
    for reference, numbers in users.items():
        image = found[reference]
        state, size = (origin_of(image, memory).value, _megabytes(image.size)) if image else ("not here yet", "")
        who = f"exercise{'s' if len(numbers) > 1 else ''} {', '.join(numbers)}"
        click.echo(f"{reference:<{width}}  {state:<12}  {size:>8}  {who}")
    return ExitCode.PASSED


@command.command("prepare", short_help="Get the base images of exercises.")
@click.argument("exercises", nargs=-1)
@with_packs
def prepare_images(exercises: tuple[str, ...], packs: Sequence[Pack]) -> int:
    """Get the base images of EXERCISES (slugs or numbers; all if none is named)."""
    from grader.reports.progress import ProgressView

    engine = connect()
    # Whoever asks by hand may just have fixed the network.
    Memory(engine.host).forget_silence()
    with ProgressView(sys.stderr) as view:
        wanted = images_of(exercises, packs)
        found = gather(engine, wanted, view.on_prepare, wanted)
    width = max((len(answer.reference) for answer in found), default=0)
    for answer in found:
        if isinstance(answer, BaseImage):
            click.echo(f"{answer.reference:<{width}}  {answer.origin.value:<8}  {answer.id}")
    for answer in found:
        if isinstance(answer, Unknown):
            click.echo(f"{answer.reference}: its registry has no such image", err=True)
    lacking = [answer for answer in found if isinstance(answer, Lack)]
    if lacking:
        raise BaseImageUnavailableError(say_lacking(lacking))
    return ExitCode.MACHINE if any(isinstance(answer, Unknown) for answer in found) else ExitCode.PASSED


@command.command(
    "save",
    short_help="Write base images into a file for other machines.",
    epilog=f"Example: {called()} images save room.tar",
)
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.argument("exercises", nargs=-1)
@with_packs
def save_images(file: Path, exercises: tuple[str, ...], packs: Sequence[Pack]) -> int:
    """Write the base images of EXERCISES (all if none is named) into FILE, and its checksum next to it.

    They are prepared first. A save that broke off goes on where it stopped when it is called again. Carry both files to
    machines without a network and run `images load FILE` there.
    """
    from grader.base_images.bundle_writing import draft_file, write_bundle
    from grader.reports.progress import ProgressView

    engine = connect()
    try:
        with ProgressView(sys.stderr) as view:
            wanted = images_of(exercises, packs)
            prepared = prepare(engine, wanted, view.on_prepare, wanted)
            sizes = {image.reference: _size(engine, image.reference) for image in prepared.images}

            def tell(reference: str, done: int) -> None:
                total = sizes[reference]
                view.on_prepare(PrepareEvent(reference, "writing it", min(done, total), total))

            size = write_bundle(file, {image.reference: image.id for image in prepared.images}, engine.save, tell)
    except KeyboardInterrupt:
        if not draft_file(file).exists():
            raise
        click.echo("workshop: interrupted; run the same command again to continue.", err=True)
        return ExitCode.INTERRUPTED
    finally:
        engine.close()
    count = len(prepared.images)
    click.echo(f"{file}: {count} image{'s' if count != 1 else ''}, {_megabytes(size)}; its checksum is next to it.")
    return ExitCode.PASSED


@command.command("load", short_help="Load the base images of such a file.")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True))
def load_images(file: Path) -> int:
    """Load every base image of the bundle FILE into the engine, after checking its checksum.

    Images that are already there are skipped, so a load that was interrupted continues.
    """
    from grader.reports.progress import ProgressView

    engine = connect()
    try:
        with ProgressView(sys.stderr) as view:
            images = load_bundle(engine, file, view.on_prepare)
    finally:
        engine.close()
    for image in images:
        click.echo(f"{image.reference}  {image.origin.value}  {image.id}")
    return ExitCode.PASSED


command.add_command(mirror_images)


def _size(engine: Engine, reference: str) -> int:
    image = engine.inspect_image(reference)
    return image.size if image else 0


def _megabytes(size: int) -> str:
    return f"{size / 1e6:.1f} MB"
