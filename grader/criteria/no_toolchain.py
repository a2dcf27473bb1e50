"""Compilers and build tools stay behind in the builder."""

from pathlib import PurePosixPath

from grader.criteria.facts import Shipped
from grader.criteria.outcome import Answer, Unmet
from grader.criteria.words import megabytes, some_paths
from grader.image.model import Entry, Kind

WHY = "A toolchain in production weighs hundreds of MB and hands an intruder a compiler."
_COMMANDS = ("go", "gcc", "clang", "tinygo", "gofmt", "g++", "cc", "cc1")
"""In the order in which they are told: the first ones say most."""
_TOLD = 2
_COMPILER_PARENTS = frozenset({"bin", "libexec"})
_GO_TREE = ("pkg/tool", "src/runtime")


def no_toolchain(shipped: Shipped) -> Answer:
    """Hold if no layer, hidden files included, brings a Go tree, the go command or a C compiler."""
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
    actual = f"{some_paths(paths, _TOLD)} ({megabytes(weight)})"
    hint = "Begin a second stage from a base without a compiler and take only the built program over with COPY --from."
    return Unmet("no compiler and no Go tree in the image", actual, WHY, hint, lines)


def _rank(path: PurePosixPath) -> tuple[int, int, str]:
    rank = _COMMANDS.index(path.name) if path.name in _COMMANDS else len(_COMMANDS)
    return rank, len(path.parts), str(path)


def _is_toolchain(entry: Entry) -> bool:
    path = entry.path
    if entry.kind in (Kind.FILE, Kind.HARDLINK, Kind.SYMLINK):
        in_bin = path.parent.name in _COMPILER_PARENTS or path.name == "cc1"
        if in_bin and path.name in _COMMANDS and (entry.kind is not Kind.FILE or entry.elf is not None):
            return True
        return "pkg/tool/" in str(path) and entry.elf is not None
    return entry.kind is Kind.DIRECTORY and str(path).endswith(_GO_TREE)
