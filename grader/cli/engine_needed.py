"""Sees to it that an engine answers, starting the private one where none does. Used by `demo` and `test`."""

import click

from grader.engine import private
from grader.engine.connection import connect
from grader.errors import EngineUnavailableError


def ensure_engine() -> str:
    """Return the address of an engine that answers.

    Raises:
        KitError: none answers, and none can be started here; the message says what to install.

    """
    try:
        return connect().host
    except EngineUnavailableError:
        click.echo("No container engine answers; starting a private one for the workshop.", err=True)
        return private.up(announce=lambda line: click.echo(f"  {line}", err=True))
