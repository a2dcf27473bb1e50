"""What was edited is what runs."""

from collections.abc import Sequence
from dataclasses import dataclass

from grader.criteria.answers_http import cannot_tell
from grader.criteria.facts import Attempt
from grader.criteria.formatting import shortened
from grader.criteria.outcome import Answer, Unmet
from grader.engine.model import Exchange

WHY = "A build that is fast because it ignores the newest change is worth nothing."


@dataclass(frozen=True, slots=True)
class Edit:
    """A change: what was changed in words, the random text that it brought, and what the new image answered."""

    what: str
    nonce: str
    exchange: Exchange
    hint: str


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
            return Unmet(expected, actual, WHY, edit.hint, attempt.last_line("COPY", "ADD"))
    return None
