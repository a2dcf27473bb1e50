"""`workshop watch`: findings and a verdict whenever the learner saves."""

from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import click

from grader.called import called
from grader.cli.keys import has_keys, keys
from grader.cli.packs_option import with_packs
from grader.exercise.catalogue import all_exercises, shortest_name
from grader.exercise.choosing import Chosen, choose, exercise_around
from grader.exercise.model import Exercise, Pack
from grader.exercise.workspace import default_submission, find_workspace
from grader.learner.progress import next_exercise, standing
from grader.learner.watching import Watch, Wish

_DONE = f"You have passed all exercises. To watch one of them: `{called()} watch 02`."

_KEYS = {
    "h": Wish.HINT,
    "n": Wish.NEXT,
    "p": Wish.BACK,
    "r": Wish.AGAIN,
    "\n": Wish.AGAIN,
    "\r": Wish.AGAIN,
    "q": Wish.QUIT,
}


@click.command("watch", epilog=f"Example: {called()} watch 02")
@click.argument("exercise", required=False)
@click.option("--poll", is_flag=True, help="Look at the files four times a second: for mounts that report no changes.")
@click.option("--full", is_flag=True, help="Show all there is to say; on a terminal, reports are short without it.")
@with_packs
def command(exercise: str | None, *, poll: bool, full: bool, packs: Sequence[Pack]) -> int:
    """Check EXERCISE (its slug, its number or a path to it) now and whenever you save.

    Without EXERCISE it is the one in whose folder you are, else the next one not passed.

    What the text alone tells is shown at once: unknown stages, build arguments that a stage cannot see. Then comes the
    verdict. A newer save cancels a running build.

    Keys: h shows a hint, n goes on to the next exercise that is not passed, p goes back, r or Enter checks again, q or
    Ctrl-C ends.
    """
    meant = choose(exercise, packs) if exercise else exercise_around(Path.cwd(), packs)
    workspace = meant.workspace if meant else find_workspace()
    chosen = _to_watch(meant) if meant else next_exercise(workspace, all_exercises(packs))
    before: list[Exercise] = []
    while chosen is not None:
        wish = _watch(chosen, workspace, packs, poll=poll, full=full)
        if wish is Wish.QUIT:
            break
        if wish is Wish.BACK:
            chosen = before.pop() if before else _one_above(chosen, packs)
            continue
        before.append(chosen)
        chosen = _one_below(chosen, workspace, packs)
    return 0


def _to_watch(meant: Chosen) -> Exercise:
    """Return the exercise, whose own folder is watched and no other one."""
    _ = meant.own
    return meant.exercise


def _watch(exercise: Exercise, workspace: Path, packs: Sequence[Pack], *, poll: bool, full: bool) -> Wish:
    """Watch one exercise; return how to go on."""
    from grader.cli.watch_screen import WatchScreen

    folder = default_submission(exercise, workspace)
    name = shortest_name(exercise, packs)
    with closing(WatchScreen(exercise, name, workspace, folder, has_keys=has_keys(), full=full)) as screen:
        watch = Watch(exercise, workspace, screen, poll=poll)

        def put(key: str) -> None:
            if key.lower() in _KEYS:
                watch.wish(_KEYS[key.lower()])

        with keys(put):
            return watch.run()


def _one_below(exercise: Exercise, workspace: Path, packs: Sequence[Pack]) -> Exercise | None:
    """Return the next one that is not passed, which is this one if it is the only one left; None if all are passed."""
    following = next_exercise(workspace, all_exercises(packs), exercise)
    if following is None and not standing(workspace, exercise).is_passed:
        return exercise
    if following is None:
        click.echo(_DONE)
    return following


def _one_above(exercise: Exercise, packs: Sequence[Pack]) -> Exercise:
    """Return the exercise before this one, or the first."""
    exercises = all_exercises(packs)
    at = next(index for index, each in enumerate(exercises) if each.slug == exercise.slug)
    return exercises[max(0, at - 1)]
