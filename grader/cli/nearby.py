"""Paths in words, as somebody would type them from where they are. Nothing is looked up on disk."""

from pathlib import Path


def nearby(path: Path) -> str:
    """Return `path` relative to the folder the command runs in if it is below that, else as it is."""
    try:
        return str(path.resolve().relative_to(Path.cwd()))
    except ValueError:
        return str(path)
