"""Says in words why a container gave no answer, the same in every criterion. What follows from it is for criteria."""

from grader.engine.model import Exit
from grader.engine.silence import (
    Ended,
    HttpFailure,
    HttpFault,
    ListensElsewhere,
    LoopbackOnly,
    NoAnswer,
    NotStarted,
    Silence,
)


def silence_words(silence: Silence | None) -> str:
    """Return one sentence, the engine's or the program's own words at its end."""
    match silence:
        case NotStarted(refusal):
            return f"the container did not start: {refusal.words}"
        case Ended():
            return _ended(silence)
        case LoopbackOnly(port):
            return f"the program listens on 127.0.0.1:{port} only, where nothing outside the container can reach it"
        case ListensElsewhere(port, ports):
            return f"nothing listens on port {port}; the program listens on {', '.join(map(str, ports))}"
        case NoAnswer():
            return _no_answer(silence)
        case None:
            return "nothing answered"


def said(ended: Exit) -> str:
    """Return what a container left to read: the engine's refusal to start it, or else its log."""
    return ended.refusal.words if ended.refusal else ended.log


def _ended(ended: Ended) -> str:
    words = f"the container ended by itself with exit code {ended.exit_code}"
    if ended.out_of_memory:
        words += f" (out of memory: the limit is {ended.memory_limit // 1_000_000} MB)"
    return f"{words}; it last wrote: {ended.last_words}" if ended.last_words else f"{words} and wrote nothing"


def _no_answer(silence: NoAnswer) -> str:
    if silence.is_open:
        return f"port {silence.port} is open, but {_failure(silence.last)}"
    why = _failure(silence.last) if silence.is_open is None else "nothing listens there"
    return f"nothing answered on port {silence.port} within {silence.seconds:.0f} s: {why}"


def _failure(failure: HttpFailure) -> str:
    if failure.kind is HttpFault.NOT_PUBLISHED:
        return "its port was never published"
    if failure.kind is HttpFault.TIMED_OUT:
        return f"it took the connection and gave no complete answer within {failure.seconds:.0f} s"
    if failure.kind is HttpFault.UNREACHABLE:
        return f"it cannot be reached from here ({failure.error})"
    return f"the connection failed ({failure.error})"
