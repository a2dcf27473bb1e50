"""The program's source code stays in the builder."""

from grader.criteria.facts import Shipped
from grader.criteria.formatting import some_paths
from grader.criteria.outcome import Answer, Unmet

WHY = "Everyone who can pull the image gets its source, and the program does not need it."


def no_sources(shipped: Shipped, canary: str) -> Answer:
    """Passes if the `canary` comment that was planted in every source file is in the bytes of no layer."""
    matches = [match for match in shipped.image.matches if match.needle == canary.encode() and match.path is not None]
    if not matches:
        return None
    paths = sorted({match.path for match in matches if match.path is not None})
    layers = {match.layer for match in matches if match.layer is not None}
    hidden = all(path not in shipped.tree for path in paths)
    actual = some_paths(paths)
    if hidden:
        actual += " (deleted by a later instruction, but still in the layer below)"
    hint = "Copy the built program by its own path from the builder, not the folder that it was built in."
    return Unmet("no source file in any layer", actual, WHY, hint, shipped.lines_of_layers(layers))
