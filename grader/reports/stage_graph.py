"""Which stage takes what from which, read off a verdict's stages. How that is drawn is for the reports."""

from dataclasses import dataclass

from grader.verdict import StageSummary

Stages = tuple[StageSummary, ...]


@dataclass(frozen=True, slots=True)
class StageEdge:
    """What a stage takes: `how` (`FROM`, `COPY --from`), and from which stage (its index) or image (its reference)."""

    how: str
    source: int | str


def edges(stages: Stages, index: int) -> tuple[StageEdge, ...]:
    """Return what a stage is based on, if that is a stage, and what it copies from."""
    base = base_stage(stages, index)
    found = [] if base is None else [StageEdge("FROM", base)]
    for source in stages[index].copies_from:
        stage = _earlier(stages, index, source)
        found.append(StageEdge("COPY --from", source if stage is None else stage))
    return tuple(found)


def base_stage(stages: Stages, index: int) -> int | None:
    """Return the index of the stage that a stage is based on, or None if that is an image."""
    base = stages[index].base
    return None if base.isdecimal() else _earlier(stages, index, base)


def needed(stages: Stages) -> frozenset[int]:
    """Return the indices of the stages that the last one rests on or takes from, its own among them."""
    found: set[int] = set()
    waiting = [len(stages) - 1] if stages else []
    while waiting:
        index = waiting.pop()
        if index not in found:
            found.add(index)
            waiting += [edge.source for edge in edges(stages, index) if isinstance(edge.source, int)]
    return frozenset(found)


def _earlier(stages: Stages, index: int, name: str) -> int | None:
    """Find the nearest stage above with that name; Dockerfile names do not mind case."""
    return next((at for at in range(index - 1, -1, -1) if stages[at].name.lower() == name.lower()), None)
