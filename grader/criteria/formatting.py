"""How facts are put into words in feedback: sizes, paths, lists. No judgement here."""

from collections.abc import Sequence
from pathlib import PurePosixPath

_MB = 1_000_000


def megabytes(size: int) -> str:
    """Put bytes into words as Docker prints them: MB are 10^6 bytes."""
    if size < _MB:
        return f"{size / 1000:.0f} kB"
    return f"{size / _MB:.1f} MB" if size < 100 * _MB else f"{size / _MB:.0f} MB"


def some_paths(paths: Sequence[PurePosixPath], most: int = 3) -> str:
    """Name the first few paths, absolute, and count the rest."""
    shown = ", ".join(f"/{path}" for path in paths[:most])
    return shown if len(paths) <= most else f"{shown} and {len(paths) - most} more"


def shortened(text: str, most: int = 160) -> str:
    """Put the text on one line and cut what is over `most` characters."""
    line = " ".join(text.split())
    return line if len(line) <= most else f"{line[: most - 1]}…"
