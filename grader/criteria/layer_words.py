"""How a layer is called in feedback: by the instruction that made it, as the learner wrote it. No judgement here."""

from grader.criteria.facts import Shipped
from grader.criteria.formatting import shortened

_MOST = 80


def step_of(shipped: Shipped, layer: int) -> str:
    """Return the instruction that made the layer, on one line; the words of the image's history if it is not known."""
    line = next(iter(shipped.lines_of_layers({layer})), None)
    steps = shipped.attempt.final_instructions
    known = next((step.original for step in steps if step.first_line == line), "")
    return shortened((known or shipped.image.layers[layer].created_by).replace("\\\n", " "), _MOST)
