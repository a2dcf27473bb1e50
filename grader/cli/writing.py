"""Where a report goes, standard output or a file, and what that can show. What it says is for `grader.reports`."""

import os
import secrets
import shutil
import sys
from pathlib import Path

import click

from grader.errors import ExitCode, writing_error

_NARROWEST, _WIDEST = 40, 100


def write(text: str, output: Path | None, *, is_colored: bool = False) -> None:
    """Write a report to `output`, or to standard output, with a line feed at its end."""
    text = text if text.endswith("\n") else f"{text}\n"
    if output is None:
        click.echo(text, nl=False, color=is_colored or None)
        return
    try:
        write_file(text, output)
    except BrokenPipeError:
        raise click.exceptions.Exit(ExitCode.READER_GONE) from None
    except OSError as error:
        raise writing_error(f"Cannot write {output}", error) from error


def write_file(text: str, path: Path) -> None:
    """Write a file so that it is complete or as it was before; what is no ordinary file is written straight.

    Raises:
        OSError: it cannot be written.

    """
    target = Path(os.path.realpath(path))  # a link stays one
    if _is_written_straight(path.absolute(), target):
        path.write_text(text, encoding="utf-8")
        return
    draft = target.with_name(f".workshop-{secrets.token_hex(4)}.part")
    try:
        with draft.open("x", encoding="utf-8") as file:
            file.write(text)
        if target.exists():
            draft.chmod(target.stat().st_mode & 0o7777)
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)


def _is_written_straight(path: Path, target: Path) -> bool:
    """Whether it is a device or pipe, another name of a stream (`/dev/stdout`), or in a folder that takes no new file.

    What may not be written is among them, so that opening it says why.
    """
    if path.is_relative_to("/dev") or path.is_relative_to("/proc") or target.is_symlink():
        return True
    if not target.exists():
        return False
    return not (target.is_file() and os.access(target, os.W_OK) and os.access(target.parent, os.W_OK))


def takes_unicode(output: Path | None) -> bool:
    """Whether what is written there may contain any character: files are UTF-8, terminals as they are set up."""
    return output is not None or (sys.stdout.encoding or "ascii").lower().startswith("utf")


def is_read_on_terminal(output: Path | None) -> bool:
    """Whether a person reads it as it comes, on a screen that shows its end first."""
    return output is None and sys.stdout.isatty()


def width() -> int:
    """Return the columns for a report: as wide as the terminal, within what reads well."""
    return max(_NARROWEST, min(_WIDEST, shutil.get_terminal_size((80, 24)).columns))


def wants_color(output: Path | None) -> bool:
    """Follow NO_COLOR and FORCE_COLOR; else colour goes to terminals only."""
    if output is not None or os.environ.get("NO_COLOR"):
        return False
    return bool(os.environ.get("FORCE_COLOR")) or sys.stdout.isatty()
