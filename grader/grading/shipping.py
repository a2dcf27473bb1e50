"""Gathers the facts of a built image for criteria and for the record. Reads from the engine; judges nothing."""

from collections.abc import Callable
from contextlib import closing

from grader.criteria.facts import Attempt, Shipped
from grader.dockerfile.model import Dockerfile, Stage
from grader.dockerfile.stages import target_stage
from grader.engine.client import Engine
from grader.engine.streaming import until_cancelled
from grader.image.provenance import layer_lines
from grader.image.reader import read_image
from grader.image.tree import added_size, hidden_bytes, merged_tree
from grader.verdict import ImageSummary, LayerSummary, StageSummary

TOOLCHAIN_REPOSITORIES = ("golang",)
"""Last parts of the repositories whose images carry a compiler."""


def ship(
    engine: Engine, tag: str, attempt: Attempt, needles: tuple[bytes, ...], is_cancelled: Callable[[], bool]
) -> Shipped:
    """Read the image `tag` in one pass, searching all layers for `needles`, and gather what explains it.

    Raises:
        CancelledError: `is_cancelled` said so while it was read.

    """
    with closing(engine.save(tag)) as chunks:
        image = read_image(until_cancelled(chunks, is_cancelled), needles)
    reference = final_base(attempt.dockerfile, target_stage(attempt.dockerfile, attempt.target))
    return Shipped(
        attempt=attempt,
        image=image,
        tree=merged_tree(image),
        base_reference=reference,
        base=engine.inspect_image(reference) if reference not in ("", "scratch") else None,
        toolchains=_toolchains(engine),
        layer_lines=layer_lines(image, attempt.final_instructions),
    )


def final_base(dockerfile: Dockerfile, stage: Stage | None) -> str:
    """Return the image reference on which `stage` rests in the end, through the stages it is based on."""
    while stage is not None and stage.base_stage is not None:
        stage = dockerfile.stages[stage.base_stage]
    return stage.base if stage else ""


def _toolchains(engine: Engine) -> dict[str, tuple[str, ...]]:
    found = {}
    for reference in engine.image_references():
        repository = reference.rpartition(":")[0]
        if repository.rpartition("/")[2] in TOOLCHAIN_REPOSITORIES:
            inspection = engine.inspect_image(reference)
            if inspection:
                found[reference] = inspection.diff_ids
    return found


def image_summary(shipped: Shipped) -> ImageSummary:
    """Put the image into the verdict's words."""
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


def stage_summaries(dockerfile: Dockerfile) -> tuple[StageSummary, ...]:
    """Put the stages into the verdict's words; a stage without a name is called by its number."""
    names = [stage.name or str(stage.index) for stage in dockerfile.stages]
    return tuple(
        StageSummary(
            names[stage.index],
            stage.base,
            tuple(dict.fromkeys(copy.source if copy.stage is None else names[copy.stage] for copy in stage.copies)),
        )
        for stage in dockerfile.stages
    )
