"""The container answers over HTTP from outside."""

from grader.criteria.facts import Shipped
from grader.criteria.outcome import Answer, Blocked, Unmet
from grader.criteria.start import why_it_cannot_start
from grader.criteria.words import shortened
from grader.engine.model import Exchange

OK = 200
WHY = "An image is for running: what it starts must be reachable from outside the container."


def answers_http(exchange: Exchange, shipped: Shipped, port: int = 8080) -> Answer:
    """Hold if the request was answered with status 200; else name what kept the program from starting or listening."""
    if exchange.status == OK:
        return None
    expected = f"GET {exchange.path} on port {port} answers 200"
    lines = shipped.attempt.last_line("CMD", "ENTRYPOINT")
    if exchange.status is not None:
        actual = f"it answered {exchange.status}: {shortened(exchange.text)}"
        return Unmet(expected, actual, WHY, "Run the image and read its log: `docker logs`.", lines)
    cause = why_it_cannot_start(shipped)
    if cause is not None:
        return Unmet(expected, cause[0], WHY, cause[1], lines)
    hint = f"Run it yourself with `docker run --rm -p {port}:{port} IMAGE` and read what it prints."
    return Unmet(expected, exchange.failure, WHY, hint, lines)


def cannot_tell(exchange: Exchange) -> Blocked | None:
    """Return why a criterion that needs an answer cannot be told, if there was none."""
    if exchange.status is None:
        return Blocked("answers-http", f"can't tell until the container answers: {exchange.failure}")
    return None
