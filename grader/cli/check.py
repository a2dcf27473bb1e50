"""`workshop check`: grade one submission and print the verdict."""

import sys
from collections.abc import Sequence
from pathlib import Path

import click

from grader.called import called
from grader.cli.packs_option import with_packs
from grader.cli.writing import is_read_on_terminal, takes_unicode, wants_color, width, write
from grader.errors import ExitCode
from grader.exercise.catalogue import shortest_name
from grader.exercise.choosing import choose_with, hand_in_folder
from grader.exercise.model import Pack
from grader.exercise.workspace import nonce_key
from grader.grading.grade import BUILD_DEADLINE, GradeRequest, grade
from grader.learner.progress import remember_verdict
from grader.learner.starter_size import remember_starter_size, starter_image, starter_size
from grader.verdict import Status, Verdict

FORMATS = ("terminal", "html", "json", "junit")
_CODES = {Status.PASSED: ExitCode.PASSED, Status.FAILED: ExitCode.FAILED, Status.ERROR: ExitCode.MACHINE}


@click.command("check", epilog=f"Example: {called()} check 02 --format json --output verdict.json")
@click.argument("exercise", required=False)
@click.option(
    "--submission",
    "-s",
    type=click.Path(path_type=Path),
    help="Your Dockerfile, or the folder that contains it (default: the exercise's own folder in this workspace).",
)
@click.option("--format", "-f", "style", type=click.Choice(FORMATS), default="terminal", show_default=True)
@click.option("--output", "-o", type=click.Path(path_type=Path, dir_okay=False), help="Write the report to this file.")
@click.option(
    "--build-deadline",
    type=click.FloatRange(min=1),
    default=BUILD_DEADLINE,
    show_default=True,
    metavar="SECONDS",
    help="How long the steps of a build may run; time in which other programs have the CPUs does not count.",
)
@click.option(
    "--criterion",
    "-c",
    "criteria",
    multiple=True,
    metavar="ID",
    help="Check only this criterion (repeatable): only what it needs is built, and the score is not counted.",
)
@click.option(
    "--label", metavar="TEXT", default="", help="Whose answer it is: the report and its JSON and JUnit say it."
)
@click.option("--full", is_flag=True, help="Show all there is to say; on a terminal, the report is short without it.")
@click.option("--quiet", "-q", is_flag=True, help="Show no progress.")
@with_packs
def command(
    exercise: str | None,
    submission: Path | None,
    style: str,
    output: Path | None,
    build_deadline: float,
    criteria: tuple[str, ...],
    label: str,
    *,
    full: bool,
    quiet: bool,
    packs: Sequence[Pack],
) -> int:
    """Build your answer to EXERCISE (its slug, its number or a path to it), examine the result, and grade it.

    Without EXERCISE it is the one in whose folder you are.

    The report goes to standard output, progress to standard error. The best score of your own folder is remembered:
    the command `list` shows it.
    """
    chosen = choose_with(exercise, submission, packs)
    found, workspace = chosen.exercise, chosen.workspace
    folder = hand_in_folder(found, submission) if submission else chosen.submission
    request = GradeRequest(
        exercise=found,
        submission=folder,
        nonce_key=nonce_key(workspace),
        starter_size=starter_size(workspace, found),
        before=starter_image(workspace, found, folder),
        build_deadline=build_deadline,
        criteria=criteria,
        label=label.strip(),
    )
    verdict = grade_with_progress(request, quiet=quiet)
    try:
        show(verdict, style, output, full=full or not is_read_on_terminal(output), name=shortest_name(found, packs))
    finally:
        remember_starter_size(workspace, found, folder, verdict)
        remember_verdict(workspace, found, folder, verdict)
    return _CODES[verdict.status]


def grade_with_progress(request: GradeRequest, *, quiet: bool = False) -> Verdict:
    """Grade, showing on standard error what is going on."""
    from grader.reports.progress import ProgressView

    with ProgressView(sys.stderr, quiet=quiet) as view:
        return grade(request, view.on_event)


def show(verdict: Verdict, style: str, output: Path | None, *, full: bool = True, name: str = "") -> None:
    """Render the verdict and write it to `output`, or to standard output. `name` is what to type for the exercise."""
    colored = style == "terminal" and wants_color(output)
    closing = closing_words(verdict, name, is_full=full) if name else ""
    write(_render(verdict, style, output, full=full, closing=closing), output, is_colored=colored)


def closing_words(verdict: Verdict, name: str, *, is_full: bool) -> str:
    """Say what to type after this verdict on the exercise `name`."""
    if verdict.status is Status.PASSED:
        return f"`{called()} next` goes on; `{called()} solution {name}` shows the model answer."
    return "" if is_full else f"`{called()} check {name} --full` shows everything."


def _render(verdict: Verdict, style: str, output: Path | None, *, full: bool, closing: str) -> str:
    if style == "html":
        from grader.reports import html

        return html.render(verdict)
    if style == "json":
        from grader.reports import json_report

        return json_report.render(verdict)
    if style == "junit":
        from grader.reports import junit

        return junit.render(verdict)
    from grader.reports import terminal

    return terminal.render(
        verdict,
        width=width(),
        color=wants_color(output),
        unicode=takes_unicode(output),
        full=full,
        closing=closing,
    )
