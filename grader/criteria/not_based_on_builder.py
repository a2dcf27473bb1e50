"""The final image is not built on top of the image that compiles."""

from grader.criteria.facts import Shipped
from grader.criteria.outcome import Answer, Unmet
from grader.image.tree import begins_with

WHY = "Layers only add: later instructions can hide what the base brings, but never remove it."


def not_based_on_builder(shipped: Shipped) -> Answer:
    """Passes if the image's lowest layers are not those of a toolchain image that the engine knows."""
    for reference, diff_ids in shipped.toolchains.items():
        if diff_ids and begins_with(shipped.image, diff_ids):
            return Unmet(
                expected="a final stage that starts from a base without a toolchain",
                actual=f"its lowest {_layers(len(diff_ids))} of {reference}",
                why=WHY,
                hint="Begin the last stage with its own FROM, which names a small base.",
                lines=shipped.attempt.final_from,
            )
    return None


def _layers(count: int) -> str:
    return "layer is that" if count == 1 else f"{count} layers are those"
