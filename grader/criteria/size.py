"""The image is no larger than the exercise's budget."""

from grader.criteria.facts import Shipped
from grader.criteria.formatting import megabytes, shortened
from grader.criteria.outcome import Answer, Unmet

WHY = "Every byte is stored, pulled and scanned again wherever the image goes."


def size(shipped: Shipped, budget: int) -> Answer:
    """Passes if the regular files of all layers together have at most `budget` bytes; else it names what is to blame.

    That is the base if it is most of the image, or if the rest alone would be within the budget; else the heaviest
    layer.
    """
    image = shipped.image
    if image.size <= budget:
        return None
    heaviest = max(range(len(image.layers)), key=lambda index: image.layers[index].size)
    from_base = sum(layer.size for layer in image.layers[: shipped.base_layers])
    added = image.size - from_base
    if from_base > added or added <= budget:
        cause = f"{megabytes(from_base)} of it come from the base image {shipped.base_reference}"
        hint = "Start the final stage from a smaller base, and copy into it only what the program needs."
        lines = shipped.attempt.final_from
    else:
        layer = image.layers[heaviest]
        cause = f"its largest layer has {megabytes(layer.size)}: {shortened(layer.created_by, 80)}"
        hint = "Copy only what the program needs to run; look at each layer with `docker history IMAGE`."
        lines = shipped.lines_of_layers({heaviest})
    return Unmet(f"at most {megabytes(budget)}", f"{megabytes(image.size)}; {cause}", WHY, hint, lines)
