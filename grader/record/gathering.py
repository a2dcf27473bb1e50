"""Puts the events of a grading's record together into a verdict. How the grading runs is `grader.grading.grade`.

What the record does not say, because the grading process ended early, is the machine's fault.
"""

import importlib.metadata
from collections.abc import Iterable
from dataclasses import dataclass, field

from grader.exercise.model import Exercise
from grader.record.events import (
    AskedCriterion,
    BaseImagesKnown,
    CriteriaKnown,
    CriteriaLeftOut,
    CriterionJudged,
    CriterionUnknown,
    EngineKnown,
    Event,
    GradingEnded,
    ImageRead,
    OnEvent,
    SubmissionRead,
    SubmissionTaken,
    VariantBuilt,
)
from grader.verdict import (
    BaseImage,
    BuildSummary,
    CriterionResult,
    EngineSummary,
    ImageSummary,
    Outcome,
    SizeScale,
    SubmissionSummary,
    Verdict,
)


@dataclass(slots=True)
class Gathering:
    """What is known so far. `on_event` gets every event as it comes.

    `unknown` is set if the caller asked for a criterion that the exercise does not have.
    """

    on_event: OnEvent | None
    asked: tuple[AskedCriterion, ...] = ()
    results: dict[str, CriterionResult] = field(default_factory=dict)
    engine: EngineSummary | None = None
    image: ImageSummary | None = None
    taken: SubmissionSummary | None = None
    submission: SubmissionRead = field(default_factory=lambda: SubmissionRead(""))
    builds: list[BuildSummary] = field(default_factory=list)
    base_images: dict[str, BaseImage] = field(default_factory=dict)
    left_out: tuple[str, ...] = ()
    unknown: CriterionUnknown | None = None
    ended: bool = False

    @property
    def is_complete(self) -> bool:
        """Whether every criterion has a result."""
        return bool(self.asked) and len(self.results) == len(self.asked)

    def take(self, events: Iterable[Event]) -> None:
        """Read what was added to the record."""
        for event in events:
            self._take(event)
            if self.on_event:
                self.on_event(event)

    def _take(self, event: Event) -> None:  # noqa: C901 - one arm for each kind of event
        match event:
            case CriteriaKnown():
                self.asked = event.criteria
            case CriterionJudged():
                self.results[event.result.id] = event.result
            case EngineKnown():
                self.engine = event.engine
            case ImageRead():
                self.image = event.image
            case SubmissionTaken():
                self.taken = event.submission if event.submission.files else None
            case SubmissionRead():
                self.submission = event
            case VariantBuilt():
                self.builds.append(event.build)
            case BaseImagesKnown():
                self.base_images.update({image.reference: image for image in event.base_images})
            case CriteriaLeftOut():
                self.left_out = event.criteria
            case CriterionUnknown():
                self.unknown = event
            case GradingEnded():
                self.ended = True
            case _:
                pass  # progress is only shown, and not kept

    def verdict(
        self, exercise: Exercise, starter_size: int | None, ending: str, started: str, seconds: float
    ) -> Verdict:
        """Return what is known as a verdict; `ending` says how the grading process ended early, or is empty."""
        criteria = tuple(self.results.get(asked.id) or _not_judged(asked, ending) for asked in self.asked)
        return Verdict(
            exercise=exercise.slug,
            title=exercise.title,
            criteria=criteria,
            engine=self.engine,
            seconds=round(seconds, 3),
            started_at=started,
            grader_version=importlib.metadata.version("multi-stage-workshop"),
            image=self.image,
            stages=self.submission.stages,
            builds=tuple(self.builds),
            base_images=tuple(self.base_images.values()),
            scale=SizeScale(starter_size, exercise.budgets.get("image_size")),
            error=next((result.actual for result in criteria if result.status is Outcome.ERROR), ending),
            left_out=self.left_out,
            findings=self.submission.findings,
            dockerfile=self.submission.dockerfile,
            submission=self.taken,
        )


def _not_judged(asked: AskedCriterion, ending: str) -> CriterionResult:
    return CriterionResult(asked.id, asked.title, Outcome.ERROR, 0, asked.max_points, actual=ending)
