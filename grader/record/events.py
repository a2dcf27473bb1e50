"""What happens in one grading, as data: the lines of its record. `file.py` writes and reads them.

Every event says one fact. `gathering.py` finds out what it means for the grade; `grader.reports` shows it during the
grading.
"""

from collections.abc import Callable
from enum import Enum

import msgspec

from grader.verdict import (
    BaseImage,
    BuildSummary,
    CriterionResult,
    EngineSummary,
    Finding,
    ImageSummary,
    StageSummary,
    SubmissionSummary,
)


class AskedCriterion(msgspec.Struct, frozen=True):
    """A criterion before it is judged."""

    id: str
    title: str
    max_points: int


class CriteriaKnown(msgspec.Struct, frozen=True, tag="criteria", tag_field="event"):
    """Which criteria will be judged, in the exercise's order. Comes before the first result."""

    criteria: tuple[AskedCriterion, ...]


class CriterionUnknown(msgspec.Struct, frozen=True, tag="unknown-criterion", tag_field="event"):
    """The caller asked for the criterion `name`, and the exercise has only those in `known`. Nothing is judged then."""

    name: str
    known: tuple[str, ...]


class CriteriaLeftOut(msgspec.Struct, frozen=True, tag="left-out", tag_field="event"):
    """The ids of the exercise's criteria that the caller did not ask for."""

    criteria: tuple[str, ...]


class EngineKnown(msgspec.Struct, frozen=True, tag="engine", tag_field="event"):
    """The engine that builds and runs the submission."""

    engine: EngineSummary


class SubmissionTaken(msgspec.Struct, frozen=True, tag="files", tag_field="event"):
    """Which files of the submission were taken."""

    submission: SubmissionSummary


class SubmissionRead(msgspec.Struct, frozen=True, tag="submission", tag_field="event"):
    """The text of the Dockerfile that is graded, and what is read from it before it is built."""

    dockerfile: str
    stages: tuple[StageSummary, ...] = ()
    findings: tuple[Finding, ...] = ()


class BaseImagesKnown(msgspec.Struct, frozen=True, tag="base-images", tag_field="event"):
    """The base images of one build, and where they came from."""

    base_images: tuple[BaseImage, ...]


class VariantBuilt(msgspec.Struct, frozen=True, tag="build", tag_field="event"):
    """One build variant was built, with an image or without."""

    build: BuildSummary


class ImageRead(msgspec.Struct, frozen=True, tag="image", tag_field="event"):
    """The image of the ordinary build."""

    image: ImageSummary


class CriterionJudged(msgspec.Struct, frozen=True, tag="result", tag_field="event"):
    """The result of one criterion."""

    result: CriterionResult


class Doing(str, Enum):
    """What is being done, and with it what the `subject` of a `Progress` is."""

    BASE_IMAGE = "base-image"
    """A base image is prepared: `subject` is its reference (or the bundle's file), `step` what is being done."""
    BUILD = "build"
    """A variant is built: `subject` is its name, `step` the build step that has begun or ended."""
    READ_IMAGE = "read-image"
    """The image of the variant `subject` is read."""
    START_CONTAINER = "start-container"
    """A container of the variant `subject` is started."""


class Progress(msgspec.Struct, frozen=True, tag="progress", tag_field="event"):
    """What is being done at this moment. `subject` and `step` are texts to show, never to be read for facts.

    `seconds` is how long an ended build step took; `done` of `total` are bytes or parts, if these are known.
    """

    kind: Doing
    subject: str
    step: str = ""
    seconds: float | None = None
    done: int | None = None
    total: int | None = None


class GradingEnded(msgspec.Struct, frozen=True, tag="end", tag_field="event"):
    """The grading process has cleaned up and ends by itself."""


Event = (
    CriteriaKnown
    | CriterionUnknown
    | CriteriaLeftOut
    | EngineKnown
    | SubmissionTaken
    | SubmissionRead
    | BaseImagesKnown
    | VariantBuilt
    | ImageRead
    | CriterionJudged
    | Progress
    | GradingEnded
)
OnEvent = Callable[[Event], None]
"""Gets every event of a grading."""
