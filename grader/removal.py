"""Removes a folder with all that is in it, however deep: no path gets too long, and no call goes into itself.

A folder inside is first moved to the top, under a name of its own. Links are removed, never followed.
"""

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

_MOVED = ".moved-"
_LONGEST = 300
"""Characters of a path that an error names; its end tells more than its beginning."""


class RemovalError(OSError):
    """Something inside cannot be removed; `filename` is where it was at first, cut if it is very long."""


def remove_tree(root: Path, last: str = "") -> None:
    """Remove the folder `root`. Its file `last` goes after all others, so that it is still there after an error.

    Raises:
        RemovalError: something cannot be removed; what could be is gone.
        OSError: `root` itself cannot be opened or removed.

    """
    top = os.open(root, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        _Removal(root, top).run(last)
        if last:
            os.unlink(last, dir_fd=top)
    finally:
        os.close(top)
    root.rmdir()


@dataclass(slots=True)
class _Removal:
    root: Path
    top: int
    _origins: dict[str, tuple[str, str]] = field(default_factory=dict)
    """The folder and the name that a moved folder had; the folder may have been moved itself."""
    _number: int = 0

    def run(self, last: str) -> None:
        """Go through the top again and again, since what is moved there must go as well."""
        while entries := [entry for entry in _entries(self.top) if entry[0] != last]:
            for name, is_folder in entries:
                if is_folder:
                    self._empty(name)
                self._try(os.rmdir if is_folder else os.unlink, "", name, self.top)

    def _empty(self, folder: str) -> None:
        try:
            opened = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=self.top)
        except OSError as error:
            raise self._failure(error, "", folder) from error
        try:
            for name, is_folder in _entries(opened):
                if is_folder:
                    self._move_up(folder, name, opened)
                else:
                    self._try(os.unlink, folder, name, opened)
        finally:
            os.close(opened)

    def _move_up(self, folder: str, name: str, opened: int) -> None:
        while True:
            self._number += 1
            new = f"{_MOVED}{self._number}"
            if not _is_there(new, self.top):
                break
        self._origins[new] = (folder, name)
        try:
            os.rename(name, new, src_dir_fd=opened, dst_dir_fd=self.top)
        except OSError as error:
            raise self._failure(error, folder, name) from error

    def _try(self, remove: Callable[..., None], folder: str, name: str, opened: int) -> None:
        try:
            remove(name, dir_fd=opened)
        except FileNotFoundError:
            pass
        except OSError as error:
            raise self._failure(error, folder, name) from error

    def _failure(self, error: OSError, folder: str, name: str) -> RemovalError:
        """Say where it was before anything was moved."""
        parts = [name]
        while folder:
            folder, was = self._origins.get(folder, ("", folder))
            parts.append(was)
        path = os.path.join(self.root, *reversed(parts))  # noqa: PTH118 - it may be longer than a path can be
        return RemovalError(error.errno, error.strerror, path if len(path) <= _LONGEST else f"...{path[-_LONGEST:]}")


def _entries(folder: int) -> list[tuple[str, bool]]:
    """Return the names in an open folder, and which are folders."""
    with os.scandir(folder) as entries:
        return [(entry.name, entry.is_dir(follow_symlinks=False)) for entry in entries]


def _is_there(name: str, folder: int) -> bool:
    try:
        os.stat(name, dir_fd=folder, follow_symlinks=False)
    except FileNotFoundError:
        return False
    return True
