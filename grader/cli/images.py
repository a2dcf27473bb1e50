"""`workshop images`: base images, shown, prepared, and carried from one machine to another in a bundle."""

import sys
from pathlib import Path

import click

from grader.base_images.memory import Memory
from grader.base_images.prepare import PrepareEvent, gather, load_bundle, prepare, say_lacking
from grader.base_images.search import Lack, Unknown, origin_of
from grader.engine.client import Engine
from grader.engine.connection import connect
from grader.errors import BaseImageUnavailableError, ExitCode
from grader.exercise.catalogue import all_exercises, find_exercise
from grader.verdict import BaseImage


@click.group("images")
def command() -> None:
    """Show or prepare the base images that exercises start from.

    Each is looked for in the engine, a registry, a bundle, and made here as a stand-in if it is nowhere else to be had.
    """


@command.command("list")
def list_images() -> int:
    """Show each base image: whether the engine has it and from where, and which exercises start from it."""
    engine = connect()
    users: dict[str, list[str]] = {}
    for exercise in all_exercises():
        for reference in exercise.base_images:
            users.setdefault(reference, []).append(f"{exercise.number:02}")
    width = max((len(reference) for reference in users), default=0)
    for reference, numbers in users.items():
        state = _state(engine, reference)
        click.echo(f"{reference:<{width}}  {state:<12}  exercise{'s' if len(numbers) > 1 else ''} {', '.join(numbers)}")
    return ExitCode.PASSED


@command.command("prepare")
@click.argument("exercises", nargs=-1)
def prepare_images(exercises: tuple[str, ...]) -> int:
    """Get the base images of EXERCISES (slugs or numbers; all if none is named)."""
    from grader.reports.progress import ProgressView

    engine = connect()
    # Whoever asks by hand may just have mended the network.
    Memory(engine.host).forget_silence()
    with ProgressView(sys.stderr) as view:
        found = gather(engine, _references(exercises), view.on_prepare)
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


@command.command("save", epilog="Example: workshop images save room.tar")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.argument("exercises", nargs=-1)
def save_images(file: Path, exercises: tuple[str, ...]) -> int:
    """Write the base images of EXERCISES (all if none is named) into FILE, and its checksum beside it.

    They are prepared first. Carry both files to machines without a network and run `workshop images load FILE` there.
    """
    from grader.base_images.bundle import write_bundle
    from grader.reports.progress import ProgressView

    engine = connect()
    with ProgressView(sys.stderr) as view:
        prepared = prepare(engine, _references(exercises), view.on_prepare)
        references = [image.reference for image in prepared.images]
        size = write_bundle(
            file, references, engine.save, lambda reference: view.on_prepare(PrepareEvent(reference, "writing it"))
        )
    click.echo(f"{file}: {len(references)} images, {size / 1e6:.0f} MB; its checksum is beside it.")
    return ExitCode.PASSED


@command.command("load")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True))
def load_images(file: Path) -> int:
    """Load every base image of the bundle FILE into the engine, once its checksum is seen to be right."""
    for image in load_bundle(connect(), file):
        click.echo(f"{image.reference}  {image.origin.value}  {image.id}")
    return ExitCode.PASSED


def _references(exercises: tuple[str, ...]) -> tuple[str, ...]:
    chosen = [find_exercise(name) for name in exercises] or list(all_exercises())
    return tuple(dict.fromkeys(reference for exercise in chosen for reference in exercise.base_images))


def _state(engine: Engine, reference: str) -> str:
    image = engine.inspect_image(reference)
    return origin_of(image, Memory(engine.host)).value if image else "not here yet"
