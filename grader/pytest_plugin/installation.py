"""Tells one installation of npm packages from another, by what it left in the image. Nothing is judged here.

The exercises' own package leaves a random token; where install scripts were off, the packages' times have to do.
"""

from pathlib import PurePosixPath
from typing import Protocol

from grader.criteria.facts import Shipped

MODULES = "node_modules"
TOKEN = ".install-token"  # noqa: S105 - a file's name
_MANIFEST = "package.json"


class Files(Protocol):
    """What can be asked about files of an image: a container of it answers."""

    def read_file(self, path: str) -> bytes | None:
        """Return a file's content, or None."""

    def modified(self, path: str) -> str | None:
        """Return a file's time of modification, or None."""


def mark_of(shipped: Shipped, files: Files) -> str | None:
    """Return the mark of all installations in the image, those of its base aside; None if there is none.

    Times are those of the packages and not of npm's own `.package-lock.json`: `npm prune` writes that one anew.
    """
    own = sorted(path for path, placed in shipped.tree.items() if placed.layer >= shipped.base_layers)
    tokens = [path for path in own if path.name == TOKEN and path.parent.name == MODULES]
    if tokens:
        return " ".join((files.read_file(f"/{path}") or b"").decode("utf-8", "replace").strip() for path in tokens)
    packages = [path for path in own if _is_of_a_package(path)]
    return " ".join(files.modified(f"/{path}") or "" for path in packages) or None


def _is_of_a_package(path: PurePosixPath) -> bool:
    """Whether it is the manifest of an installed package: `node_modules/NAME/` or `node_modules/@SCOPE/NAME/`."""
    folder = path.parent.parent
    if folder.name.startswith("@"):
        folder = folder.parent
    return path.name == _MANIFEST and folder.name == MODULES
