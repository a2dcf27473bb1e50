"""Each part has its own builder: after an edit of one, the build of the other comes from the cache."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from grader.criteria.bundle import RECORD, PageBundle
from grader.criteria.copied_before import copied_before
from grader.criteria.deps_cached import LOST
from grader.criteria.facts import Attempt
from grader.criteria.outcome import Answer, Blocked, Unmet
from grader.errors import MachineError

WHY = "Work that does not depend on an edit should not wait for it: separate stages have separate caches."


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the source, by its folder. `built_by` is in the RUN that builds it: it only points."""

    folder: str
    built_by: str


STOREFRONT = (Part("frontend", ":frontend"), Part("backend", ":backend"))


def builders_independent(
    attempt: Attempt,
    before: Mapping[str, PageBundle],
    after: Mapping[str, Mapping[str, PageBundle]],
    anew: Callable[[str], Iterable[Mapping[str, PageBundle]]],
    parts: tuple[Part, Part] = STOREFRONT,
) -> Answer:
    """Passes if in `after`, the bundles by edited part, the part that was not edited is the same build as `before`.

    Every build leaves a random id: the same id is the same build. But an engine's cache may have two results of one
    step, and two builds may take one each. So before anybody is blamed, `anew` is asked for three more builds with
    another edit of a part, by its folder: after two edits that no build had before, and the second of them again. An
    engine that has lost its layers by then keeps none.

    Raises:
        MachineError: the engine's layer cache keeps nothing, so it cannot be decided.

    """
    rebuilt: list[str] = []
    lines: set[int] = set()
    for edited, other in (parts, parts[::-1]):
        name = other.folder
        old, new = before.get(name), after[edited.folder].get(name)
        if old is None or new is None:
            words = f"can't tell: the image has no {RECORD} of the {name}, which the bundler writes next to its output"
            return Blocked("serves-frontend", words)
        if old.build != new.build and _is_built_again(name, anew(edited.folder)):
            rebuilt.append(f"after an edit in {edited.folder}/ the {name} was built again")
            lines.update(copied_before(attempt, edited.folder, (other.built_by,)))
    if not rebuilt:
        return None
    hint = "What does that builder start from, and what does it copy? When any of it changes, the builder runs again."
    expected = "after an edit of one part, the build of the other part comes from the cache"
    return Unmet(expected, ", and ".join(rebuilt), WHY, hint, tuple(sorted(lines)))


def _is_built_again(part: str, anew: Iterable[Mapping[str, PageBundle]]) -> bool:
    """Whether two edits of the other part gave two builds of this one.

    Raises:
        MachineError: the engine's layer cache keeps nothing, so it cannot be decided.

    """
    more = iter(anew)
    first, second = next(more).get(part), next(more).get(part)
    if first == second:
        return False
    if next(more).get(part) != second:
        raise MachineError(LOST)
    return True
