"""What there is to know of a language. A new language is one more file next to this one, and a line in `known.py`."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Toolchain:
    """Compilers and build tools, as they look in an image and in a container.

    `commands` are names of programs, the most telling first; `program_folders` and `folders` are parts of paths: every
    program below the first, and every folder that ends with one of the second, belongs to a toolchain. `marks` are
    texts in the bytes of its programs and in no others: one is enough. `product` is a text in all that it compiles, its
    own programs among them. `is_there` is a condition for a shell.
    """

    commands: tuple[str, ...] = ()
    program_folders: tuple[str, ...] = ()
    folders: tuple[str, ...] = ()
    marks: tuple[bytes, ...] = ()
    product: bytes = b""
    is_there: str = ""


@dataclass(frozen=True, slots=True)
class PackageCache:
    """What a tool keeps for its next run, as its manual says. `pattern` matches a file's path and has a `folder`."""

    name: str
    pattern: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class Advice:
    """What to try when a step failed and the cause that was read from its log, in lower case, has `pattern` in it."""

    pattern: re.Pattern[str]
    hint: str


@dataclass(frozen=True, slots=True)
class Tests:
    """How the tests of a program are run, and what its source is known by.

    `command` runs all tests without a network; `passed` is in its output once for each test that passed.
    `manifest` and `sources` (a pattern) are in the folder of every program, and `test_files` where there are tests;
    `elsewhere` are patterns of folders of the language's own, which are no programs of the learner's. `is_there` is a
    shell's condition for what runs them.
    """

    command: str
    is_there: str
    passed: str
    manifest: str
    sources: str
    test_files: str
    elsewhere: tuple[str, ...] = ()


def _nothing(_log: str) -> str:
    return ""


def _last_line(lines: Sequence[str]) -> str:
    return lines[-1]


@dataclass(frozen=True, slots=True)
class Language:
    """One language.

    `repositories` are the last parts of the names of its official images, and `ended` the year and month in which each
    of its releases gets its last fixes. `runtime` is the program that runs its code, empty if it is compiled;
    `packages` is the folder that packages are installed in. `compiles`, `installs` and `tests_with` are words of a RUN
    instruction, good only to point at a line. A field stays empty until a criterion asks for it.

    `cause_in` returns what one of its tools says of the reason for which it failed, read from the tool's log, or
    nothing if the log is no such tool's. `last_error_in` picks the most telling of a program's last lines.
    """

    name: str
    repositories: tuple[str, ...] = ()
    ended: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    toolchain: Toolchain = field(default_factory=Toolchain)
    ships_toolchain: bool = False
    """Whether its official images carry a compiler, so that no final stage is to begin from one."""
    caches: tuple[PackageCache, ...] = ()
    runtime: str = ""
    packages: str = ""
    compiles: tuple[str, ...] = ()
    installs: tuple[str, ...] = ()
    tests_with: tuple[str, ...] = ()
    advice: tuple[Advice, ...] = ()
    cause_in: Callable[[str], str] = _nothing
    last_error_in: Callable[[Sequence[str]], str] = _last_line
