"""The verdict as one self-contained page, for eyes, screen readers and printers. Nothing is judged here.

The page fetches nothing and runs nothing; the verdict does not hold the Dockerfile's text, so that is handed over.
"""

from dataclasses import dataclass

from grader.reports.html_dockerfile import AnnotatedDockerfile, annotate
from grader.reports.html_page import page
from grader.reports.html_sizes import layer_bars, size_bars
from grader.reports.html_stages import draw
from grader.reports.size_words import size_sentence
from grader.verdict import CriterionResult, Outcome, SizeScale, Status, Verdict

MARKS = {Outcome.PASSED: "✓", Outcome.FAILED: "✗", Outcome.BLOCKED: "○", Outcome.ERROR: "!"}
_HEADLINES = {Status.PASSED: "Passed", Status.FAILED: "Not yet", Status.ERROR: "The machine failed, not you"}


@dataclass(frozen=True, slots=True)
class Group:
    """Criteria that could not be told for the same reason."""

    outcome: Outcome
    reason: str
    criteria: tuple[tuple[int, CriterionResult], ...]


def render(verdict: Verdict, dockerfile: str = "") -> str:
    """Return the page; `dockerfile` is the text that was handed in, empty where it is not known."""
    scale = verdict.scale or SizeScale(None, None)
    image = verdict.image
    return page(
        "verdict.html",
        verdict=verdict,
        headline=_HEADLINES[verdict.status],
        error=verdict.error or next((r.actual for r in verdict.criteria if r.status is Outcome.ERROR), ""),
        counts=_counts(verdict),
        marks=MARKS,
        told=[(n, r) for n, r in enumerate(verdict.criteria, 1) if r.status in (Outcome.PASSED, Outcome.FAILED)],
        untold=_untold(verdict.criteria),
        size_bars=size_bars(image, scale) if image else (),
        size_sentence=size_sentence(image.size, scale) if image else "",
        layers=layer_bars(image) if image else (),
        before=layer_bars(verdict.before) if verdict.before else (),
        dockerfile=annotate(dockerfile, verdict.criteria, verdict.findings)
        if dockerfile
        else AnnotatedDockerfile((), 0),
        stages=draw(verdict.stages),
        slowest=max((build.seconds for build in verdict.builds), default=0.0) or 1.0,
    )


def _counts(verdict: Verdict) -> str:
    found = [result.status for result in verdict.criteria]
    names = {outcome: "in error" if outcome is Outcome.ERROR else outcome.value for outcome in Outcome}
    words = [f"{found.count(outcome)} {names[outcome]}" for outcome in Outcome if found.count(outcome)]
    return ", ".join(words) or "no criteria"


def _untold(criteria: tuple[CriterionResult, ...]) -> tuple[Group, ...]:
    """Gather the blocked and the errors by their reason, so that one cause does not look like many."""
    groups: dict[tuple[Outcome, str], list[tuple[int, CriterionResult]]] = {}
    for number, result in enumerate(criteria, 1):
        if result.status in (Outcome.BLOCKED, Outcome.ERROR):
            groups.setdefault((result.status, result.actual), []).append((number, result))
    return tuple(Group(outcome, reason, tuple(found)) for (outcome, reason), found in groups.items())
