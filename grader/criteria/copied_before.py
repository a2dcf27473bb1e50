"""Which instructions copy a folder of the context to where a step works. Text: it only points at known causes."""

from collections.abc import Iterator, Sequence

from grader.criteria.facts import Attempt
from grader.dockerfile.model import Instruction
from grader.dockerfile.stages import chain


def copied_before(attempt: Attempt, folder: str, words: Sequence[str]) -> Iterator[int]:
    """Yield the lines that copy `folder` to a stage above its first RUN that contains one of `words`."""
    for stage in attempt.dockerfile.stages:
        steps = chain(attempt.dockerfile, stage)
        at = next((index for index, step in enumerate(steps) if runs(step, words)), 0)
        for step in steps[:at]:
            if brings(step, folder):
                yield step.first_line


def runs(step: Instruction, words: Sequence[str]) -> bool:
    """Whether it is a RUN that contains one of `words`."""
    return step.keyword == "RUN" and any(word in step.arguments for word in words)


def brings(step: Instruction, folder: str) -> bool:
    """Whether it copies `folder` of the context, something in it, or all of the context."""
    if step.keyword not in ("COPY", "ADD") or any(flag.name == "from" for flag in step.flags):
        return False
    sources = (step.json_form or tuple(step.arguments.split()))[:-1]
    return any(source.strip("./").partition("/")[0] in ("", folder) for source in sources)
