"""What a grade is: results criterion by criterion, score and status. Simple frozen data.

Nothing here reads, writes or judges; reports render these, and they are made from the pytest plugin's record.
Field names are those of the JSON schema `workshop/verdict/v1` in `docs/`.
"""

from dataclasses import dataclass
from enum import Enum


class Outcome(str, Enum):
    """The result of one criterion."""

    PASSED = "passed"
    FAILED = "failed"
    BLOCKED = "blocked"
    """A prerequisite failed, so this cannot be judged."""
    ERROR = "error"
    """The machine failed, not the learner."""

    @property
    def mark(self) -> str:
        """The symbol before the word."""
        return _MARKS[self][0]

    @property
    def ascii_mark(self) -> str:
        """The symbol for output that only allows ASCII."""
        return _MARKS[self][1]


_MARKS = {
    Outcome.PASSED: ("✓", "+"),
    Outcome.FAILED: ("✗", "x"),
    Outcome.BLOCKED: ("○", "-"),
    Outcome.ERROR: ("!", "!"),
}


class Status(str, Enum):
    """The result of the complete grade."""

    PASSED = "passed"
    FAILED = "failed"
    ERROR = "error"


class Origin(str, Enum):
    """Where a base image came from."""

    ENGINE = "engine"
    REGISTRY = "registry"
    BUNDLE = "bundle"
    STAND_IN = "stand-in"


@dataclass(frozen=True, slots=True)
class CriterionResult:
    """One criterion's result. `lines` are 1-based lines of the submitted Dockerfile."""

    id: str
    title: str
    status: Outcome
    points: int
    max_points: int
    expected: str = ""
    actual: str = ""
    why: str = ""
    hint: str = ""
    lines: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class LayerSummary:
    """One layer of the graded image: the instruction that made it and the bytes of its regular files.

    `hidden` are the bytes of it that later layers delete or replace, None if this was not examined.
    """

    instruction: str
    size: int
    from_base: bool
    line: int | None = None
    hidden: int | None = None


@dataclass(frozen=True, slots=True)
class ImageSummary:
    """The graded image. Sizes are bytes of regular files summed over the layers; `added` is without the base's."""

    size: int
    base: str
    added: int
    layers: tuple[LayerSummary, ...] = ()


@dataclass(frozen=True, slots=True)
class StageSummary:
    """One stage of the submitted Dockerfile and the stages or images it copies from."""

    name: str
    base: str
    copies_from: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """A remark on one 1-based line of the submitted Dockerfile that costs no points."""

    line: int
    text: str


@dataclass(frozen=True, slots=True)
class SubmissionSummary:
    """Whose answer was graded, and which: `label` is what the one who graded it called it.

    `files` are the names of the files that were taken, and `digest` is of their names and bytes: `sha256:` and 64
    hexadecimal digits, empty if none was taken. Equal digests are equal answers.
    """

    digest: str = ""
    label: str = ""
    files: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class BuildSummary:
    """One build variant: wall seconds, steps that ran and steps from the cache."""

    variant: str
    seconds: float
    steps: int
    cached: int


@dataclass(frozen=True, slots=True)
class BaseImage:
    """A base image that was used and where it came from."""

    reference: str
    origin: Origin
    id: str


@dataclass(frozen=True, slots=True)
class EngineSummary:
    """The engine that built and ran the submission."""

    name: str
    version: str
    builder: str


@dataclass(frozen=True, slots=True)
class SizeScale:
    """What the size bar compares: bytes of the starter's image, if known, and the exercise's budget."""

    starter: int | None
    budget: int | None


@dataclass(frozen=True, slots=True)
class UndecidedGroup:
    """Criteria that could not be judged for the same reason: all blocked, or all in error. `numbers` count from 1."""

    outcome: Outcome
    reason: str
    numbers: tuple[int, ...]
    criteria: tuple[CriterionResult, ...]

    @property
    def points(self) -> int:
        """The sum of their points."""
        return sum(result.max_points for result in self.criteria)


@dataclass(frozen=True, slots=True)
class Verdict:
    """A grade. `seconds` is wall time; `started_at` is ISO 8601 in UTC; `error` says how the machine failed.

    `left_out` are the ids of criteria that were not judged: if there are any, the score is no grade of the exercise.
    `before` is the starter's image, if it is known and not the one that was graded. `dockerfile` is the graded text.
    `submission` says whose and which answer it is.
    """

    exercise: str
    title: str
    criteria: tuple[CriterionResult, ...]
    engine: EngineSummary | None
    seconds: float
    started_at: str
    grader_version: str
    image: ImageSummary | None = None
    stages: tuple[StageSummary, ...] = ()
    builds: tuple[BuildSummary, ...] = ()
    base_images: tuple[BaseImage, ...] = ()
    scale: SizeScale | None = None
    error: str = ""
    left_out: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()
    before: ImageSummary | None = None
    dockerfile: str = ""
    submission: SubmissionSummary | None = None

    @property
    def label(self) -> str:
        """What the answer is called; empty if it was given no name."""
        return self.submission.label if self.submission else ""

    @property
    def status(self) -> Status:
        """Error wins over failed: a score from a broken machine is not shown as a fail."""
        if self.error or any(result.status is Outcome.ERROR for result in self.criteria):
            return Status.ERROR
        if self.criteria and all(result.status is Outcome.PASSED for result in self.criteria):
            return Status.PASSED
        return Status.FAILED

    @property
    def score(self) -> int:
        """Points earned."""
        return sum(result.points for result in self.criteria)

    @property
    def max_score(self) -> int:
        """Points that are possible."""
        return sum(result.max_points for result in self.criteria)

    @property
    def machine_error(self) -> str:
        """How the machine failed, or the empty string."""
        return self.error or next((each.actual for each in self.criteria if each.status is Outcome.ERROR), "")

    @property
    def has_error_of_its_own(self) -> bool:
        """Whether the machine failed in a way that no criterion reports."""
        return bool(self.error) and not self.counts[Outcome.ERROR]

    @property
    def counts(self) -> dict[Outcome, int]:
        """The number of criteria with each outcome."""
        found = [result.status for result in self.criteria]
        return {outcome: found.count(outcome) for outcome in Outcome}

    @property
    def decided(self) -> tuple[tuple[int, CriterionResult], ...]:
        """The criteria that passed or failed, each with its number, which counts from 1."""
        decided = (Outcome.PASSED, Outcome.FAILED)
        return tuple((number, each) for number, each in enumerate(self.criteria, 1) if each.status in decided)

    @property
    def undecided(self) -> tuple[UndecidedGroup, ...]:
        """The others by outcome and reason, blocked ones first, so that one cause does not look like many."""
        groups: dict[tuple[Outcome, str], list[tuple[int, CriterionResult]]] = {}
        for outcome in (Outcome.BLOCKED, Outcome.ERROR):
            for number, result in enumerate(self.criteria, 1):
                if result.status is outcome:
                    groups.setdefault((outcome, result.actual), []).append((number, result))
        return tuple(
            UndecidedGroup(outcome, reason, tuple(n for n, _ in found), tuple(each for _, each in found))
            for (outcome, reason), found in groups.items()
        )
