"""Every stand-in that can be made, and which one serves a reference. The other modules of this package make them."""

from grader.base_images.stand_ins import alpine, busybox, debian, distroless, golang, node, python
from grader.base_images.stand_ins.recipe import Recipe
from grader.dockerfile.references import parse_reference

RECIPES: tuple[Recipe, ...] = (
    *golang.RECIPES,
    *node.RECIPES,
    *python.RECIPES,
    *alpine.RECIPES,
    *debian.RECIPES,
    *busybox.RECIPES,
    *distroless.RECIPES,
)


def find_recipe(reference: str) -> Recipe | None:
    """Return the recipe that serves `reference` as a Dockerfile writes it, or None; no recipe serves a digest."""
    parsed = parse_reference(reference)
    for recipe in RECIPES:
        if parsed is not None and parsed.familiar in recipe.references:
            return recipe
    return None
