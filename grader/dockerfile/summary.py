"""Puts the stages of a Dockerfile into the verdict's form. Pure."""

from grader.dockerfile.model import Dockerfile
from grader.verdict import StageSummary


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
