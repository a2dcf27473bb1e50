"""`workshop hint`: one hint at a time, from nudge to near-answer."""

from collections.abc import Sequence
from pathlib import Path

import click

from grader.called import called, in_words_of
from grader.cli.packs_option import with_packs
from grader.exercise.catalogue import shortest_name
from grader.exercise.choosing import choose
from grader.exercise.model import Exercise, Pack
from grader.learner.hints import forget_hints, hints_seen, take_hint

_LAST = "That was the last hint. What each failed criterion says under `try` goes further."


@click.command("hint", epilog=f"Example: {called()} hint 02")
@click.argument("exercise", required=False)
@click.option("--again", is_flag=True, help="Show the hints that you have seen, and no new one.")
@click.option("--restart", is_flag=True, help="Begin again with the first hint.")
@with_packs
def command(exercise: str | None, *, again: bool, restart: bool, packs: Sequence[Pack]) -> int:
    """Show the next hint for EXERCISE (its slug, its number or a path to it). The later ones come closer to the answer.

    Without EXERCISE it is the one in whose folder you are.
    """
    chosen = choose(exercise, packs)
    found, workspace = chosen.exercise, chosen.workspace
    if restart:
        forget_hints(workspace, found)
    if again:
        click.echo(
            "\n".join(hints_so_far(workspace, found))
            or f"You have seen none: `{called()} hint {shortest_name(found, packs)}`."
        )
        return 0
    click.echo(next_hint(workspace, found))
    return 0


def next_hint(workspace: Path, exercise: Exercise) -> str:
    """Return one more hint, which then counts as seen; once there is none left, all of them."""
    index = take_hint(workspace, exercise)
    if index is None:
        return "\n".join([*hints_so_far(workspace, exercise), _LAST])
    return _words(exercise, index)


def hints_so_far(workspace: Path, exercise: Exercise) -> list[str]:
    """Return the hints that were seen."""
    return [_words(exercise, index) for index in range(hints_seen(workspace, exercise))]


def _words(exercise: Exercise, index: int) -> str:
    hint = in_words_of(exercise.hints[index], called())
    return f"Hint {index + 1} of {len(exercise.hints)}: {hint}"
