"""Where a report goes, standard output or a file, and what that can show. What it says is for `grader.reports`."""

import os
import shutil
import sys
from pathlib import Path

import click

_NARROWEST, _WIDEST = 40, 100


def write(text: str, output: Path | None, *, is_colored: bool = False) -> None:
    """Write a report to `output`, or to standard output, with a line feed at its end."""
    text = text if text.endswith("\n") else f"{text}\n"
    if output is None:
        click.echo(text, nl=False, color=is_colored or None)
        return
    try:
        output.write_text(text, encoding="utf-8")
    except OSError as error:
        raise click.UsageError(f"Cannot write {output}: {error.strerror}.") from error


def takes_unicode(output: Path | None) -> bool:
    """Whether what is written there may hold any character: files are UTF-8, terminals as they are set up."""
    return output is not None or (sys.stdout.encoding or "ascii").lower().startswith("utf")


def width() -> int:
    """Return the columns for a report: as wide as the terminal, within what reads well."""
    return max(_NARROWEST, min(_WIDEST, shutil.get_terminal_size((80, 24)).columns))


def wants_color(output: Path | None) -> bool:
    """Follow NO_COLOR and FORCE_COLOR; else colour goes to terminals only."""
    if output is not None or os.environ.get("NO_COLOR"):
        return False
    return bool(os.environ.get("FORCE_COLOR")) or sys.stdout.isatty()
