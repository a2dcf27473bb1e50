"""Which commands `workshop` has. How it starts and what happens to errors is `main.py`.

A command's module is imported when that command runs, so that `--help` stays quick.
"""

import importlib
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import click

from grader.called import called
from grader.cli.packs_option import pack_option
from grader.errors import ExitCode

_COMPLETE = "_WORKSHOP_COMPLETE"
"""The variable by which a shell asks what could be typed next, as click's documentation describes it."""


@dataclass(frozen=True, slots=True)
class CommandEntry:
    """One command: its name, the module of this package that has it as its function `command`, one line of help."""

    name: str
    module: str
    help: str


COMMANDS = (
    CommandEntry("demo", "demo", "See it work: grade exercise 02's starter, then its model answer."),
    CommandEntry("init", "init", "Lay out the exercises in a folder of your own."),
    CommandEntry("list", "list_exercises", "Show the exercises and your progress."),
    CommandEntry("next", "next", "Show the next exercise that you have not passed, and what to type."),
    CommandEntry("watch", "watch", "Check an exercise whenever you save."),
    CommandEntry("check", "check", "Build and grade your answer to one exercise."),
    CommandEntry("layers", "layers", "Show how much each instruction adds to an image, and which files."),
    CommandEntry("hint", "hint", "Show one more hint for an exercise."),
    CommandEntry("reset", "reset", "Put the original files of an exercise back, and keep a copy of yours."),
    CommandEntry("solution", "solution", "Show the model answer and its reasons, once you have passed."),
    CommandEntry("site", "site", "Make a site of the lessons and documents, to read in a browser."),
    CommandEntry("images", "images", "Show, prepare, carry or serve the base images that exercises start from."),
    CommandEntry("doctor", "doctor", "Check whether this machine can grade, and what to do if it cannot."),
    CommandEntry("engine", "engine", "Start, stop or show the kit's private container engine."),
    CommandEntry("docker", "run_docker", "Run a docker command of your own on the workshop's engine."),
    CommandEntry("clean", "clean", "Remove containers and images that a crash left behind."),
    CommandEntry("new", "new", "For authors: make a new exercise from an existing one."),
    CommandEntry("verify", "verify", "For authors: prove that exercises grade as they declare."),
    CommandEntry("test", "run_tests", "For developers: run the kit's own test suite."),
)


class LazyGroup(click.Group):
    """A group whose commands are imported when they are called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """List the names in the order of `COMMANDS`: the order in which people need them."""
        del ctx
        return [entry.name for entry in COMMANDS]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the module of one command."""
        del ctx
        for entry in COMMANDS:
            if entry.name == cmd_name:
                command: click.Command = importlib.import_module(f"grader.cli.{entry.module}").command
                return command
        return None

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Offer the nearest name for one that is not there."""
        if args and not args[0].startswith("-") and args[0] not in self.list_commands(ctx):
            import difflib

            near = difflib.get_close_matches(args[0], self.list_commands(ctx), n=1)
            offer = f" Did you mean `{near[0]}`?" if near else f" See `{called()} --help`."
            raise click.UsageError(f"There is no command `{args[0]}`.{offer}", ctx)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the commands' lines from the table, importing none."""
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl([(entry.name, entry.help) for entry in COMMANDS])


@click.group(
    cls=LazyGroup,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog=f"Begin with `{called()} demo`. "
    "Exit codes: 0 passed, 1 failed, 2 usage, 3 machine at fault, 130 interrupted, 141 nobody reads the output.",
)
@click.version_option(package_name="multi-stage-workshop", prog_name="workshop")
@pack_option
def workshop(pack_folders: tuple[Path, ...]) -> None:
    """Learn Docker multi-stage builds by doing: edit a Dockerfile, have it built and graded, read why."""
    del pack_folders  # for the commands, see `packs_option.py`


def run_command(name: str, arguments: Sequence[str]) -> int:
    """Run the command line that was called as `name`; return its exit code.

    This is click's own `main` without its way to end: it takes a lost connection for a reader of the output that went
    away, and the early end of any file for Ctrl-C.

    Raises:
        ClickException: the command line cannot be understood.
        KitError: as the commands say.

    """
    asked = os.environ.get(_COMPLETE)
    if asked:
        from click.shell_completion import shell_complete

        return ExitCode.USAGE if shell_complete(workshop, {}, name, _COMPLETE, asked) else ExitCode.PASSED
    try:
        with workshop.make_context(name, [*arguments]) as context:
            code = workshop.invoke(context)
    except click.exceptions.Exit as end:
        return end.exit_code
    return code if isinstance(code, int) else ExitCode.PASSED
