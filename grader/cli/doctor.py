"""`workshop doctor`: whether this machine can grade, and what to do where it cannot."""

import sys
from collections.abc import Sequence
from pathlib import Path

import click

from grader.called import called
from grader.cli.chosen_images import images_of
from grader.cli.docker_line import docker_line
from grader.cli.packs_option import with_packs
from grader.cli.writing import takes_unicode, wants_color, width, write
from grader.errors import ExitCode
from grader.exercise.model import Pack
from grader.exercise.workspace import find_workspace

FORMATS = ("terminal", "json")


@click.command("doctor", epilog=f"Example: {called()} doctor --exercise 02")
@click.option("--exercise", metavar="SLUG", help="Look only for the base images of this exercise.")
@click.option("--format", "-f", "style", type=click.Choice(FORMATS), default="terminal", show_default=True)
@click.option("--output", "-o", type=click.Path(path_type=Path, dir_okay=False), help="Write the report to this file.")
@with_packs
def command(exercise: str | None, style: str, output: Path | None, packs: Sequence[Pack]) -> int:
    """Look at the engine, its builder, disk, memory, clock, base images, and at this machine; change nothing.

    Exit code 0 if all is well or only worth a look (warn), 3 if grading cannot work (fail).
    """
    from grader.doctor.examination import examination
    from grader.doctor.finding import State, worst

    references = images_of((exercise,) if exercise else (), packs)
    findings = examination(references, find_workspace(), sys.stdout.encoding or "ascii")
    if style == "json":
        from grader.reports import doctor_json

        write(doctor_json.render(findings), output)
    else:
        from grader.reports import doctor_terminal

        colored = wants_color(output)
        text = doctor_terminal.render(findings, width=width(), color=colored, unicode=takes_unicode(output))
        by_hand = docker_line()
        write(f"{text}\n\n{by_hand}" if by_hand else text, output, is_colored=colored)
    return ExitCode.MACHINE if worst(findings) is State.FAIL else ExitCode.PASSED
