"""What answers was built from the source that is in the context now."""

from grader.criteria.answers_http import cannot_tell
from grader.criteria.facts import Shipped
from grader.criteria.formatting import shortened
from grader.criteria.outcome import Answer, Unmet
from grader.engine.model import Exchange

WHY = "An image must follow its source: a fixed answer or an old binary always shows yesterday's program."


def built_from_source(exchange: Exchange, shipped: Shipped, nonce: str) -> Answer:
    """Passes if the answer contains the `nonce` that was written into the source just before the build."""
    blocked = cannot_tell(exchange)
    if blocked or nonce in exchange.text:
        return blocked
    return Unmet(
        expected=f"the text that was in greeting.txt at build time ({nonce})",
        actual=f"it answered: {shortened(exchange.text, 80) or 'nothing'}",
        why=WHY,
        hint="Compile the source inside the build, and copy the program from there.",
        lines=_written(shipped) or shipped.attempt.last_line("COPY", "ADD"),
    )


def _written(shipped: Shipped) -> tuple[int, ...]:
    """The RUN lines that name the text. They only point at what was found in another way."""
    steps = shipped.attempt.dockerfile.instructions
    return tuple(step.first_line for step in steps if step.keyword == "RUN" and "greeting.txt" in step.arguments)
