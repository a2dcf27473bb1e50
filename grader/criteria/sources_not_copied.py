"""The step that compiles has the source, and no layer of any stage has it."""

from collections.abc import Sequence

from grader.criteria.facts import Shipped
from grader.criteria.formatting import some_paths
from grader.criteria.outcome import Answer, Unmet

WHY = "A copy of the source is a new layer after every edit, and a step needs to read it only once."


def sources_not_copied(stages: Sequence[Shipped], canary: str) -> Answer:
    """Passes if the `canary` that was planted in every Go file is in no layer of the needed `stages`."""
    for shipped in stages:
        matches = [match for match in shipped.image.matches if match.needle == canary.encode()]
        paths = sorted({match.path for match in matches if match.path is not None})
        if not paths:
            continue
        stage = shipped.attempt.dockerfile.stages[-1]
        actual = f"in the layers of stage {stage.name or stage.index}: {some_paths(paths)}"
        if all(path not in shipped.tree for path in paths):
            actual += " (deleted by a later instruction, but still in the layer below)"
        layers = {match.layer for match in matches if match.layer is not None and match.path is not None}
        hint = "A RUN can mount the build context while it runs: then nothing has to be copied."
        return Unmet("no source file in any layer of any stage", actual, WHY, hint, shipped.lines_of_layers(layers))
    return None
