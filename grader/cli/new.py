"""`workshop new`: a new exercise in a pack, made from an existing one."""

import os
import shlex
from pathlib import Path

import click

from grader.authoring.scaffold import check_slug, scaffold, write
from grader.called import called
from grader.cli.packs_option import named_folders, pack_option
from grader.errors import UsageError
from grader.exercise.catalogue import all_exercises, exercises_of, find_exercise
from grader.exercise.model import Pack
from grader.exercise.packs import FOLDERS, OPTION, find_packs, pack_in
from grader.exercise.workspace import find_workspace

LIKE = "go-multi-stage"
_MOST = 99


@click.command("new", epilog=f"Example: {called()} new go-workspace --pack my-exercises --like go-multi-stage")
@click.argument("slug")
@click.option("--like", default=LIKE, show_default=True, metavar="EXERCISE", help="The exercise to begin with.")
@click.option("--title", metavar="TEXT", help="The title (default: SLUG in words).")
@pack_option
def command(slug: str, like: str, title: str | None, pack_folders: tuple[Path, ...]) -> int:
    """Make the exercise SLUG in the pack that --pack names; a folder that is not there, or is empty, becomes one.

    It has lesson, program, tests, starter, model answer, three alternatives and at least six mistakes, all of them
    copied from an existing exercise, so that `verify` accepts it at once. Then change them one by one.
    """
    check_slug(slug)
    pack = _pack(named_folders(pack_folders))
    is_new = not (pack.root / FOLDERS[0]).is_dir()
    others = find_packs((), find_workspace(), os.environ)
    packs = [*([] if is_new else [pack]), *(other for other in others if other.root != pack.root)]
    _refuse_taken(slug, packs)
    number = max((exercise.number for exercise in exercises_of(pack)), default=0) + 1
    if number > _MOST:
        raise UsageError(f"{pack.root} has an exercise with the number {_MOST}, and there is no number after it.")
    found = find_exercise(like, packs)
    files = scaffold(found, slug, number, title or slug.replace("-", " ").capitalize())
    write(files, pack.root)
    _tell(pack, found.slug, f"{number:02}-{slug}", slug)
    return 0


def _pack(folders: tuple[Path, ...]) -> Pack:
    if len(folders) != 1:
        raise UsageError(f"Name the one pack that the exercise is for: `{called()} new SLUG --pack DIR`.")
    pack = pack_in(folders[0], OPTION)
    try:
        names = [path.name for path in pack.root.iterdir() if not path.name.startswith(".")]
    except FileNotFoundError:
        return pack
    except OSError as error:
        raise UsageError(f"{pack.root} cannot be a pack: {error.strerror}.") from error
    if names and not all((pack.root / name).is_dir() for name in FOLDERS):
        raise UsageError(f"{pack.root} is not empty and is not a pack. Name a pack, an empty folder, or a new one.")
    return pack


def _refuse_taken(slug: str, packs: list[Pack]) -> None:
    for exercise in all_exercises(packs):
        if exercise.slug == slug:
            raise UsageError(f"There is an exercise `{slug}` already: {exercise.directory}. Choose another name.")


def _tell(pack: Pack, like: str, folder: str, slug: str) -> None:
    behind = f"{slug} --pack {shlex.quote(str(pack.root))}"
    click.echo(f"{pack.root / 'exercises' / folder} is a new exercise. Everything in it is copied from {like}.\n")
    for what, command_line in (
        ("prove that it grades as it says", f"{called()} verify {behind}"),
        ("try it as a learner does", f"{called()} check {behind}"),
    ):
        click.echo(f"  {what + ':':<33}{command_line}")
    click.echo(
        f"\nNow make it your own. Change in exercises/{folder}: README.md (the lesson), exercise.toml (title, hints,\n"
        "files), the program, and test_exercise.py (the criteria).\n"
        f"Change in solutions/{folder}: starter, Dockerfile, alternatives, mistakes, and README.md (the reasons).\n"
        "After a change, record what learners read, and read it yourself:\n"
        f"  {called()} verify {behind} --update-feedback"
    )
