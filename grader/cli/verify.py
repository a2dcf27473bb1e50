"""`workshop verify`: prove that exercises grade as they declare."""

import json
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import click

from grader.authoring.cells import Cell, Role
from grader.authoring.verify import CellResult, content_complaints, left_out, verify
from grader.called import called
from grader.cli.packs_option import with_packs
from grader.cli.writing import write
from grader.engine.connection import connect
from grader.errors import ExitCode
from grader.exercise.catalogue import all_exercises, exercises_of, find_exercise
from grader.exercise.model import Exercise, Pack
from grader.exercise.packs import OPTION
from grader.exercise.workspace import find_workspace, nonce_key
from grader.verdict import Status


@click.command("verify", epilog=f"Example: {called()} verify 02 03 --output verify.json")
@click.argument("exercises", nargs=-1)
@click.option("--jobs", "-j", type=click.IntRange(1, 64), help="Gradings at a time (default: one a core).")
@click.option("--update-feedback", is_flag=True, help="Write the feedback seen into each answer's feedback.txt.")
@click.option(
    "--sample", is_flag=True, help="Grade only the model answers, and a few mistakes that fail each criterion once."
)
@click.option("--output", "-o", type=click.Path(path_type=Path, dir_okay=False), help="Write all results as JSON.")
@with_packs
def command(
    exercises: tuple[str, ...],
    jobs: int | None,
    output: Path | None,
    *,
    update_feedback: bool,
    sample: bool,
    packs: Sequence[Pack],
) -> int:
    """Grade starter, model answer, alternatives and mistakes of EXERCISES.

    If none is named, all of the packs that --pack names are graded; without --pack, all that there are.

    The starter must fail, the model answer pass twice, every alternative pass, and every mistake fail exactly the
    criteria that its mistake.toml names, with feedback that is the same as in its feedback.txt.
    """
    chosen = _chosen(exercises, packs)
    docker = _version_of_engine()
    lacks = left_out(chosen, docker)
    for cell in lacks:
        click.echo(f"left out: {cell.label}, which needs Docker {cell.docker}; this is {docker}", file=sys.stderr)
    results = verify(
        chosen,
        nonce_key(find_workspace()),
        jobs=jobs,
        update_golden=update_feedback,
        is_sample=sample,
        docker=docker,
        on_cell=_tell,
    )
    lacking = [complaint for exercise in chosen for complaint in content_complaints(exercise)]
    click.echo(_matrix(chosen, results))
    for complaint in lacking:
        click.echo(f"  {complaint}")
    if output:
        plain = [*map(_plain, results), *(_plain_left_out(cell) for cell in lacks)]
        write(json.dumps(plain, indent=2), output)
    wrong = [result for result in results if result.complaints]
    rest = f" {len(lacks)} were left out, because this engine is too old for them." if lacks else ""
    click.echo(f"{len(results) - len(wrong)} of {len(results)} cells are as declared.{rest}")
    if any(verdict.status is Status.ERROR for result in wrong for verdict in result.verdicts):
        return ExitCode.MACHINE
    return ExitCode.FAILED if wrong or lacking else ExitCode.PASSED


def _version_of_engine() -> str:
    """Return the version of Docker; empty for another engine."""
    engine = connect()
    try:
        return "" if engine.is_podman else engine.condition().version
    finally:
        engine.close()


def _chosen(names: tuple[str, ...], packs: Sequence[Pack]) -> list[Exercise]:
    if names:
        return [find_exercise(name, packs) for name in names]
    of_option = [exercise for pack in packs if pack.named_by == OPTION for exercise in exercises_of(pack)]
    return of_option or list(all_exercises(packs))


def _tell(result: CellResult, done: int, total: int) -> None:
    """One line a cell, as it comes; what is wrong below it."""
    seconds = sum(verdict.seconds for verdict in result.verdicts)
    state = "WRONG" if result.complaints else "ok"
    outcome = ", ".join(result.failed_ids) or result.verdicts[-1].status.value
    click.echo(f"[{done:>3}/{total}] {state:<5} {result.cell.label}: {outcome} ({seconds:.1f} s)", file=sys.stderr)
    for complaint in result.complaints:
        click.echo(f"          {complaint}", file=sys.stderr)


def _matrix(exercises: list[Exercise], results: tuple[CellResult, ...]) -> str:
    """Exercise by role: how many cells are as declared, of how many."""
    good: Counter[tuple[str, Role]] = Counter()
    total: Counter[tuple[str, Role]] = Counter()
    for result in results:
        key = (result.cell.exercise.slug, result.cell.role)
        total[key] += 1
        good[key] += not result.complaints
    width = max(len(exercise.folder) for exercise in exercises)
    lines = [f"{'exercise':<{width}}  " + "  ".join(f"{role.value:>11}" for role in Role)]
    for exercise in exercises:
        cells = (f"{good[exercise.slug, role]}/{total[exercise.slug, role]}" for role in Role)
        lines.append(f"{exercise.folder:<{width}}  " + "  ".join(f"{cell:>11}" for cell in cells))
    return "\n".join(lines)


def _plain_left_out(cell: Cell) -> dict[str, object]:
    return {
        "exercise": cell.exercise.slug,
        "role": cell.role.value,
        "name": cell.name,
        "left_out": f"needs Docker {cell.docker}",
    }


def _plain(result: CellResult) -> dict[str, object]:
    return {
        "exercise": result.cell.exercise.slug,
        "role": result.cell.role.value,
        "name": result.cell.name,
        "declared": list(result.cell.fails or ()),
        "failed": list(result.failed_ids),
        "complaints": list(result.complaints),
        "seconds": [verdict.seconds for verdict in result.verdicts],
    }
