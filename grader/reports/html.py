"""The verdict as one self-contained page, for eyes, screen readers and printers. Nothing is judged here.

The page fetches nothing and runs nothing.
"""

from grader.reports.html_dockerfile import AnnotatedDockerfile, annotate
from grader.reports.html_page import page
from grader.reports.html_sizes import layer_bars, size_bars
from grader.reports.html_stages import draw
from grader.reports.outcome_words import HEADLINES, count_words
from grader.reports.size_words import size_sentence
from grader.verdict import SizeScale, Verdict


def render(verdict: Verdict) -> str:
    """Return the page. The Dockerfile in it is the one that was graded."""
    scale = verdict.scale or SizeScale(None, None)
    image = verdict.image
    return page(
        "verdict.html",
        verdict=verdict,
        headline=HEADLINES[verdict.status],
        counts=count_words(verdict) or "no criteria",
        size_bars=size_bars(image, scale) if image else (),
        size_sentence=size_sentence(image.size, scale) if image else "",
        layers=layer_bars(image) if image else (),
        before=layer_bars(verdict.before) if verdict.before else (),
        dockerfile=annotate(verdict.dockerfile, verdict.criteria, verdict.findings)
        if verdict.dockerfile
        else AnnotatedDockerfile((), 0),
        stages=draw(verdict.stages),
        slowest=max((build.seconds for build in verdict.builds), default=0.0) or 1.0,
    )
