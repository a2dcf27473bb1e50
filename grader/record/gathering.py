"""Puts the events of a grading's record together into a verdict. How the grading runs is `grading.py`.

What the record does not tell, because the grading process ended early, is the machine's fault.
"""

import importlib.metadata
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from grader.exercise.model import Exercise
from grader.record.events import Event
from grader.verdict import (
    BaseImage,
    BuildSummary,
    CriterionResult,
    EngineSummary,
    Finding,
    ImageSummary,
    LayerSummary,
    Origin,
    Outcome,
    SizeScale,
    StageSummary,
    Verdict,
)

Fields = dict[str, Any]


@dataclass(slots=True)
class Gathering:
    """What is known so far; `on_event` gets every event as it comes. `refused` says what was asked amiss, if it was."""

    on_event: Callable[[Event], None] | None
    announced: list[Fields] = field(default_factory=list)
    results: dict[str, CriterionResult] = field(default_factory=dict)
    engine: EngineSummary | None = None
    image: ImageSummary | None = None
    stages: tuple[StageSummary, ...] = ()
    findings: tuple[Finding, ...] = ()
    builds: list[BuildSummary] = field(default_factory=list)
    base_images: dict[str, BaseImage] = field(default_factory=dict)
    left_out: tuple[str, ...] = ()
    refused: str = ""
    ended: bool = False

    @property
    def is_complete(self) -> bool:
        """Whether every criterion has its result."""
        return bool(self.announced) and len(self.results) == len(self.announced)

    def take(self, events: Iterable[Event]) -> None:
        """Take in what was added to the record."""
        for event in events:
            take = _TAKEN.get(event.kind)
            if take:
                take(self, event.fields)
            if self.on_event:
                self.on_event(event)

    def verdict(
        self, exercise: Exercise, starter_size: int | None, ending: str, started: str, seconds: float
    ) -> Verdict:
        """Return what is known as a verdict; `ending` says how the grading process ended early, if it did."""
        criteria = tuple(self.results.get(known["id"]) or _unknown(known, ending) for known in self.announced)
        errors = [result.actual for result in criteria if result.status is Outcome.ERROR]
        return Verdict(
            exercise=exercise.slug,
            title=exercise.title,
            criteria=criteria,
            engine=self.engine,
            seconds=round(seconds, 3),
            started_at=started,
            grader_version=importlib.metadata.version("multi-stage-workshop"),
            image=self.image,
            stages=self.stages,
            builds=tuple(self.builds),
            base_images=tuple(self.base_images.values()),
            scale=SizeScale(starter_size, exercise.budgets.get("image_size")),
            error=errors[0] if errors else ending,
            left_out=self.left_out,
            findings=self.findings,
        )


def _take_criteria(gathering: Gathering, fields: Fields) -> None:
    gathering.announced = fields["criteria"]


def _take_result(gathering: Gathering, fields: Fields) -> None:
    raw = fields["result"]
    result = CriterionResult(**{**raw, "status": Outcome(raw["status"]), "lines": tuple(raw["lines"])})
    gathering.results[result.id] = result


def _take_engine(gathering: Gathering, fields: Fields) -> None:
    gathering.engine = EngineSummary(**fields["engine"])


def _take_image(gathering: Gathering, fields: Fields) -> None:
    raw = fields["image"]
    gathering.image = ImageSummary(**{**raw, "layers": tuple(LayerSummary(**layer) for layer in raw["layers"])})


def _take_stages(gathering: Gathering, fields: Fields) -> None:
    gathering.stages = tuple(
        StageSummary(stage["name"], stage["base"], tuple(stage["copies_from"])) for stage in fields["stages"]
    )


def _take_findings(gathering: Gathering, fields: Fields) -> None:
    gathering.findings = tuple(Finding(**raw) for raw in fields["findings"])


def _take_build(gathering: Gathering, fields: Fields) -> None:
    gathering.builds.append(BuildSummary(**fields["build"]))


def _take_base_images(gathering: Gathering, fields: Fields) -> None:
    for raw in fields["base_images"]:
        gathering.base_images[raw["reference"]] = BaseImage(raw["reference"], Origin(raw["origin"]), raw["id"])


def _take_left_out(gathering: Gathering, fields: Fields) -> None:
    gathering.left_out = tuple(fields["criteria"])


def _take_refusal(gathering: Gathering, fields: Fields) -> None:
    gathering.refused = fields["message"]


def _take_end(gathering: Gathering, fields: Fields) -> None:
    del fields
    gathering.ended = True


_TAKEN: dict[str, Callable[[Gathering, Fields], None]] = {
    "criteria": _take_criteria,
    "result": _take_result,
    "engine": _take_engine,
    "image": _take_image,
    "stages": _take_stages,
    "findings": _take_findings,
    "build": _take_build,
    "base_images": _take_base_images,
    "left_out": _take_left_out,
    "unknown_criterion": _take_refusal,
    "end": _take_end,
}
"""What becomes of each kind of event; the others only tell how far it is."""


def _unknown(known: Fields, ending: str) -> CriterionResult:
    return CriterionResult(known["id"], known["title"], Outcome.ERROR, 0, known["max_points"], actual=ending)
