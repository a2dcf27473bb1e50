"""Each part has a builder of its own: an edit of one leaves the other one's build in the cache."""

from collections.abc import Callable, Iterator, Mapping

from grader.criteria.bundle import RECORD, Bundle
from grader.criteria.deps_cached import LOST
from grader.criteria.facts import Attempt
from grader.criteria.outcome import Answer, Blocked, Unmet
from grader.dockerfile.model import Instruction
from grader.dockerfile.stages import chain
from grader.errors import MachineError

WHY = "What does not depend on an edit need not wait for it: stages apart are cached apart, and run at the same time."
_PARTS = (("frontend", "backend"), ("backend", "frontend"))
"""The part that is edited, and the other one."""


def builders_independent(
    attempt: Attempt,
    before: Mapping[str, Bundle],
    after: Mapping[str, Mapping[str, Bundle]],
    repeated: Callable[[], Mapping[str, Bundle]],
) -> Answer:
    """Hold if in `after`, the bundles by edited part, the part that was not edited is the build that it was `before`.

    Every build leaves a random id: the same id is the same build. Before anybody is blamed, the first build is
    `repeated`: an engine that does not find its layers again either has lost them.

    Raises:
        MachineError: the engine's layer cache keeps nothing, so that it cannot be told.

    """
    told: list[str] = []
    lines: set[int] = set()
    for edited, other in _PARTS:
        old, new = before.get(other), after[edited].get(other)
        if old is None or new is None:
            words = f"can't tell without the {other}'s {RECORD} in the image, which the bundler writes beside its work"
            return Blocked("serves-frontend", words)
        if old.build != new.build:
            told.append(f"an edit in {edited}/ had the {other} built again")
            lines.update(_copies_before_build(attempt, edited, other))
    if not told:
        return None
    if repeated() != before:
        raise MachineError(LOST)
    hint = "What does that builder start from, and what does it copy? When any of it changes, the builder runs again."
    expected = "an edit of one part leaves the build of the other one as it was"
    return Unmet(expected, ", and ".join(told), WHY, hint, tuple(sorted(lines)))


def _copies_before_build(attempt: Attempt, edited: str, other: str) -> Iterator[int]:
    """The lines that bring `edited` to where `other` is built: text, and only good for pointing at what was seen."""
    for stage in attempt.dockerfile.stages:
        steps = chain(attempt.dockerfile, stage)
        builds = [index for index, step in enumerate(steps) if step.keyword == "RUN" and f":{other}" in step.arguments]
        for step in steps[: builds[0]] if builds else ():
            if _brings(step, edited):
                yield step.first_line


def _brings(step: Instruction, folder: str) -> bool:
    if step.keyword not in ("COPY", "ADD") or any(flag.name == "from" for flag in step.flags):
        return False
    sources = (step.json_form or tuple(step.arguments.split()))[:-1]
    return any(source.strip("./").partition("/")[0] in ("", folder) for source in sources)
