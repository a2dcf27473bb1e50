"""`workshop hint`: one hint at a time, from nudge to near-answer."""

import click

from grader.exercise.catalogue import find_exercise
from grader.exercise.workspace import find_workspace
from grader.learner.hints import forget_hints, hints_seen, take_hint


@click.command("hint", epilog="Example: workshop hint 02")
@click.argument("exercise")
@click.option("--again", is_flag=True, help="Show the hints that you have seen, and no new one.")
@click.option("--restart", is_flag=True, help="Begin again with the first hint.")
def command(exercise: str, *, again: bool, restart: bool) -> int:
    """Show the next hint for EXERCISE (its slug or number). The later ones come closer to the answer."""
    found = find_exercise(exercise)
    workspace = find_workspace()
    if restart:
        forget_hints(workspace, found)
    index = None if again else take_hint(workspace, found)
    total = len(found.hints)
    if index is not None:
        click.echo(f"Hint {index + 1} of {total}: {found.hints[index]}")
        return 0
    for number, hint in enumerate(found.hints[: hints_seen(workspace, found)], 1):
        click.echo(f"Hint {number} of {total}: {hint}")
    if not again:
        click.echo("That was the last hint. What each failed criterion says under `try` goes further.", err=True)
    return 0
