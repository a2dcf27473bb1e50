"""`workshop layers`: which instruction of an image added which bytes, and which of them later layers hide."""

import os
import sys
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import click

from grader.called import called
from grader.cli.packs_option import with_packs
from grader.cli.writing import takes_unicode, wants_color, width, write
from grader.engine.connection import connect
from grader.errors import ExitCode, UsageError
from grader.exercise.choosing import Chosen, choose_with, exercise_around, hand_in_folder
from grader.exercise.model import DOCKERFILE, Pack
from grader.exercise.workspace import find_workspace, nonce_key
from grader.image.weights import Weighed
from grader.learner.starter_size import starter_size
from grader.weighing import find_subject, weigh_image, weigh_submission

FORMATS = ("terminal", "html", "json")


@click.command(
    "layers", epilog=f"Examples: {called()} layers 02    {called()} layers golang:1.26 --format html -o go.html"
)
@click.argument("subject", metavar="EXERCISE|IMAGE", required=False)
@click.option(
    "--submission",
    "-s",
    type=click.Path(path_type=Path),
    help="Your Dockerfile, or the folder that contains it (default: the exercise's own folder in this workspace).",
)
@click.option("--format", "-f", "style", type=click.Choice(FORMATS), default="terminal", show_default=True)
@click.option("--output", "-o", type=click.Path(path_type=Path, dir_okay=False), help="Write the report to this file.")
@click.option("--quiet", "-q", is_flag=True, help="Show no progress.")
@with_packs
def command(
    subject: str | None, submission: Path | None, style: str, output: Path | None, *, quiet: bool, packs: Sequence[Pack]
) -> int:
    """Show what each layer of an image weighs: what added it, its heaviest paths, what later layers hide.

    EXERCISE (its slug, its number or a path to it) builds your answer to it, without grading; IMAGE is any that your
    engine has. Without either it is the exercise in whose folder you are.
    """
    weighed = _weigh(subject, submission, packs, quiet=quiet)
    colored = style == "terminal" and wants_color(output)
    write(_render(weighed, style, output), output, is_colored=colored)
    return ExitCode.PASSED


def _weigh(subject: str | None, submission: Path | None, packs: Sequence[Pack], *, quiet: bool) -> Weighed:
    from grader.reports.progress import ProgressView

    meant = _meant(subject, submission, packs)
    if isinstance(meant, str):
        if submission:
            raise UsageError(f"`{meant}` is an image: --submission goes with an exercise.")
        with closing(connect()) as engine, ProgressView(sys.stderr, quiet=quiet) as view:
            return weigh_image(engine, meant, view.on_event)
    found, workspace = meant.exercise, meant.workspace
    folder = hand_in_folder(found, submission) if submission else meant.submission
    with ProgressView(sys.stderr, quiet=quiet) as view:
        return weigh_submission(found, folder, nonce_key(workspace), starter_size(workspace, found), view.on_event)


def _meant(subject: str | None, submission: Path | None, packs: Sequence[Pack]) -> Chosen | str:
    """Return the exercise, or the name of an image."""
    if subject is None:
        return choose_with(None, submission, packs)
    is_path = (os.sep in subject or subject in (DOCKERFILE, ".", "..")) and os.path.lexists(subject)
    if is_path and (around := exercise_around(Path(subject), packs)):
        return around
    with closing(connect()) as engine:
        found = find_subject(engine, subject, packs)
    return found if isinstance(found, str) else Chosen(found, None, find_workspace())


def _render(weighed: Weighed, style: str, output: Path | None) -> str:
    if style == "html":
        from grader.reports import layers_html

        return layers_html.render(weighed)
    if style == "json":
        from grader.reports import layers_json

        return layers_json.render(weighed)
    from grader.reports import layers_terminal

    return layers_terminal.render(weighed, width=width(), color=wants_color(output), unicode=takes_unicode(output))
