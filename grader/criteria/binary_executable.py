"""The user that the image runs as may execute its program."""

import re
from pathlib import PurePosixPath

from grader.criteria.facts import Shipped
from grader.criteria.outcome import Answer, Blocked, Unmet
from grader.criteria.start import find_file, start_of
from grader.engine.model import Exchange
from grader.image.model import Entry, Kind

WHY = "Files keep the mode that they are copied with, and a program without its execute bit is just a file."
_DENIED = re.compile(r'exec(?:: "[^"]+"| /\S+): permission denied|ended by itself with exit code 126\b')
"""The engine's words when the kernel refuses to execute what it starts, or the exit code of a shell in that case."""


def binary_executable(exchange: Exchange, shipped: Shipped) -> Answer:
    """Hold if the program was executed: it answered, or its container ran without being refused the program."""
    if exchange.status is not None:
        return None
    path = _program(shipped)
    placed = shipped.tree.get(path) if path else None
    if path is None or placed is None or placed.entry.kind is Kind.DIRECTORY:
        return Blocked("answers-http", "can't tell until the image starts a program that is in it")
    if _DENIED.search(exchange.failure):
        return _denied(path, placed.entry, shipped)
    if "did not start" in exchange.failure:
        return Blocked("answers-http", "can't tell until the container starts")
    return None


def _denied(path: PurePosixPath, entry: Entry, shipped: Shipped) -> Unmet:
    """It is known that it was refused; modes and owners say why."""
    user = shipped.image.config.user or "0 (root)"
    shut = _shut_folder(shipped, path)
    actual = f"permission denied: /{path} has mode {entry.mode:04o} and belongs to user {entry.uid}"
    hint = "Which instruction took the execute bit away, or gave it to another user alone?"
    if shut is not None:
        actual = f"permission denied: /{path} lies in /{shut.path}, of mode {shut.mode:04o} and user {shut.uid}"
        hint = "Put the program into a folder that everyone may enter, such as /usr/local/bin."
    return Unmet(
        expected="the program may be executed by the image's user",
        actual=f"{actual}; the image runs as user {user}",
        why=WHY,
        hint=hint,
        lines=shipped.lines_of_layers({shipped.tree[path].layer}),
    )


def _program(shipped: Shipped) -> PurePosixPath | None:
    """The program itself, also where a shell starts it."""
    start = start_of(shipped)
    if start is None or not start.through_shell:
        return start.path if start else None
    words = [word for word in start.words[2].split() if word != "exec"]
    found = find_file(shipped, words[0]) if words and words[0].startswith("/") else None
    return found[0] if found else start.path


def _shut_folder(shipped: Shipped, path: PurePosixPath) -> Entry | None:
    """The first folder on the way that not everyone may enter and that is not the user's own."""
    user = shipped.image.config.user.partition(":")[0]
    folders = [shipped.tree[parent].entry for parent in reversed(path.parents) if parent in shipped.tree]
    return next((folder for folder in folders if not folder.mode & 0o001 and str(folder.uid) != user), None)
