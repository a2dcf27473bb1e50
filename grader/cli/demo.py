"""`workshop demo`: one command from a fresh machine to two graded Dockerfiles."""

import click

from grader.called import called
from grader.cli.check import grade_with_progress, show
from grader.cli.docker_line import docker_line
from grader.cli.engine_needed import ensure_engine
from grader.errors import ExitCode
from grader.exercise.catalogue import find_exercise
from grader.exercise.workspace import find_workspace, nonce_key
from grader.grading.grade import GradeRequest
from grader.learner.starter_size import remember_starter_size, starter_image, starter_size
from grader.verdict import Status

SLUG = "go-multi-stage"


@click.command("demo")
def command() -> int:
    """Grade exercise 02 twice: its starter, which fails for good reasons, and its model answer, which passes.

    What is missing is made first: an engine where none answers (Linux, as root) and the base images.
    """
    host = ensure_engine()
    exercise = find_exercise(SLUG)
    workspace = find_workspace()
    statuses = []
    for name, folder in (
        ("the starter", exercise.solutions / "starter"),
        ("the model answer", exercise.solutions),
    ):
        click.echo(click.style(f"\n── Exercise {exercise.number:02}, {name}: {folder / 'Dockerfile'}\n", bold=True))
        click.echo("".join(f"    {line}\n" for line in (folder / "Dockerfile").read_text("utf-8").splitlines()))
        request = GradeRequest(
            exercise,
            folder,
            nonce_key(workspace),
            engine=host,
            starter_size=starter_size(workspace, exercise),
            before=starter_image(workspace, exercise, folder),
        )
        verdict = grade_with_progress(request)
        remember_starter_size(workspace, exercise, folder, verdict)
        show(verdict, "terminal", None)
        statuses.append(verdict.status)
    if Status.ERROR in statuses:
        return ExitCode.MACHINE
    if statuses != [Status.FAILED, Status.PASSED]:
        click.echo("The demo did not go as it should: the starter must fail and the model answer pass.", err=True)
        return ExitCode.MACHINE
    click.echo("That is how it goes: the starter failed with its reasons, the model answer passed.")
    click.echo(
        f"Your turn: `{called()} init DIR` or work right here in exercises/, beginning with 01 (`{called()} check 01`)."
    )
    if line := docker_line():
        click.echo(f"\n{line}")
    return ExitCode.PASSED
