"""Each part has a builder of its own: an edit of one leaves the other one's build in the cache."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from grader.criteria.bundle import RECORD, PageBundle
from grader.criteria.copied_before import copied_before
from grader.criteria.deps_cached import LOST
from grader.criteria.facts import Attempt
from grader.criteria.outcome import Answer, Blocked, Unmet
from grader.errors import MachineError

WHY = "What does not depend on an edit need not wait for it: stages apart are cached apart, and run at the same time."


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the source, by its folder. `built_by` stands in the RUN that builds it: it only helps to point."""

    folder: str
    built_by: str


STOREFRONT = (Part("frontend", ":frontend"), Part("backend", ":backend"))


def builders_independent(
    attempt: Attempt,
    before: Mapping[str, PageBundle],
    after: Mapping[str, Mapping[str, PageBundle]],
    repeated: Callable[[], Mapping[str, PageBundle]],
    parts: tuple[Part, Part] = STOREFRONT,
) -> Answer:
    """Hold if in `after`, the bundles by edited part, the part that was not edited is the build that it was `before`.

    Every build leaves a random id: the same id is the same build. Before anybody is blamed, the first build is
    `repeated`: an engine that does not find its layers again either has lost them.

    Raises:
        MachineError: the engine's layer cache keeps nothing, so that it cannot be told.

    """
    told: list[str] = []
    lines: set[int] = set()
    for edited, other in (parts, parts[::-1]):
        name = other.folder
        old, new = before.get(name), after[edited.folder].get(name)
        if old is None or new is None:
            words = f"can't tell without the {name}'s {RECORD} in the image, which the bundler writes beside its work"
            return Blocked("serves-frontend", words)
        if old.build != new.build:
            told.append(f"an edit in {edited.folder}/ had the {name} built again")
            lines.update(copied_before(attempt, edited.folder, (other.built_by,)))
    if not told:
        return None
    if repeated() != before:
        raise MachineError(LOST)
    hint = "What does that builder start from, and what does it copy? When any of it changes, the builder runs again."
    expected = "an edit of one part leaves the build of the other one as it was"
    return Unmet(expected, ", and ".join(told), WHY, hint, tuple(sorted(lines)))
