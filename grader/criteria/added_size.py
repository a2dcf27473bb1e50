"""The image adds little to the base that it starts from, however large that base has to be."""

from grader.criteria.facts import Shipped
from grader.criteria.outcome import Answer, Unmet
from grader.criteria.words import megabytes, shortened
from grader.image.tree import added_size

WHY = "The base is shared by all images on it; what an image adds is pulled again with each of its versions."


def adds_little(shipped: Shipped, budget: int, *, or_in_all: int) -> Answer:
    """Hold if the layers above the base have at most `budget` bytes, or the image with its base at most `or_in_all`.

    The second is for who starts from a smaller base and brings the runtime along.
    """
    image, diff_ids = shipped.image, shipped.base.diff_ids if shipped.base else ()
    added = added_size(image, diff_ids)
    if added <= budget or image.size <= or_in_all:
        return None
    heaviest = max(range(shipped.base_layers, len(image.layers)), key=lambda index: image.layers[index].size, default=0)
    layer = image.layers[heaviest]
    cause = f"the heaviest layer has {megabytes(layer.size)}: {shortened(layer.created_by, 80)}"
    actual = f"{megabytes(added)} on top of {shipped.base_reference}; {cause}"
    hint = "See what that instruction leaves behind, tools' caches too; what other stages do is not shipped."
    lines = shipped.lines_of_layers({heaviest})
    return Unmet(f"at most {megabytes(budget)} on top of the base image", actual, WHY, hint, lines)
