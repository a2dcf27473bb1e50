"""What was edited is what runs."""

from collections.abc import Sequence
from dataclasses import dataclass

from grader.criteria.answers_http import cannot_tell
from grader.criteria.copied_before import brings
from grader.criteria.facts import Attempt
from grader.criteria.formatting import shortened
from grader.criteria.outcome import Answer, Unmet
from grader.engine.model import Exchange

WHY = "A build that is fast because it ignores the newest change is worth nothing."


@dataclass(frozen=True, slots=True)
class Edit:
    """A change: what was changed in words, the random text that it brought, and what the new image answered.

    `file` is the path of the changed file in the context, `argument` the build argument that was changed, if it was.
    """

    what: str
    nonce: str
    exchange: Exchange
    hint: str
    file: str = ""
    argument: str = ""


def edit_is_seen(attempt: Attempt, edits: Sequence[Edit]) -> Answer:
    """Passes if every edit's text is in the answer of the image built after it."""
    for edit in edits:
        blocked = cannot_tell(edit.exchange)
        if blocked:
            return blocked
        if edit.nonce not in edit.exchange.text:
            status = "" if edit.exchange.status == 200 else f" {edit.exchange.status}"  # noqa: PLR2004 - HTTP: OK
            actual = f"GET {edit.exchange.path} answers{status}: {shortened(edit.exchange.text, 80) or 'nothing'}"
            expected = f"GET {edit.exchange.path} answers with {edit.what} ({edit.nonce})"
            return Unmet(expected, actual, WHY, edit.hint, _lines(attempt, edit))
    return None


def _lines(attempt: Attempt, edit: Edit) -> tuple[int, ...]:
    """The lines that bring what was changed; where none does, those that may: copies from the context, the last FROM.

    This is text: it only points at a cause that was found in another way.
    """
    steps = [step for stage in attempt.dockerfile.stages for step in stage.instructions]
    if edit.argument:
        named = (step for step in steps if step.keyword in ("ARG", "ENV") and edit.argument in step.arguments)
        return tuple(step.first_line for step in named) or attempt.final_from
    folder, inside, _ = edit.file.partition("/")
    copies = [step for step in steps if brings(step, folder if inside else edit.file)]
    return tuple(step.first_line for step in copies) or attempt.last_line("COPY", "ADD")
