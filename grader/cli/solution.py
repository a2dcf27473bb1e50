"""`workshop solution`: the model answer and its reasons, for who has passed or insists."""

import sys
from collections.abc import Sequence
from pathlib import Path

import click

from grader.called import called, in_words_of
from grader.cli.nearby import nearby
from grader.cli.packs_option import with_packs
from grader.cli.writing import wants_color, width
from grader.errors import ExitCode
from grader.exercise.catalogue import shortest_name
from grader.exercise.choosing import choose
from grader.exercise.model import Exercise, Pack
from grader.learner.asking import has_asked, remember_asking
from grader.learner.hints import hints_seen
from grader.learner.progress import standing


@click.command("solution", epilog=f"Example: {called()} solution 02")
@click.argument("exercise", required=False)
@click.option("--yes", "-y", is_flag=True, help="Show it although you have not passed.")
@with_packs
def command(exercise: str | None, *, yes: bool, packs: Sequence[Pack]) -> int:
    """Show the model answer to EXERCISE (its slug, its number or a path to it) and its reasons, once you have passed.

    Before that you see what is left to try; ask a second time, and it is shown.
    Without EXERCISE it is the one in whose folder you are.
    """
    chosen = choose(exercise, packs)
    found, workspace = chosen.exercise, chosen.workspace
    if not (yes or standing(workspace, found).is_passed or has_asked(workspace, found)):
        remember_asking(workspace, found)
        click.echo(_not_yet(workspace, found, shortest_name(found, packs)), err=True)
        return ExitCode.FAILED
    text = in_words_of((found.solutions / "README.md").read_text(encoding="utf-8"), called())
    click.echo(_rendered(text))
    click.echo(f"The files are in {nearby(found.solutions)}.")
    return ExitCode.PASSED


def _not_yet(workspace: Path, exercise: Exercise, name: str) -> str:
    stands = standing(workspace, exercise)
    best = f"your best is {stands.best_score} of {stands.max_score} points" if stands.checks else "you have not tried"
    hints = len(exercise.hints) - hints_seen(workspace, exercise)
    left = f"{hints} hint{'s are' if hints > 1 else ' is'} left: `{called()} hint {name}`. " if hints else ""
    return (
        f"You have not passed {name} yet ({best}). {left}"
        f"To see the solution anyway, ask again: `{called()} solution {name}`."
    )


def _rendered(markdown: str) -> str:
    """Return the text as it is for files and pipes, laid out for a terminal."""
    if not sys.stdout.isatty():
        return markdown.rstrip("\n") + "\n"
    from rich.console import Console
    from rich.markdown import Markdown

    console = Console(width=width(), force_terminal=True, no_color=not wants_color(None), legacy_windows=False)
    with console.capture() as capture:
        console.print(Markdown(markdown, code_theme="ansi_dark", hyperlinks=False))
    return capture.get()
