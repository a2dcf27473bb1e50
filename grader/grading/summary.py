"""Puts the facts of an image into the verdict's form. Reads nothing and judges nothing."""

from grader.criteria.facts import Shipped
from grader.image.tree import added_size, hidden_bytes
from grader.verdict import ImageSummary, LayerSummary


def image_summary(shipped: Shipped) -> ImageSummary:
    """Return the image in the verdict's form."""
    base_diff_ids = shipped.base.diff_ids if shipped.base else ()
    hidden = hidden_bytes(shipped.image)
    layers = tuple(
        LayerSummary(layer.created_by, layer.size, index < len(base_diff_ids), _line_of(shipped, index), hidden[index])
        for index, layer in enumerate(shipped.image.layers)
    )
    return ImageSummary(shipped.image.size, shipped.base_reference, added_size(shipped.image, base_diff_ids), layers)


def _line_of(shipped: Shipped, layer: int) -> int | None:
    lines = shipped.lines_of_layers({layer})
    return lines[0] if lines else None
