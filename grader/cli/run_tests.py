"""`workshop test`: the kit's own test suite, on a real engine."""

import os
import subprocess
import sys

import click

from grader.called import LAUNCHED_AS
from grader.cli.engine_needed import ensure_engine
from grader.errors import UsageError
from grader.exercise.catalogue import content_root


@click.command("test", context_settings={"ignore_unknown_options": True})
@click.argument("pytest_arguments", nargs=-1, type=click.UNPROCESSED)
def command(pytest_arguments: tuple[str, ...]) -> int:
    """Run every test; PYTEST_ARGUMENTS go to pytest (`-m "not engine"` needs no engine and takes seconds)."""
    root = content_root()
    if not (root / "tests").is_dir():
        raise UsageError("The tests are in a clone of the project, not in the installed package.")
    environment = {name: value for name, value in os.environ.items() if name != LAUNCHED_AS}
    if "not engine" not in pytest_arguments:
        environment["WORKSHOP_ENGINE"] = ensure_engine()
    arguments = [sys.executable, "-m", "pytest", *pytest_arguments]
    return subprocess.run(arguments, cwd=root, env=environment, check=False).returncode
