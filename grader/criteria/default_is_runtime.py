"""A build without a target gives what is shipped: the program that answers, no tools, no shell."""

from grader.criteria.answers_http import answers_http
from grader.criteria.facts import Shipped
from grader.criteria.formatting import some_paths
from grader.criteria.no_toolchain import no_toolchain
from grader.criteria.outcome import Answer, Unmet
from grader.engine.model import Exchange
from grader.image.model import Entry, Kind
from grader.languages.shell import MARKS

WHY = "People who forget --target must get the image for production, not the one for debugging."
_SHELLS = frozenset({"sh", "bash", "ash", "dash", "zsh", "ksh", "busybox", "toybox"})
_FOLDERS = frozenset({"", "bin", "sbin", "busybox"})
_KINDS = (Kind.FILE, Kind.HARDLINK, Kind.SYMLINK)


def default_is_runtime(exchange: Exchange, shipped: Shipped) -> Answer:
    """Passes if no layer has a toolchain or a shell, hidden files included, and the image's program answers."""
    return no_toolchain(shipped) or _no_shell(shipped) or answers_http(exchange, shipped)


def _no_shell(shipped: Shipped) -> Answer:
    layers = enumerate(shipped.image.layers)
    found = {entry.path: index for index, layer in layers for entry in layer.entries if _is_shell(entry)}
    if not found:
        return None
    paths = sorted(found, key=lambda path: (path.name not in _SHELLS, path))
    return Unmet(
        expected="a build without --target gives an image without a shell",
        actual=f"it has {some_paths(paths)}",
        why=WHY,
        hint="Without --target the last stage is built: is it the one for production, and does its base have a shell?",
        lines=shipped.lines_of_layers(set(found.values())),
    )


def _is_shell(entry: Entry) -> bool:
    """Whether it has a shell's name in a folder of programs, or is a program that has all that a shell has."""
    if entry.elf is not None and entry.elf.marks.issuperset(MARKS):
        return True
    return entry.path.name in _SHELLS and entry.path.parent.name in _FOLDERS and entry.kind in _KINDS
