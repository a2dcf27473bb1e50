"""The image adds little to the base that it starts from, however large that base is."""

from grader.criteria.facts import Shipped
from grader.criteria.formatting import megabytes, shortened
from grader.criteria.outcome import Answer, Unmet
from grader.image.tree import begins_with

WHY = "All images on a base share it; what an image adds is pulled again with each new version."


def adds_little(shipped: Shipped, budget: int, *, runtime: str) -> Answer:
    """Passes if the layers above the base have at most `budget` bytes of regular files.

    The program called `runtime` and shared libraries do not count the first time that they come: an image with
    a smaller base has to bring them itself.
    """
    image = shipped.image
    known: set[str] = set()
    weights = {}
    for index in range(shipped.base_layers if _rests_on_base(shipped) else 0, len(image.layers)):
        aside = 0
        for entry in image.layers[index].entries:
            name = entry.path.name
            if entry.elf is not None and (name == runtime or ".so" in name) and name not in known:
                known.add(name)
                aside += entry.size
        weights[index] = image.layers[index].size - aside
    added = sum(weights.values())
    if added <= budget:
        return None
    heaviest = max(weights, key=lambda index: weights[index])
    created = shortened(image.layers[heaviest].created_by, 80)
    actual = f"{megabytes(added)}; the largest part, {megabytes(weights[heaviest])}, comes from {created}"
    expected = (
        f"at most {megabytes(budget)} on top of {shipped.base_reference or 'the base'} (not counting {runtime} itself)"
    )
    hint = "Look at what that instruction leaves behind, also the caches of tools; what other stages do is not shipped."
    return Unmet(expected, actual, WHY, hint, shipped.lines_of_layers({heaviest}))


def _rests_on_base(shipped: Shipped) -> bool:
    return shipped.base is not None and begins_with(shipped.image, shipped.base.diff_ids)
