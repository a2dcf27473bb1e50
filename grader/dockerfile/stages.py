"""Questions about the stages of a Dockerfile: which one is built, what it needs, which images must be had. Pure."""

from collections.abc import Sequence
from itertools import islice

from grader.dockerfile.model import Dockerfile, Instruction, Stage
from grader.dockerfile.references import is_image_reference
from grader.dockerfile.staging import TRIGGER_CAP


def target_stage(dockerfile: Dockerfile, target: str | None = None) -> Stage | None:
    """Return the stage that `--target` names, the last one without; None if there is none.

    BuildKit takes names only, in any case; the last of two that share a name; no numbers.
    """
    if target is None:
        return dockerfile.stages[-1] if dockerfile.stages else None
    return next((stage for stage in reversed(dockerfile.stages) if stage.name and target.lower() == stage.name), None)


def needed_stages(dockerfile: Dockerfile, target: str | None = None) -> tuple[Stage, ...]:
    """Return the stages that building `target` takes, in order: BuildKit leaves out the others."""
    last = target_stage(dockerfile, target)
    return reachable(dockerfile.stages, last) if last else ()


def reachable(stages: Sequence[Stage], last: Stage) -> tuple[Stage, ...]:
    """Return `last` and the stages that it rests on or takes from, in order."""
    needed: set[int] = set()
    waiting = [last.index]
    while waiting:
        index = waiting.pop()
        if index in needed:
            continue
        needed.add(index)
        stage = stages[index]
        waiting += [other for other in (stage.base_stage, *(copy.stage for copy in stage.copies)) if other is not None]
    return tuple(stages[index] for index in sorted(needed))


def external_images(dockerfile: Dockerfile, target: str | None = None) -> tuple[str, ...]:
    """Return the images that building `target` takes from outside, each once, in order of appearance.

    What cannot be an image's name is left out, and so is a bare number, which is meant for a stage.
    """
    found = []
    for stage in needed_stages(dockerfile, target):
        if stage.base_stage is None:
            found.append(stage.base)
        found += [copy.source for copy in stage.copies if copy.stage is None and not copy.source.isdecimal()]
    return tuple(dict.fromkeys(image for image in found if image != "scratch" and is_image_reference(image)))


def chain(dockerfile: Dockerfile, stage: Stage) -> tuple[Instruction, ...]:
    """Return the instructions that make a stage's image, its base stages' first; FROM is left out."""
    stages = [stage]
    while stages[-1].base_stage is not None:
        stages.append(dockerfile.stages[stages[-1].base_stage])
    return tuple(step for part in reversed(stages) for step in part.instructions)


def triggers_of(dockerfile: Dockerfile, stage: Stage) -> tuple[Instruction, ...]:
    """Return the ONBUILD triggers that run at the FROM of `stage`: those of the stage that it begins from."""
    steps = dockerfile.stages[stage.base_stage].instructions if stage.base_stage is not None else ()
    return tuple(islice((step.trigger for step in steps if step.trigger), TRIGGER_CAP))


def runs_something(dockerfile: Dockerfile, stage: Stage) -> bool:
    """Whether building the stage runs a command, by itself or by a trigger."""
    return any(step.keyword == "RUN" for step in (*triggers_of(dockerfile, stage), *stage.instructions))


def final_base(dockerfile: Dockerfile, stage: Stage | None) -> str:
    """Return the image reference on which `stage` rests in the end, through the stages it is based on."""
    while stage is not None and stage.base_stage is not None:
        stage = dockerfile.stages[stage.base_stage]
    return stage.base if stage else ""
