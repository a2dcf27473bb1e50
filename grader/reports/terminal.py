"""The verdict for a person at a terminal: wide or narrow, with or without colour, by eye or by screen reader.

Every outcome is a word and every bar has its figure next to it. Text of the learner's never reaches the terminal as
control characters or markup.
"""

from collections.abc import Iterator

from rich.console import RenderableType
from rich.text import Text

from grader.reports.outcome_words import count_words
from grader.reports.plain import line
from grader.reports.terminal_criteria import criteria_part
from grader.reports.terminal_image import image_part, size_part
from grader.reports.terminal_look import DIM, STYLES, Look, as_text, columns
from grader.reports.terminal_next import error_part, next_part
from grader.reports.terminal_stages import stages_part
from grader.reports.variant_words import variant_words
from grader.verdict import Origin, SizeScale, Status, SubmissionSummary, Verdict

_METER = 40
_MADE_HERE = "made on this machine in place of the real"
_DIGEST = len("sha256:") + 12
"""Characters of a digest that tell one answer from another."""


def render(
    verdict: Verdict,
    *,
    width: int = 80,
    color: bool = False,
    unicode: bool = True,
    full: bool = True,
    closing: str = "",
) -> str:
    """Return the report in lines of at most `width` columns; without `unicode` it is pure ASCII.

    It ends with what to do next, and with `closing`: what can be typed then. If it is not `full`, it contains the texts
    of the first failed criterion only, and nothing about layers, stages and builds.
    """
    look = Look(width, unicode)
    return as_text((_parts if full else _short_parts)(verdict, look, closing), look, color=color)


def _short_parts(verdict: Verdict, look: Look, closing: str) -> Iterator[RenderableType]:
    blank = Text()
    yield from _headline(verdict, look, with_error=False)
    if verdict.criteria:
        yield blank
        yield from criteria_part(verdict, look, with_texts=False)
    if verdict.image and verdict.status is Status.PASSED:
        yield blank
        yield from size_part(verdict.image, verdict.scale or SizeScale(None, None), look)
    if verdict.findings:
        yield blank
        yield from _remarks(verdict, look)
    yield blank
    yield from next_part(verdict, look, is_all_above=False, closing=closing)


def _parts(verdict: Verdict, look: Look, closing: str) -> Iterator[RenderableType]:
    blank = Text()
    yield from _headline(verdict, look, with_error=True)
    if verdict.criteria:
        yield blank
        yield from criteria_part(verdict, look)
    if verdict.image:
        yield blank
        yield from image_part(verdict.image, verdict.scale, look, verdict.before)
    if verdict.stages:
        yield blank
        yield from stages_part(verdict.stages, look)
    if verdict.findings:
        yield blank
        yield from _remarks(verdict, look)
    yield blank
    yield from _circumstances(verdict, look)
    yield blank
    yield from next_part(verdict, look, is_all_above=True, closing=closing)


def _headline(verdict: Verdict, look: Look, *, with_error: bool) -> Iterator[RenderableType]:
    status = verdict.status
    style = f"bold {STYLES[status]}"
    name = f"{line(verdict.exercise)}: {line(verdict.title)}"
    if status is Status.ERROR:
        yield Text.assemble(look.text("ERROR", style), look.text("  The machine failed, not you. No points are lost."))
        yield look.text(name)
        if verdict.label:
            yield look.text(line(verdict.label))
        if with_error:
            yield from error_part(verdict, look)
        yield look.text(_counts(verdict))
        return
    yield Text.assemble(look.text(status.value.upper(), style), "  ", look.text(name, "bold"))
    if verdict.label:
        yield look.text(line(verdict.label))
    points = f"{verdict.score} of {verdict.max_score} points"
    share = verdict.score / verdict.max_score if verdict.max_score else 0.0
    room = min(_METER, look.width - len(points) - 2)
    yield Text.assemble(look.text(points), "  ", look.meter(share, room, STYLES[status]))
    yield look.text(_counts(verdict))
    if verdict.left_out:
        total = len(verdict.criteria) + len(verdict.left_out)
        yield look.text(f"A partial check: {len(verdict.criteria)} of {total} criteria were asked. It is not counted.")


def _counts(verdict: Verdict) -> str:
    """Say how many criteria came out how."""
    total = len(verdict.criteria)
    if verdict.status is Status.PASSED:
        return f"All {total} criteria passed." if total > 1 else "The one criterion passed."
    return f"{total} criteria: {count_words(verdict)}." if total else "There are no criteria."


def _remarks(verdict: Verdict, look: Look) -> Iterator[RenderableType]:
    """What is only unwise."""
    yield look.heading("Remarks (they cost no points)")
    table, shown = columns()
    for finding in verdict.findings:
        table.add_row(f"line {finding.line}", look.text(line(finding.text)))
    yield shown


def _circumstances(verdict: Verdict, look: Look) -> Iterator[RenderableType]:
    """How the verdict came about: builds, engine, base images that are stand-ins, time."""
    table, shown = columns(indent=0)
    for number, build in enumerate(verdict.builds):
        cached = f"{build.cached or 'none'} of {build.steps} steps from the cache"
        table.add_row(
            "" if number else "built",
            look.text(f"{variant_words(build.variant)} in {build.seconds:.1f} s, {cached}", DIM),
        )
    if verdict.engine:
        engine = verdict.engine
        table.add_row("engine", look.text(line(f"{engine.name} {engine.version}, {engine.builder}"), DIM))
    stand_ins = [line(image.reference) for image in verdict.base_images if image.origin is Origin.STAND_IN]
    if stand_ins:
        table.add_row("bases", look.text(_stand_ins(stand_ins), DIM))
    if verdict.submission and verdict.submission.digest:
        table.add_row("files", look.text(_files(verdict.submission), DIM))
    version = f"in {verdict.seconds:.1f} s by version {line(verdict.grader_version)}"
    table.add_row("graded", look.text(version, DIM))
    yield shown


def _files(submission: SubmissionSummary) -> str:
    return f"{line(', '.join(submission.files))} ({line(submission.digest[:_DIGEST])})"


def _stand_ins(references: list[str]) -> str:
    if len(references) == 1:
        return f"{references[0]} is a stand-in, {_MADE_HERE} one"
    return f"{', '.join(references[:-1])} and {references[-1]} are stand-ins, {_MADE_HERE} ones"
