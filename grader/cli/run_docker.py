"""`workshop docker`: a docker command of the learner's own, on the engine that the workshop uses."""

import os
import signal
import sys
from contextlib import closing
from typing import NoReturn

import click

from grader.called import called
from grader.errors import MachineError

_IGNORED_BY_PYTHON = ("SIGPIPE", "SIGXFSZ")


@click.command(
    "docker",
    epilog=f"Example: {called()} docker history greeter",
    context_settings={"ignore_unknown_options": True, "allow_interspersed_args": False},
)
@click.argument("arguments", metavar="ARGUMENTS...", nargs=-1, type=click.UNPROCESSED)
def command(arguments: tuple[str, ...]) -> NoReturn:
    """Run `docker ARGUMENTS` on the engine that the workshop uses, with the docker command that builds there.

    The command takes this one's place: what you type, its output, signals and the exit code are its own.
    """
    from grader.engine.by_hand import by_hand
    from grader.engine.connection import connect

    with closing(connect()) as engine:
        found = by_hand(engine)
    sys.stdout.flush()
    sys.stderr.flush()
    for name in _IGNORED_BY_PYTHON:
        signal.signal(getattr(signal, name), signal.SIG_DFL)
    try:
        os.execve(found.program, [found.program, *arguments], {**os.environ, **found.variables})  # noqa: S606 - no shell is meant
    except OSError as error:
        raise MachineError(f"{found.program} cannot be started: {error.strerror}") from error
