"""Sees to it that an engine answers, starting the private one where none does. Used by `demo` and `test`."""

import os

import click

from grader.engine import private
from grader.engine.connection import connect
from grader.errors import EngineUnavailableError


def ensure_engine() -> str:
    """Return the address of an engine that answers.

    An engine that the user named in `WORKSHOP_ENGINE` or `DOCKER_HOST` is not replaced by another one.

    Raises:
        KitError: none answers, and none can be started here; the message says what to install.

    """
    named = os.environ.get("WORKSHOP_ENGINE") or os.environ.get("DOCKER_HOST")
    try:
        engine = connect()
    except EngineUnavailableError:
        if named and named != private.host():
            raise
    else:
        engine.close()
        return engine.host
    click.echo("No container engine with BuildKit answers; starting a private one for the workshop.", err=True)
    return private.up(announce=lambda line: click.echo(f"  {line}", err=True))
