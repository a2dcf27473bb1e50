"""Packages that only the build needs stay in the builders."""

from collections.abc import Sequence
from pathlib import PurePosixPath

from grader.criteria.facts import Shipped
from grader.criteria.formatting import megabytes, some_paths
from grader.criteria.outcome import Answer, Unmet
from grader.image.model import Kind
from grader.image.packed import MANIFEST as _MANIFEST

MANIFEST = _MANIFEST.decode()

WHY = "Most of a node_modules folder is tools that only build or test, and each is one more thing to patch."


def dev_deps_absent(shipped: Shipped, packages: Sequence[str]) -> Answer:
    """Passes if no layer, hidden files included, brings one of `packages`, such as `@scope/name`: installed or packed.

    An installed one is known by its folder in any other, or by its package.json; a packed one by that file, too.
    """
    stated = {(stated.layer, stated.path) for stated in shipped.image.packages if stated.name in packages}
    found: dict[PurePosixPath, set[int]] = {}
    seen: set[PurePosixPath] = set()
    weight = 0
    for index, layer in enumerate(shipped.image.layers):
        for entry in layer.entries:
            if entry.kind not in (Kind.FILE, Kind.HARDLINK):
                continue
            place = _installed(entry.path, packages) or _stated(entry.path, is_one=(index, entry.path) in stated)
            if place is not None:
                found.setdefault(place, set()).add(index)
                if entry.path in shipped.tree:
                    seen.add(place)
                weight += entry.size
    if not found:
        return None
    places = sorted(found)
    actual = f"{some_paths(places)} ({megabytes(weight)})"
    hidden = [place for place in places if place not in seen]
    if hidden:
        which = f"{some_paths(hidden, 1)} {'is' if len(hidden) == 1 else 'are'}" if seen else "it is"
        actual += f"; {which} deleted by a later instruction, but still in the layer below"
    hint = "Copy node_modules from a stage that has only what the service needs: npm can leave out the rest."
    if {path for _, path in stated} >= found.keys():
        hint = "That is a package as npm gets it, not installed: copy only what the service needs when it runs."
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


def _stated(path: PurePosixPath, *, is_one: bool) -> PurePosixPath | None:
    """Return where the package is that is stated at `path`: the folder of its package.json, or the archive."""
    if not is_one:
        return None
    return path.parent if path.name == MANIFEST else path
