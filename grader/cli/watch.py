"""`workshop watch`: findings and a verdict whenever the learner saves."""

from collections.abc import Sequence
from contextlib import closing

import click

from grader.cli.called import called
from grader.cli.keys import has_keys, keys
from grader.cli.packs_option import with_packs
from grader.exercise.catalogue import all_exercises, find_exercise, shortest_name
from grader.exercise.model import Exercise, Pack
from grader.exercise.workspace import default_submission, find_workspace
from grader.learner.progress import next_exercise

_DONE = f"You have passed all exercises. To watch one of them: `{called()} watch 02`."


@click.command("watch", epilog=f"Example: {called()} watch 02")
@click.argument("exercise", required=False)
@click.option("--poll", is_flag=True, help="Look at the files four times a second: for mounts that report no changes.")
@with_packs
def command(exercise: str | None, *, poll: bool, packs: Sequence[Pack]) -> int:
    """Check EXERCISE (its slug or number; default: the next one not passed) now and whenever you save.

    What the text alone tells is shown at once: unknown stages, build arguments that a stage cannot see. Then comes the
    verdict. A newer save cancels a running build.

    Keys: h shows a hint, n goes on to the next exercise, r or Enter checks again, q or Ctrl-C ends.
    """
    workspace = find_workspace()
    chosen = find_exercise(exercise, packs) if exercise else next_exercise(workspace, all_exercises(packs))
    while chosen is not None:
        chosen = _watch(chosen, packs, poll=poll)
    return 0


def _watch(exercise: Exercise, packs: Sequence[Pack], *, poll: bool) -> Exercise | None:
    """Watch one exercise; return the one to go on with, or None."""
    from grader.cli.watch_screen import WatchScreen
    from grader.learner.watching import Watch, Wish

    meanings = {"h": Wish.HINT, "n": Wish.NEXT, "r": Wish.AGAIN, "\n": Wish.AGAIN, "\r": Wish.AGAIN, "q": Wish.QUIT}
    workspace = find_workspace()
    folder = default_submission(exercise, workspace)
    name = shortest_name(exercise, packs)
    with closing(WatchScreen(exercise, name, workspace, folder, has_keys=has_keys())) as screen:
        watch = Watch(exercise, workspace, screen, poll=poll)

        def put(key: str) -> None:
            if key.lower() in meanings:
                watch.wish(meanings[key.lower()])

        with keys(put):
            wish = watch.run()
    if wish is Wish.QUIT:
        return None
    following = next_exercise(workspace, all_exercises(packs), exercise)
    if following is None:
        click.echo(_DONE)
    return following
