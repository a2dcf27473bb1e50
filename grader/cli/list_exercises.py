"""`workshop list`: the exercises in order."""

import click

from grader.exercise.catalogue import all_exercises


@click.command("list")
def command() -> int:
    """Show the exercises: number, slug, how long they take, and title."""
    exercises = all_exercises()
    width = max(len(exercise.slug) for exercise in exercises)
    for exercise in exercises:
        click.echo(f"{exercise.number:02}  {exercise.slug:<{width}}  {exercise.minutes:>3} min  {exercise.title}")
    return 0
