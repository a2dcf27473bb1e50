"""A build without a target gives what is shipped: the program that answers, no tools, no shell."""

from grader.criteria.answers_http import answers_http
from grader.criteria.facts import Shipped
from grader.criteria.formatting import some_paths
from grader.criteria.no_toolchain import no_toolchain
from grader.criteria.outcome import Answer, Unmet
from grader.engine.model import Exchange
from grader.image.model import Kind

WHY = "People who forget --target must get the image for production, not the one for debugging."
_SHELLS = frozenset({"sh", "bash", "ash", "dash", "zsh", "ksh", "busybox", "toybox"})
_FOLDERS = frozenset({"", "bin", "sbin", "busybox"})
_KINDS = (Kind.FILE, Kind.HARDLINK, Kind.SYMLINK)


def default_is_runtime(exchange: Exchange, shipped: Shipped) -> Answer:
    """Passes if the image has no toolchain and no shell, and its program answers."""
    return no_toolchain(shipped) or _no_shell(shipped) or answers_http(exchange, shipped)


def _no_shell(shipped: Shipped) -> Answer:
    paths = sorted(
        path
        for path, placed in shipped.tree.items()
        if path.name in _SHELLS and path.parent.name in _FOLDERS and placed.entry.kind in _KINDS
    )
    if not paths:
        return None
    return Unmet(
        expected="a build without --target gives an image without a shell",
        actual=f"it has {some_paths(paths)}",
        why=WHY,
        hint="Without --target the last stage is built: is it the one for production, and does its base have a shell?",
        lines=shipped.lines_of_layers({shipped.tree[path].layer for path in paths}),
    )
