"""How far a learner has come: the best score of each exercise, when it was passed, how the last check ended.

Keyed by slug, so that it survives a renumbering. Only checks of the workspace's own folder count, and no partial ones.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from grader.codec import FormError, as_data, convert
from grader.exercise.model import Exercise
from grader.exercise.workspace import own_folder
from grader.learner.state import change_state, read_state
from grader.verdict import Status, Verdict

_FILE = "progress.json"


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a learner stands with one exercise. Points are of `max_score`; times are ISO 8601 in UTC, or empty."""

    best_score: int = 0
    max_score: int = 0
    passed_at: str = ""
    checks: int = 0
    last_status: str = ""
    last_score: int = 0
    last_at: str = ""

    @property
    def is_passed(self) -> bool:
        """Whether it was passed once; what is passed stays passed."""
        return bool(self.passed_at)

    def after(self, verdict: Verdict) -> "Standing":
        """Return the standing once this verdict counts. Of two scores the larger share of its points is the better."""
        share = verdict.score * max(self.max_score, 1)
        is_better = not self.checks or share >= self.best_score * max(verdict.max_score, 1)
        best = (verdict.score, verdict.max_score) if is_better else (self.best_score, self.max_score)
        return replace(
            self,
            best_score=best[0],
            max_score=best[1],
            passed_at=self.passed_at or (verdict.started_at if verdict.status is Status.PASSED else ""),
            checks=self.checks + 1,
            last_status=verdict.status.value,
            last_score=verdict.score,
            last_at=verdict.started_at,
        )


def standing(workspace: Path, exercise: Exercise) -> Standing:
    """Return where the learner stands with one exercise."""
    return _standing(read_state(workspace, _FILE).get(exercise.slug))


def standings(workspace: Path, exercises: Sequence[Exercise]) -> dict[str, Standing]:
    """Return where the learner stands with each, by slug."""
    kept = read_state(workspace, _FILE)
    return {exercise.slug: _standing(kept.get(exercise.slug)) for exercise in exercises}


def next_exercise(workspace: Path, exercises: Sequence[Exercise], after: Exercise | None = None) -> Exercise | None:
    """Return the first one that is not passed; the first behind `after` and then from the top, if that is given."""
    known = standings(workspace, exercises)
    start = next((at + 1 for at, each in enumerate(exercises) if after and each.slug == after.slug), 0)
    others = [each for each in (*exercises[start:], *exercises[:start]) if after is None or each.slug != after.slug]
    return next((each for each in others if not known[each.slug].is_passed), None)


def remember_verdict(workspace: Path, exercise: Exercise, submission: Path, verdict: Verdict) -> bool:
    """Count a verdict, and return whether it did: a broken machine's, a partial one and other folders' do not."""
    own = own_folder(exercise, workspace)
    if verdict.status is Status.ERROR or verdict.left_out or submission.resolve() != own.resolve():
        return False
    change_state(workspace, _FILE, exercise.slug, lambda entry: as_data(_standing(entry).after(verdict)))
    return True


def _standing(entry: object) -> Standing:
    """Read one entry; one that does not fit is as good as none. Keys that a newer version added are ignored."""
    try:
        return convert(entry, Standing)
    except FormError:
        return Standing()
