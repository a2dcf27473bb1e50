"""Packages that only the build needs stay in the builders."""

from collections.abc import Sequence
from pathlib import PurePosixPath

from grader.criteria.facts import Shipped
from grader.criteria.formatting import megabytes, some_paths
from grader.criteria.outcome import Answer, Unmet
from grader.image.model import Kind

WHY = "Most of a node_modules folder is tools that only build or test, and each is one more thing to patch."


def dev_deps_absent(shipped: Shipped, packages: Sequence[str]) -> Answer:
    """Passes if no layer, hidden files included, brings an installed file of `packages`, such as `@scope/name`."""
    found: dict[PurePosixPath, set[int]] = {}
    weight = 0
    for index, layer in enumerate(shipped.image.layers):
        for entry in layer.entries:
            folder = _installed(entry.path, packages) if entry.kind in (Kind.FILE, Kind.HARDLINK) else None
            if folder is not None:
                found.setdefault(folder, set()).add(index)
                weight += entry.size
    if not found:
        return None
    folders = sorted(found)
    actual = f"{some_paths(folders)} ({megabytes(weight)})"
    seen = {folder for path in shipped.tree if (folder := _installed(path, packages)) is not None}
    if not seen & set(folders):
        actual += ", deleted by a later instruction, but still in the layer below"
    hint = "Copy node_modules from a stage that has only what the service needs: npm can leave out the rest."
    layers = set().union(*found.values())
    return Unmet("no package that only the build needs", actual, WHY, hint, shipped.lines_of_layers(layers))


def _installed(path: PurePosixPath, packages: Sequence[str]) -> PurePosixPath | None:
    """Return the folder of the package that `path` is in, if it is one of `packages`, wherever that folder is."""
    rooted = f"/{path}"
    for package in packages:
        before, inside, _ = rooted.partition(f"/{package}/")
        if inside:
            return PurePosixPath(f"{before}/{package}".lstrip("/"))
    return None
