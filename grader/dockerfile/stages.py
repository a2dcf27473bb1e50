"""Questions about the stages of a Dockerfile: which one is built, what it needs, which images must be had. Pure."""

from grader.dockerfile.model import Dockerfile, Instruction, Stage


def target_stage(dockerfile: Dockerfile, target: str | None = None) -> Stage | None:
    """Return the stage that `--target` names (name or number), the last one without; None if there is none."""
    if target is None:
        return dockerfile.stages[-1] if dockerfile.stages else None
    for stage in reversed(dockerfile.stages):
        if target.lower() == stage.name:
            return stage
    if target.isascii() and target.isdecimal() and int(target[:9]) < len(dockerfile.stages):
        return dockerfile.stages[int(target[:9])]
    return None


def needed_stages(dockerfile: Dockerfile, target: str | None = None) -> tuple[Stage, ...]:
    """Return the stages that building `target` takes, in order: BuildKit leaves out the others."""
    last = target_stage(dockerfile, target)
    needed: set[int] = set()
    waiting = [last] if last else []
    while waiting:
        stage = waiting.pop()
        if stage.index in needed:
            continue
        needed.add(stage.index)
        others = [stage.base_stage, *(copy.stage for copy in stage.copies)]
        waiting += [dockerfile.stages[index] for index in others if index is not None]
    return tuple(dockerfile.stages[index] for index in sorted(needed))


def external_images(dockerfile: Dockerfile, target: str | None = None) -> tuple[str, ...]:
    """Return the images that building `target` takes from outside, each once, in order of appearance."""
    found = []
    for stage in needed_stages(dockerfile, target):
        if stage.base_stage is None:
            found.append(stage.base)
        found += [copy.source for copy in stage.copies if copy.stage is None and not copy.source.isdecimal()]
    return tuple(dict.fromkeys(image for image in found if image and image.lower() != "scratch"))


def chain(dockerfile: Dockerfile, stage: Stage) -> tuple[Instruction, ...]:
    """Return the instructions that make a stage's image, its base stages' first; FROM is left out."""
    stages = [stage]
    while stages[-1].base_stage is not None:
        stages.append(dockerfile.stages[stages[-1].base_stage])
    return tuple(step for part in reversed(stages) for step in part.instructions)
