"""The languages that the kit knows, and what all of them together say. Nothing is known here of any one of them."""

from grader.languages.c import C
from grader.languages.go import GO
from grader.languages.model import Language, PackageCache
from grader.languages.node import NODE
from grader.languages.python import PYTHON
from grader.languages.shell import MARKS as SHELL_MARKS

LANGUAGES: tuple[Language, ...] = (GO, NODE, PYTHON, C)
CACHES: tuple[PackageCache, ...] = tuple(cache for language in LANGUAGES for cache in language.caches)
TOOLCHAIN_REPOSITORIES = tuple(name for each in LANGUAGES if each.ships_toolchain for name in each.repositories)
"""Last parts of the repositories whose images carry a compiler."""
_TOOLCHAINS = tuple(language.toolchain for language in LANGUAGES)
PROGRAM_MARKS = (*(mark for each in _TOOLCHAINS for mark in (*each.marks, each.product) if mark), *SHELL_MARKS)
"""What to look for in the bytes of programs: it tells what they are, under any name."""
COMPILES = tuple(words for language in LANGUAGES for words in language.compiles)
ENDED = {name: language.ended for language in LANGUAGES for name in language.repositories}
"""Year and month of the last fixes of each release, by the last part of the image's repository."""


def cause_in(log: str) -> str:
    """Return what a language's tool says of the reason for which it failed; empty if no tool is recognized."""
    return next((cause for language in LANGUAGES if (cause := language.cause_in(log))), "")


def last_error_in(log: str) -> str:
    """Return the line that says most of what a program wrote before it ended; empty if it wrote nothing."""
    lines = [line.strip() for line in log.splitlines() if line.strip()]
    if not lines:
        return ""
    found = (language.last_error_in(lines) for language in LANGUAGES)
    return next((line for line in found if line != lines[-1]), lines[-1])
