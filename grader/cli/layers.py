"""`workshop layers`: which instruction of an image added which bytes, and which of them later layers hide."""

import sys
from collections.abc import Sequence
from pathlib import Path

import click

from grader.called import called
from grader.cli.packs_option import with_packs
from grader.cli.writing import takes_unicode, wants_color, width, write
from grader.engine.connection import connect
from grader.errors import ExitCode, UsageError
from grader.exercise.model import Pack
from grader.exercise.workspace import default_submission, find_workspace, nonce_key
from grader.image.weights import Weighed
from grader.learner.starter_size import starter_size
from grader.weighing import find_subject, weigh_image, weigh_submission

FORMATS = ("terminal", "html", "json")


@click.command(
    "layers", epilog=f"Examples: {called()} layers 02    {called()} layers golang:1.26 --format html -o go.html"
)
@click.argument("subject", metavar="EXERCISE|IMAGE")
@click.option(
    "--submission",
    "-s",
    type=click.Path(path_type=Path),
    help="The folder that contains your Dockerfile (default: the exercise's own folder in this workspace).",
)
@click.option("--format", "-f", "style", type=click.Choice(FORMATS), default="terminal", show_default=True)
@click.option("--output", "-o", type=click.Path(path_type=Path, dir_okay=False), help="Write the report to this file.")
@click.option("--quiet", "-q", is_flag=True, help="Show no progress.")
@with_packs
def command(
    subject: str, submission: Path | None, style: str, output: Path | None, *, quiet: bool, packs: Sequence[Pack]
) -> int:
    """Show what each layer of an image weighs: what added it, its heaviest paths, what later layers hide.

    EXERCISE (its slug or number) builds your answer to it, without grading; IMAGE is any that your engine has.
    """
    weighed = _weigh(subject, submission, packs, quiet=quiet)
    colored = style == "terminal" and wants_color(output)
    write(_render(weighed, style, output), output, is_colored=colored)
    return ExitCode.PASSED


def _weigh(subject: str, submission: Path | None, packs: Sequence[Pack], *, quiet: bool) -> Weighed:
    from contextlib import closing

    from grader.reports.progress import ProgressView

    with closing(connect()) as engine:
        found = find_subject(engine, subject, packs)
        if isinstance(found, str):
            if submission:
                raise UsageError(f"`{subject}` is an image: --submission goes with an exercise.")
            with ProgressView(sys.stderr, quiet=quiet) as view:
                return weigh_image(engine, found, view.on_event)
    workspace = find_workspace()
    folder = submission or default_submission(found, workspace)
    with ProgressView(sys.stderr, quiet=quiet) as view:
        return weigh_submission(found, folder, nonce_key(workspace), starter_size(workspace, found), view.on_event)


def _render(weighed: Weighed, style: str, output: Path | None) -> str:
    if style == "html":
        from grader.reports import layers_html

        return layers_html.render(weighed)
    if style == "json":
        from grader.reports import layers_json

        return layers_json.render(weighed)
    from grader.reports import layers_terminal

    return layers_terminal.render(weighed, width=width(), color=wants_color(output), unicode=takes_unicode(output))
