"""`workshop next`: what to do now."""

from collections.abc import Sequence

import click

from grader.called import called
from grader.cli.docker_line import docker_line
from grader.cli.nearby import nearby
from grader.cli.packs_option import with_packs
from grader.exercise.catalogue import all_exercises, shortest_name
from grader.exercise.model import Pack
from grader.exercise.workspace import default_submission, find_workspace
from grader.learner.hints import hints_seen
from grader.learner.progress import next_exercise, standing


@click.command("next", epilog=f"Example: {called()} next")
@with_packs
def command(packs: Sequence[Pack]) -> int:
    """Show the first exercise that you have not passed: where its lesson and its Dockerfile are, and what to type."""
    workspace = find_workspace()
    exercises = all_exercises(packs)
    exercise = next_exercise(workspace, exercises)
    if exercise is None:
        click.echo(f"You have passed all {len(exercises)} exercises. `{called()} list` shows them.")
        return 0
    folder = default_submission(exercise, workspace)
    stands = standing(workspace, exercise)
    name = shortest_name(exercise, packs)
    click.echo(click.style(f"{exercise.number:02} {exercise.title}", bold=True) + f"  (about {exercise.minutes} min)\n")
    click.echo(f"  read   {nearby(folder / 'README.md')}")
    click.echo(f"  edit   {nearby(folder / 'Dockerfile')}")
    click.echo(f"  type   {called()} watch {name}   to have it checked whenever you save")
    click.echo(f"         {called()} check {name}   to have it checked once")
    click.echo(
        f"         {called()} hint {name}    if you are stuck ({hints_seen(workspace, exercise)} of "
        f"{len(exercise.hints)} hints seen)"
    )
    if stands.checks:
        click.echo(
            f"\nYour best so far: {stands.best_score} of {stands.max_score} points, in "
            f"{stands.checks} check{'s' if stands.checks > 1 else ''}."
        )
    if line := docker_line():
        click.echo(f"\n{line}")
    return 0
