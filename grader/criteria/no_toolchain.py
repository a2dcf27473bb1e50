"""Compilers and build tools stay in the builder."""

from pathlib import PurePosixPath

from grader.criteria.facts import Shipped
from grader.criteria.formatting import megabytes, some_paths
from grader.criteria.outcome import Answer, Unmet
from grader.image.model import Entry, Kind
from grader.languages.known import LANGUAGES

WHY = "A toolchain in production needs hundreds of MB, and gives an attacker a compiler."
_TOOLCHAINS = tuple(language.toolchain for language in LANGUAGES)
_RANKS = {
    command: (rank, number)
    for number, toolchain in enumerate(_TOOLCHAINS)
    for rank, command in enumerate(toolchain.commands)
}
"""The order in which commands are named: the first ones of each language say most."""
_FOLDERS = tuple(folder for toolchain in _TOOLCHAINS for folder in toolchain.folders)
_PROGRAM_FOLDERS = tuple(f"{folder}/" for toolchain in _TOOLCHAINS for folder in toolchain.program_folders)
_MARKS = frozenset(mark for toolchain in _TOOLCHAINS for mark in toolchain.marks)
_PRODUCTS = frozenset(toolchain.product for toolchain in _TOOLCHAINS if toolchain.product)
_NAMED = 2
_COMPILER_PARENTS = frozenset({"bin", "libexec"})


def no_toolchain(shipped: Shipped) -> Answer:
    """Passes if no layer, hidden files included, brings a Go tree, the go command or a C compiler.

    Names and folders tell, and so do the bytes of a program under any name.
    """
    found: dict[PurePosixPath, int] = {}
    weight = 0
    for index, layer in enumerate(shipped.image.layers):
        for entry in layer.entries:
            if _is_toolchain(entry):
                found.setdefault(entry.path, index)
                weight += entry.size
    if not found:
        return None
    paths = sorted(found, key=_rank)
    lines = shipped.lines_of_layers(set(found.values()))
    actual = f"{some_paths(paths, _NAMED)} ({megabytes(weight)})"
    hint = "Start a second stage from a base without a compiler, and copy only the built program with COPY --from."
    return Unmet("no compiler and no Go tree in the image", actual, WHY, hint, lines)


def _rank(path: PurePosixPath) -> tuple[int, int, int, str]:
    return *_RANKS.get(path.name, (len(_RANKS), 0)), len(path.parts), str(path)


def _is_toolchain(entry: Entry) -> bool:
    path = entry.path
    marks = entry.elf.marks if entry.elf else frozenset()
    if marks & (_MARKS | _PRODUCTS):
        return bool(marks & _MARKS)  # a program that it made is none of its own, even if somebody calls it `go`
    if entry.kind in (Kind.FILE, Kind.HARDLINK, Kind.SYMLINK):
        in_bin = path.parent.name in _COMPILER_PARENTS or path.name == "cc1"
        if in_bin and path.name in _RANKS and (entry.kind is not Kind.FILE or entry.elf is not None):
            return True
        return entry.elf is not None and any(folder in str(path) for folder in _PROGRAM_FOLDERS)
    return entry.kind is Kind.DIRECTORY and str(path).endswith(_FOLDERS)
