"""What the image starts and whether it can: the program named by ENTRYPOINT and CMD, found in the image's tree."""

import posixpath
import re
from dataclasses import dataclass
from pathlib import PurePosixPath

from grader.criteria.copied_before import runs
from grader.criteria.facts import Shipped
from grader.criteria.formatting import some_paths
from grader.engine.platforms import ELF_NAMES
from grader.image.model import Entry, Kind
from grader.image.tree import Placed
from grader.languages.known import COMPILES

_LINKS = 20
_DEFAULT_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
_SHELLS = ("sh", "bash", "ash", "dash")
_EXECUTE = 0o111
_FILES = (Kind.FILE, Kind.HARDLINK)
_LOOKS_LIKE_JSON = re.compile(r"\s*\[\s*['\"\u2018-\u201f]")
"""A bracket and a quote: double, single, or one of those that word processors put in their place."""


@dataclass(frozen=True, slots=True)
class Start:
    """The start command as the engine will run it. `path` is the program's place, None when it is not in the image."""

    words: tuple[str, ...]
    path: PurePosixPath | None

    @property
    def through_shell(self) -> bool:
        """Whether a shell is started first: the shell form of CMD or ENTRYPOINT."""
        return len(self.words) > 2 and PurePosixPath(self.words[0]).name in _SHELLS and self.words[1] == "-c"  # noqa: PLR2004 - sh -c COMMAND

    @property
    def is_broken_json(self) -> bool:
        """Whether what the shell gets was meant for the JSON form: no command begins with a bracket and a quote."""
        return self.through_shell and bool(_LOOKS_LIKE_JSON.match(self.words[2]))


@dataclass(frozen=True, slots=True)
class Obstacle:
    """What keeps a program from starting, what to try, and the Dockerfile lines that caused it."""

    actual: str
    hint: str
    lines: tuple[int, ...]


def start_of(shipped: Shipped) -> Start | None:
    """Return what `docker run IMAGE` starts, or None when the image names nothing."""
    config = shipped.image.config
    words = (*config.entrypoint, *config.command)
    if not words:
        return None
    return Start(words, locate(shipped, words[0]))


def programs_named(shipped: Shipped) -> list[PurePosixPath]:
    """Return the files that the words of the start command name, also those within a shell's command, in order."""
    start = start_of(shipped)
    if start is None:
        return []
    words = [part for word in start.words for part in word.split()]
    found = (locate(shipped, word) for word in words)
    return [path for path in dict.fromkeys(found) if path and shipped.tree[path].entry.kind in _FILES]


def starts_only_its_base(shipped: Shipped) -> bool:
    """Whether the start command is simply what the base image had."""
    config, base = shipped.image.config, shipped.base
    return base is not None and (config.entrypoint, config.command) == (base.entrypoint, base.command)


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


def why_it_cannot_start(shipped: Shipped) -> Obstacle | None:
    """Return what keeps the start command from starting, or None when nothing is seen."""
    start = start_of(shipped)
    lines = shipped.attempt.last_line("CMD", "ENTRYPOINT")
    if start is None:
        hint = "Use CMD or ENTRYPOINT in the final stage to say what to start."
        return Obstacle("the image names no program to start", hint, lines or shipped.attempt.final_from)
    if start.is_broken_json:
        actual = f"the start command is not valid JSON, so a shell tries to run `{start.words[2]}`"
        return Obstacle(actual, 'JSON needs double quotes: CMD ["/program"].', lines)
    return _unknown_user(shipped) or _not_a_program(shipped, start, lines)


def _unknown_user(shipped: Shipped) -> Obstacle | None:
    user = shipped.image.config.user.partition(":")[0]
    if not user or user.isdecimal() or find_file(shipped, "/etc/passwd") is not None:
        return None
    actual = f"USER is the name `{user}`, but the image has no /etc/passwd to look it up in"
    hint = "Use a user number, or copy an /etc/passwd that has the name."
    return Obstacle(actual, hint, shipped.attempt.last_line("USER"))


def _not_a_program(shipped: Shipped, start: Start, lines: tuple[int, ...]) -> Obstacle | None:
    if start.path is None:
        return _missing_program(shipped, start, lines)
    placed = shipped.tree[start.path]
    if placed.entry.kind is Kind.DIRECTORY:
        actual = f"/{start.path} is a directory, not a program"
        return Obstacle(actual, "Name the program itself, not its folder, also in COPY.", lines)
    interpreter = placed.entry.elf.interpreter if placed.entry.elf else None
    if interpreter and find_file(shipped, interpreter) is None:
        return Obstacle(
            f"/{start.path} is linked dynamically: to start, it needs {interpreter}, which this image does not have",
            "Link the program statically, or choose a base that has the C library that it was linked against.",
            compile_lines(shipped) or lines,
        )
    return _for_another_machine(shipped, start, placed.entry) or _not_executable(start, placed.entry, lines)


def _for_another_machine(shipped: Shipped, start: Start, entry: Entry) -> Obstacle | None:
    wanted = ELF_NAMES.get(shipped.image.config.architecture)
    if entry.elf is None or wanted is None or entry.elf.machine in (wanted, "i386", "arm"):
        return None  # the two have 32-bit programs, too, and most of them run
    return Obstacle(
        f"/{start.path} is compiled for {entry.elf.machine}, and the image is for {shipped.image.config.architecture}",
        "A program only runs on the machine that it was compiled for: let the build choose that machine.",
        compile_lines(shipped) or shipped.attempt.final_from,
    )


def _not_executable(start: Start, entry: Entry, lines: tuple[int, ...]) -> Obstacle | None:
    if entry.kind is Kind.FILE and not entry.mode & _EXECUTE:
        actual = f"/{start.path} is not executable (mode {entry.mode:04o})"
        return Obstacle(actual, "Set its execute bit in the builder.", lines)
    return None


def compile_lines(shipped: Shipped) -> tuple[int, ...]:
    """The lines on which a program is compiled: this only points at a cause found in another way."""
    steps = (step for stage in shipped.attempt.dockerfile.stages for step in stage.instructions)
    return tuple(step.first_line for step in steps if runs(step, COMPILES))


def _missing_program(shipped: Shipped, start: Start, lines: tuple[int, ...]) -> Obstacle:
    if start.through_shell:
        return Obstacle(
            f"the start command is in shell form, so it needs {start.words[0]}, and this image has no shell",
            'Use the JSON form, with double quotes: CMD ["/program"].',
            lines,
        )
    name = start.words[0]
    namesakes = [path for path in shipped.tree if path.name == PurePosixPath(name).name and _may_run(shipped, path)]
    found = f"; there is {some_paths(sorted(namesakes))}" if namesakes else ""
    first, blank, _ = name.partition(" ")
    if blank and locate(shipped, first) is not None:
        actual = f"`{name}` is one string, so it is the name of a program that is not in the image"
        return Obstacle(
            actual, 'In the JSON form each argument is a string of its own: ["program", "argument"].', lines
        )
    if "/" in name:
        hint = "Compare the path in CMD or ENTRYPOINT with the place that you copied the program to."
        return Obstacle(f"`{name}` is not in the image{found}", hint, lines)
    hint = "A name without a path is looked for only in the folders of PATH: write the program's full path."
    return Obstacle(f"`{name}` is in no folder of the image's PATH{found}", hint, lines)


def _may_run(shipped: Shipped, path: PurePosixPath) -> bool:
    entry = shipped.tree[path].entry
    return entry.kind is Kind.FILE and bool(entry.mode & _EXECUTE)


def locate(shipped: Shipped, word: str) -> PurePosixPath | None:
    """Return where the engine finds the program that `word` names: on PATH, or from the working directory."""
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
