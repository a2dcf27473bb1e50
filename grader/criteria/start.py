"""What the image starts and whether it can: the program named by ENTRYPOINT and CMD, found in the image's tree."""

import posixpath
from dataclasses import dataclass
from pathlib import PurePosixPath

from grader.criteria.facts import Shipped
from grader.image.model import Kind
from grader.image.tree import Placed

_LINKS = 20
_DEFAULT_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
_SHELLS = ("sh", "bash", "ash", "dash")
_EXECUTE = 0o111


@dataclass(frozen=True, slots=True)
class Start:
    """The start command as the engine will run it. `path` is the program's place, None when it is not in the image."""

    words: tuple[str, ...]
    path: PurePosixPath | None

    @property
    def through_shell(self) -> bool:
        """Whether a shell is started first: the shell form of CMD or ENTRYPOINT."""
        return len(self.words) > 1 and PurePosixPath(self.words[0]).name in _SHELLS and self.words[1] == "-c"


def start_of(shipped: Shipped) -> Start | None:
    """Return what `docker run IMAGE` starts, or None when the image names nothing."""
    config = shipped.image.config
    words = (*config.entrypoint, *config.command)
    if not words:
        return None
    return Start(words, _locate(shipped, words[0]))


def find_file(shipped: Shipped, path: str) -> tuple[PurePosixPath, Placed] | None:
    """Find `path` (absolute) in the tree, following symbolic links in every part of it; None if it is not there."""
    parts = [part for part in path.split("/") if part]
    at, followed = PurePosixPath(), 0
    while parts:
        part = parts.pop(0)
        if part in (".", ".."):
            at = at.parent if part == ".." else at
            continue
        at = at / part
        placed = shipped.tree.get(at)
        if placed is not None and placed.entry.kind is Kind.SYMLINK:
            followed += 1
            if followed > _LINKS:
                return None
            target = posixpath.normpath(posixpath.join("/", str(at.parent), placed.entry.link))
            parts, at = [part for part in target.split("/") if part] + parts, PurePosixPath()
    placed = shipped.tree.get(at)
    return (at, placed) if placed is not None else None


def why_it_cannot_start(shipped: Shipped) -> tuple[str, str] | None:
    """Return what keeps the start command from starting and what to try, or None when nothing is seen."""
    start = start_of(shipped)
    if start is None:
        return "the image names no program to start", "Say what to start with CMD or ENTRYPOINT."
    if start.path is None:
        return _missing_program(start)
    placed = shipped.tree[start.path]
    if placed.entry.kind is Kind.DIRECTORY:
        return f"/{start.path} is a directory, not a program", "Name the program itself, not the folder it lies in."
    interpreter = placed.entry.elf.interpreter if placed.entry.elf else None
    if interpreter and find_file(shipped, interpreter) is None:
        return (
            f"/{start.path} is linked dynamically and needs {interpreter}, which this image does not have",
            "Link the program statically, or choose a base that has the C library it was linked against.",
        )
    if placed.entry.kind is Kind.FILE and not placed.entry.mode & _EXECUTE:
        return (
            f"/{start.path} is not executable (mode {placed.entry.mode:04o})",
            "Set its execute bit in the builder.",
        )
    return None


def _missing_program(start: Start) -> tuple[str, str]:
    if start.through_shell:
        return (
            f"the start command is in shell form, so it needs {start.words[0]}, and this image has no shell",
            'Use the JSON form, with double quotes: CMD ["/program"].',
        )
    hint = "Compare the path in CMD or ENTRYPOINT with where COPY put the program."
    return f"`{start.words[0]}` is not in the image", hint


def _locate(shipped: Shipped, word: str) -> PurePosixPath | None:
    directory = shipped.image.config.working_directory or "/"
    if "/" in word:
        candidates = [posixpath.join(directory, word)]
    else:
        path = dict(shipped.image.config.environment).get("PATH", _DEFAULT_PATH)
        candidates = [posixpath.join(folder, word) for folder in path.split(":")]
    for candidate in candidates:
        found = find_file(shipped, candidate)
        if found is not None:
            return found[0]
    return None
