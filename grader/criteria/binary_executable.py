"""The user that the image runs as may execute its program."""

from pathlib import PurePosixPath

from grader.criteria.facts import Shipped
from grader.criteria.outcome import Answer, Blocked, Unmet
from grader.criteria.start import find_file, start_of
from grader.engine.model import Exchange
from grader.engine.silence import Ended, NotStarted, StartFault
from grader.image.model import Entry, Kind

WHY = "Files keep the mode that they are copied with, and a program without its execute bit is just a file."
_CANNOT_EXECUTE = 126
"""The exit code of a shell if its command was found and could not be executed (POSIX, "Exit Status for Commands")."""
_EXECUTE = 0o111


def binary_executable(exchange: Exchange, shipped: Shipped) -> Answer:
    """Passes if the program was executed: it answered, or its container ran and was not refused the program."""
    if exchange.status is not None:
        return None
    path = _program(shipped)
    placed = shipped.tree.get(path) if path else None
    if path is None or placed is None or placed.entry.kind is Kind.DIRECTORY:
        return Blocked("answers-http", "can't tell until the image starts a program that is in it")
    if _was_denied(exchange, path, shipped):
        return _denied(path, placed.entry, shipped)
    if isinstance(exchange.silence, NotStarted):
        return Blocked("answers-http", "can't tell until the container starts")
    return None


def _was_denied(exchange: Exchange, path: PurePosixPath, shipped: Shipped) -> bool:
    """Whether the engine, or the shell that should start it, was refused the program.

    A program may end with any exit code, so a shell's exit code counts only if the modes do not prove that it may run.
    Some runtimes see only after the start that they may not run a program: then only the modes say so.
    """
    silence, start = exchange.silence, start_of(shipped)
    if isinstance(silence, NotStarted):
        return silence.refusal.kind is StartFault.PERMISSION_DENIED
    if not isinstance(silence, Ended):
        return False
    allowed = _may_execute(shipped, path)
    if start and start.through_shell:
        return silence.exit_code == _CANNOT_EXECUTE and allowed is not True
    return allowed is False


def _may_execute(shipped: Shipped, path: PurePosixPath) -> bool | None:
    """Whether the image's user may execute the program, by the modes of it and of its folders; None if unknown."""
    user = shipped.image.config.user.partition(":")[0]
    ways = [shipped.tree[parent].entry for parent in path.parents if parent in shipped.tree]
    if user in ("", "0", "root"):
        return bool(shipped.tree[path].entry.mode & _EXECUTE)  # root may enter any folder
    answers = [_may_pass(entry, user) for entry in (shipped.tree[path].entry, *ways)]
    return False if False in answers else None if None in answers else True


def _may_pass(entry: Entry, user: str) -> bool | None:
    """Whether a user who is not root may execute a file or enter a folder; groups, and users by name, are unknown."""
    if user == str(entry.uid):
        return bool(entry.mode & 0o100)
    bits = entry.mode & (0o011 if user.isdecimal() else _EXECUTE)
    return True if bits == (0o011 if user.isdecimal() else _EXECUTE) else None if bits else False


def _denied(path: PurePosixPath, entry: Entry, shipped: Shipped) -> Unmet:
    """Say why it was refused: by modes and owners."""
    user = shipped.image.config.user or "0 (root)"
    shut = _shut_folder(shipped, path)
    actual = f"permission denied: /{path} has mode {entry.mode:04o} and belongs to user {entry.uid}"
    hint = "Which instruction removed the execute bit, or gave it only to another user?"
    if shut is not None:
        mode = f"mode {shut.mode:04o} and belongs to user {shut.uid}"
        actual = f"permission denied: /{path} is in /{shut.path}, which has {mode}"
        hint = "Put the program into a folder that everyone may enter, such as /usr/local/bin."
    return Unmet(
        expected="the image's user may execute the program",
        actual=f"{actual}; the image runs as user {user}",
        why=WHY,
        hint=hint,
        lines=shipped.lines_of_layers({shipped.tree[path].layer}),
    )


def _program(shipped: Shipped) -> PurePosixPath | None:
    """The program itself, also if a shell starts it."""
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
