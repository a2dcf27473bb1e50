"""A verdict as what a notebook shows: HTML where it can be shown, short text elsewhere, and a chart of the sizes.

Figures that differ from run to run (seconds, steps from the cache) are left out: the output is kept in the file.
"""

from functools import lru_cache

from jinja2 import Environment, PackageLoader, StrictUndefined

from grader.notebook.charts import layer_chart, layer_words, size_chart
from grader.notebook.stages import stage_chart
from grader.reports.html_page import prose
from grader.reports.html_sizes import layer_bars
from grader.reports.outcome_words import HEADLINES
from grader.reports.plain import block, line
from grader.reports.size_words import size_sentence
from grader.verdict import CriterionResult, Outcome, SizeScale, Verdict

MimeBundle = dict[str, str]
"""MIME type to content; notebooks show the richest they can."""

_MOST_LETTERS = 800


def verdict_bundles(verdict: Verdict) -> list[MimeBundle]:
    """Return the verdict, and the sizes if there is an image."""
    bundles = [{"text/plain": _plain(verdict), "text/html": _html(verdict)}]
    if verdict.image:
        scale = verdict.scale or SizeScale(None, None)
        said = size_sentence(verdict.image.size, scale)
        bundles.append({"text/plain": said, "image/svg+xml": size_chart(verdict.image, scale, said)})
    return bundles


def layers_bundle(verdict: Verdict) -> MimeBundle:
    """Return the layers of the graded image; a sentence where there is no image."""
    if verdict.image is None:
        return {"text/plain": "There is no image: the Dockerfile did not build."}
    words = [layer_words(bar.what, bar.size, bar.hidden) for bar in layer_bars(verdict.image)]
    return {"text/plain": "\n".join(words), "image/svg+xml": layer_chart(verdict.image)}


def stages_bundle(dockerfile: str) -> MimeBundle:
    """Return the stages of a Dockerfile; a sentence where it has none."""
    svg, words = stage_chart(dockerfile)
    if not svg:
        return {"text/plain": "There is no stage: a Dockerfile needs a FROM."}
    return {"text/plain": words, "image/svg+xml": svg}


def _headline(verdict: Verdict) -> str:
    return f"{HEADLINES[verdict.status]}: {verdict.score} of {verdict.max_score} points"


def _details(result: CriterionResult) -> list[tuple[str, str]]:
    """Return what is said of a failed criterion, by its name, without what is empty."""
    where = f"line {', '.join(map(str, result.lines))}" if result.lines else ""
    named = (("expected", result.expected), ("seen", result.actual), ("why", result.why))
    return [(name, text) for name, text in (*named, ("where", where), ("try", result.hint)) if text]


def _plain(verdict: Verdict) -> str:
    said = [_headline(verdict)]
    if verdict.machine_error:
        said.append(block(verdict.machine_error))
    for result in verdict.criteria:
        said.append(f"{result.status.mark} {line(result.title)}  {result.points}/{result.max_points}")
        if result.status is Outcome.FAILED:
            said += [f"    {name}: {line(text, _MOST_LETTERS)}" for name, text in _details(result)]
    return "\n".join(said)


def _html(verdict: Verdict) -> str:
    return (
        _environment()
        .get_template("verdict.html")
        .render(headline=_headline(verdict), verdict=verdict, details=_details)
    )


@lru_cache(maxsize=1)
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("grader.notebook"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"line": line, "prose": prose}
    return environment
