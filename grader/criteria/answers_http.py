"""The container answers over HTTP from outside."""

from grader.criteria.facts import Shipped
from grader.criteria.formatting import shortened
from grader.criteria.outcome import Answer, Blocked, Unmet
from grader.criteria.silence_words import silence_words
from grader.criteria.start import start_of, starts_only_its_base, why_it_cannot_start
from grader.engine.model import Exchange
from grader.engine.silence import Ended, ListensElsewhere, LoopbackOnly, NotStarted, StartFault

OK = 200
_NOT_FOUND = 404
_LOOPBACK = ("127.0.0.1", "localhost")
_UNKNOWN = (StartFault.NO_SUCH_USER, StartFault.NO_SUCH_GROUP)
WHY = "An image is for running: what it starts must be reachable from outside the container."


def answers_http(exchange: Exchange, shipped: Shipped, port: int = 8080) -> Answer:
    """Passes if the answer has status 200; else it names what kept the program from starting or listening."""
    if exchange.status == OK:
        return None
    expected = f"GET {exchange.path} on port {port} answers 200"
    if exchange.status is not None:
        actual = f"it answered {exchange.status}: {shortened(exchange.text)}"
        lines = shipped.attempt.last_line("CMD", "ENTRYPOINT")
        hint = "Run the image and read its log: `docker logs`."
        if exchange.status == _NOT_FOUND:
            hint = "The program runs, but it has no such page: are the files that it reads in the place where it looks?"
        return Unmet(expected, actual, WHY, hint, lines)
    obstacle = why_it_cannot_start(shipped)
    if obstacle is not None:
        return Unmet(expected, obstacle.actual, WHY, obstacle.hint, obstacle.lines)
    return _silent(exchange, shipped, expected, port)


def _silent(exchange: Exchange, shipped: Shipped, expected: str, port: int) -> Unmet:
    """Nothing in the image keeps the program from starting, so the engine and the host must say what happened."""
    attempt, silence = shipped.attempt, exchange.silence
    lines = attempt.last_line("CMD", "ENTRYPOINT") or attempt.final_from
    hint = f"Run it yourself with `docker run --rm -p {port}:{port} IMAGE` and read what it prints."
    if starts_only_its_base(shipped):
        hint = f"The image starts what {shipped.base_reference} starts: name your own program in CMD or ENTRYPOINT."
    elif isinstance(silence, Ended) and _is_in_background(shipped):
        hint = "`&` sends the program to the background; then the shell ends, and the container with it: leave it out."
    elif isinstance(silence, Ended) and silence.exit_code == 0:
        hint = "A container runs as long as the program that it starts: start the one that keeps running, in front."
    elif isinstance(silence, LoopbackOnly):
        hint = "Make the program listen on every interface: 0.0.0.0, or a port without an address before it."
        lines = _mentioning(shipped, *_LOOPBACK) or lines
    elif isinstance(silence, NotStarted) and silence.refusal.kind in _UNKNOWN:
        hint = "Use a user number, or a user name that the image has; the final stage can add one."
        lines = attempt.last_line("USER") or lines
    elif isinstance(silence, ListensElsewhere):
        hint = f"Make it listen on port {port}: EXPOSE only says where a program listens; it does not change the port."
        lines = _mentioning(shipped, *map(str, silence.ports)) or lines
    return Unmet(expected, silence_words(silence), WHY, hint, lines)


def _is_in_background(shipped: Shipped) -> bool:
    start = start_of(shipped)
    return start is not None and start.through_shell and start.words[2].rstrip().endswith("&")


def _mentioning(shipped: Shipped, *words: str) -> tuple[int, ...]:
    """The lines with one of `words`. This is text: it only points at a cause that was found in another way."""
    steps = shipped.attempt.final_instructions
    return tuple(step.first_line for step in steps if any(word in step.arguments for word in words))


def cannot_tell(exchange: Exchange) -> Blocked | None:
    """Return why a criterion that needs an answer cannot be decided, if there was none."""
    if exchange.status is None:
        return Blocked("answers-http", "can't tell until the container answers")
    return None
