"""What package managers and compilers keep for their next run stays out of the image."""

import re
from pathlib import PurePosixPath

from grader.criteria.facts import Shipped
from grader.criteria.formatting import megabytes
from grader.criteria.layer_words import step_of
from grader.criteria.outcome import Answer, Unmet
from grader.image.model import Entry, Kind
from grader.languages.known import CACHES
from grader.languages.model import PackageCache

WHY = "A cache makes the next run of its tool faster; in a container that tool never runs again."
_CACHES = (
    *CACHES,
    PackageCache("apt's package lists", re.compile(r"(?P<folder>var/lib/apt/lists)/.+")),
    PackageCache("apt's archives", re.compile(r"(?P<folder>var/cache/apt)/.+\.(?:deb|bin)")),
    PackageCache("apk's cache", re.compile(r"(?P<folder>var/cache/apk|etc/apk/cache)/.+")),
)
"""Those of the languages' tools, and those of the distributions."""


def no_package_caches(shipped: Shipped) -> Answer:
    """Passes if no layer above the base has a file of such a cache, hidden ones included; empty files do not count."""
    found: dict[tuple[str, str], int] = {}
    layers: dict[int, int] = {}
    is_seen = False
    for index, layer in enumerate(shipped.image.layers[shipped.base_layers :], shipped.base_layers):
        for entry in layer.entries:
            cache = cache_of(entry)
            if cache is None:
                continue
            found[cache] = found.get(cache, 0) + entry.size
            layers[index] = layers.get(index, 0) + entry.size
            is_seen = is_seen or entry.path in shipped.tree
    if not found:
        return None
    heaviest = max(layers, key=lambda index: layers[index])
    named = sorted(found, key=lambda cache: -found[cache])
    parts = ", ".join(f"{name} in {folder} ({megabytes(found[name, folder])})" for name, folder in named)
    actual = f"{parts}, left by `{step_of(shipped, heaviest)}`"
    if not is_seen:
        actual += " and deleted by a later instruction, which leaves them in the layer below"
    hint = "Run the tool in a stage that is not shipped, or delete its cache in the same RUN that fills it."
    return Unmet("no cache of a package manager in any layer", actual, WHY, hint, shipped.lines_of_layers(set(layers)))


def cache_of(entry: Entry) -> tuple[str, str] | None:
    """Return whose cache the file belongs to and the cache's absolute folder; None for other files and empty ones."""
    if entry.kind is not Kind.FILE or not entry.size:
        return None
    return _cache_at(entry.path)


def _cache_at(path: PurePosixPath) -> tuple[str, str] | None:
    for cache in _CACHES:
        match = cache.pattern.fullmatch(str(path))
        if match:
            return cache.name, f"/{match['folder']}"
    return None
