"""`workshop images`: base images, shown and prepared."""

import sys

import click

from grader.base_images.prepare import prepare
from grader.engine.connection import connect
from grader.exercise.catalogue import all_exercises, find_exercise


@click.group("images")
def command() -> None:
    """Show or prepare the base images that exercises start from.

    Each is looked for in the engine, a registry, a bundle, and made here as a stand-in if it is nowhere else to be had.
    """


@command.command("list")
def list_images() -> int:
    """Show each base image, which exercises start from it, and whether the engine has it."""
    engine = connect()
    users: dict[str, list[str]] = {}
    for exercise in all_exercises():
        for reference in exercise.base_images:
            users.setdefault(reference, []).append(f"{exercise.number:02}")
    width = max(len(reference) for reference in users)
    for reference, numbers in users.items():
        inspection = engine.inspect_image(reference)
        stand_in = inspection is not None and "workshop.stand-in" in dict(inspection.labels)
        state = "stand-in" if stand_in else "ready" if inspection else "not here yet"
        click.echo(f"{reference:<{width}}  {state:<12}  exercise {', '.join(numbers)}")
    return 0


@command.command("prepare")
@click.argument("exercises", nargs=-1)
def prepare_images(exercises: tuple[str, ...]) -> int:
    """Get the base images of EXERCISES (slugs or numbers; all if none is named)."""
    from grader.reports.progress import ProgressView

    chosen = [find_exercise(name) for name in exercises] or list(all_exercises())
    references = tuple(dict.fromkeys(reference for exercise in chosen for reference in exercise.base_images))
    engine = connect()
    with ProgressView(sys.stderr) as view:
        prepared = prepare(engine, references, view.on_prepare)
    for image in prepared.images:
        click.echo(f"{image.reference}  {image.origin.value}  {image.id}")
    for reference in prepared.unknown:
        click.echo(f"{reference}  the registry has no such image", err=True)
    return 3 if prepared.unknown else 0
