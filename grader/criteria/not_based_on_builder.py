"""The final image is not built on top of the image that compiles."""

from grader.criteria.facts import Attempt, Shipped
from grader.criteria.outcome import Answer, Unmet
from grader.dockerfile.stages import target_stage
from grader.image.tree import begins_with
from grader.languages.known import TOOLCHAIN_REPOSITORIES

WHY = "Layers only add: later instructions can hide what the base brings, but never remove it."

_IMAGES = (*TOOLCHAIN_REPOSITORIES, "alpine", "busybox", "debian", "node", "python", "scratch", "ubuntu")
"""Names of images that stages are called by mistake."""


def not_based_on_builder(shipped: Shipped) -> Answer:
    """Passes if the image's lowest layers are not those of a toolchain image that the engine knows."""
    for reference, diff_ids in shipped.toolchains.items():
        if diff_ids and begins_with(shipped.image, diff_ids):
            hidden = _hidden_image(shipped.attempt)
            if hidden:
                return hidden
            return Unmet(
                expected="a final stage that starts from a base without a toolchain",
                actual=f"its lowest {_layers(len(diff_ids))} of {reference}",
                why=WHY,
                hint="Begin the last stage with its own FROM, which names a small base.",
                lines=shipped.attempt.final_from,
            )
    return None


def _hidden_image(attempt: Attempt) -> Unmet | None:
    """Explain a final FROM that names a stage which is called like an image with a tag or without one."""
    last = target_stage(attempt.dockerfile, attempt.target)
    base = attempt.dockerfile.stages[last.base_stage] if last and last.base_stage is not None else None
    if last is None or base is None or base.name != last.base.lower() or base.name not in _IMAGES:
        return None
    return Unmet(
        expected="a final stage that starts from a base without a toolchain",
        actual=f"FROM {last.base} on line {last.first_line} begins from your stage {base.name}, and not from an image",
        why=WHY,
        hint=f"Give the stage on line {base.first_line} a name that no image has.",
        lines=(base.first_line, last.first_line),
    )


def _layers(count: int) -> str:
    return "layer is that" if count == 1 else f"{count} layers are those"
