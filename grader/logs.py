"""Logs of what went wrong: where they are kept and how many of them. What is in them is for those who write."""

import secrets
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

KEPT = 20
"""Logs that are kept in one folder; the oldest are removed."""


def new_log(name: str = "") -> Path | None:
    """Make an empty log and return its path: in the user's log folder, or else in the temporary folder.

    Returns None if neither can be written. `name` makes the file's name; without it, it is drawn.
    """
    name = name or secrets.token_hex(4)
    for folder, prefix in _folders():
        with suppress(OSError):
            folder.mkdir(parents=True, exist_ok=True)
            _remove_oldest(folder, f"{prefix}*.log")
            log = folder / f"{prefix}{name}.log"
            log.touch(mode=0o600, exist_ok=False)
            return log
    return None


def forget_log(log: Path) -> None:
    """Remove a log that nobody will want to read."""
    with suppress(OSError):
        log.unlink()


def _folders() -> Iterator[tuple[Path, str]]:
    """Yield the folders to try, each with how our files in it begin; nothing that is missing or broken stops this."""
    with suppress(Exception):
        from grader.user_folders import log_folder

        yield log_folder(), ""
    with suppress(Exception):
        yield Path(tempfile.gettempdir()), "workshop-"


def _remove_oldest(folder: Path, pattern: str) -> None:
    logs = []
    for log in folder.glob(pattern):
        with suppress(OSError):  # another command may remove the same ones
            logs.append((log.stat().st_mtime, log))
    for _, old in sorted(logs)[:-KEPT]:
        forget_log(old)
