"""`workshop list`: the exercises in order, and how far the learner has come with each."""

import shutil
import sys
import textwrap
from collections.abc import Mapping, Sequence

import click

from grader.called import called
from grader.cli.nearby import nearby
from grader.cli.packs_option import with_packs
from grader.exercise.catalogue import all_exercises
from grader.exercise.model import Exercise, Pack
from grader.exercise.workspace import find_workspace, own_folder
from grader.learner.own_files import is_starter
from grader.learner.progress import Standing, standings

_MARKS = {"passed": ("✓", "+"), "best": ("▸", ">"), "begun": ("▸", ">"), "untouched": ("·", "-")}
_COLORS = {"passed": "green", "best": "yellow", "begun": "yellow", "untouched": "bright_black"}

_AROUND = 19
"""Columns of a line next to slug, state and title."""
_LEAST = 12
"""Columns of a title that are shown in any case."""


@click.command("list", epilog=f"Example: {called()} list. Then `{called()} next` says what to do now.")
@with_packs
def command(packs: Sequence[Pack]) -> int:
    """Show the exercises: number, slug, how far you have come, how long they take, and title. Packs come last.

    An exercise is passed, has a best score (of a check of your own folder), is begun (you changed a file and did not
    check it yet), or is untouched.
    """
    exercises = all_exercises(packs)
    workspace = find_workspace()
    known = standings(workspace, exercises)
    rows = []
    for exercise in exercises:
        folder = own_folder(exercise, workspace)
        is_changed = folder.is_dir() and not is_starter(exercise, folder)
        rows.append((exercise, *_state(known[exercise.slug], is_changed=is_changed)))
    names = max(len(exercise.slug) for exercise in exercises)
    states = max(len(words) for *_, words in rows)
    unicode = (sys.stdout.encoding or "").lower().startswith("utf")
    headings = {pack.root: f"\n{pack.name}  {nearby(pack.root)}" for pack in packs}
    for exercise, state, words in rows:
        if heading := headings.pop(exercise.root, ""):
            click.echo(heading)
        mark = click.style(f"{_MARKS[state][0 if unicode else 1]} {words:<{states}}", fg=_COLORS[state])
        room = _columns() - names - states - _AROUND if sys.stdout.isatty() else len(exercise.title)
        title = textwrap.shorten(exercise.title, max(room, _LEAST), placeholder=" …" if unicode else " ...")
        click.echo(f"{exercise.number:02}  {exercise.slug:<{names}}  {mark}  {exercise.minutes:>3} min  {title}")
    click.echo(f"\n{_summary(exercises, known)}")
    return 0


def _columns() -> int:
    return shutil.get_terminal_size((80, 24)).columns


def _state(standing: Standing, *, is_changed: bool) -> tuple[str, str]:
    """Return the state and its words."""
    if standing.is_passed:
        return "passed", "passed"
    if standing.checks:
        return "best", f"best {standing.best_score} of {standing.max_score}"
    return ("begun", "begun") if is_changed else ("untouched", "untouched")


def _summary(exercises: tuple[Exercise, ...], known: Mapping[str, Standing]) -> str:
    left = [exercise.minutes for exercise in exercises if not known[exercise.slug].is_passed]
    done = f"{len(exercises) - len(left)} of {len(exercises)} passed"
    if not left:
        return f"{done}: that was all of it."
    hours, minutes = divmod(sum(left), 60)
    time = f"{hours} h {minutes:02} min" if hours else f"{minutes} min"
    return f"{done}, about {time} to go. `{called()} next` says what to do now."
