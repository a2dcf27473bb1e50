"""What only speeds the build up stays out of the image."""

import re

from grader.criteria.facts import Shipped
from grader.criteria.formatting import megabytes
from grader.criteria.outcome import Answer, Unmet
from grader.image.model import Entry, Kind

WHY = "A cache helps the machine that builds; in an image, everyone who runs it has to pull and store it."
_OBJECT = re.compile(r"[0-9a-f]{64}-[ad]")
"""Files of Go's build cache: `cmd/go/internal/cache` names them by hash and kind."""


def cache_not_shipped(shipped: Shipped) -> Answer:
    """Passes if no layer above the base brings files of Go's build cache, hidden or not."""
    found: dict[str, int] = {}
    layers = set()
    for index, layer in enumerate(shipped.image.layers[shipped.base_layers :], shipped.base_layers):
        for entry in filter(_is_cached, layer.entries):
            folder = f"/{entry.path.parent.parent}"
            found[folder] = found.get(folder, 0) + entry.size
            layers.add(index)
    if not found:
        return None
    folder = max(found, key=lambda name: found[name])
    actual = f"{folder} has Go's build cache ({megabytes(sum(found.values()))})"
    hint = "Copy only the program; a mounted cache is in no layer, unless a command copies it into one."
    return Unmet("no file of a build cache in any layer", actual, WHY, hint, shipped.lines_of_layers(layers))


def _is_cached(entry: Entry) -> bool:
    return entry.kind is Kind.FILE and _OBJECT.fullmatch(entry.path.name) is not None
