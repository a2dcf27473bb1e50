"""Why a container gave no answer, as data: one type for each thing that can happen. Criteria write the text.

The engine's own words and the program's last words are kept only to be shown; they decide nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from grader.engine.listening import Listener


class StartFault(str, Enum):
    """What in the image prevents the engine from starting it."""

    NO_COMMAND = "no-command"
    PROGRAM_MISSING = "program-missing"
    PERMISSION_DENIED = "permission-denied"
    NO_SUCH_USER = "no-such-user"
    NO_SUCH_GROUP = "no-such-group"
    WORKING_DIRECTORY = "working-directory"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class StartRefusal:
    """The engine refused to start the container because of the image. `words` is the engine's text, safe to show."""

    kind: StartFault
    words: str


class HttpFault(str, Enum):
    """What happened to a request that got no answer."""

    NOT_PUBLISHED = "not-published"
    """The engine never reported which port of its machine leads to the container's port."""
    UNREACHABLE = "unreachable"
    """There was no connection, and nothing refused it."""
    REFUSED = "refused"
    TIMED_OUT = "timed-out"
    """The connection was accepted, and there was no complete answer in time."""
    BROKEN_ANSWER = "broken-answer"
    """The connection was accepted and then broke, or the answer is not HTTP."""


@dataclass(frozen=True, slots=True)
class HttpFailure:
    """One request that got no answer. `error` names the library's exception; `seconds` is the deadline it had."""

    kind: HttpFault
    error: str = ""
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class NotStarted:
    """The container never ran."""

    refusal: StartRefusal


@dataclass(frozen=True, slots=True)
class Ended:
    """The container ended by itself. `memory_limit` is bytes; `last_words` may be anything, and is only shown."""

    exit_code: int
    out_of_memory: bool
    memory_limit: int
    last_words: str


@dataclass(frozen=True, slots=True)
class LoopbackOnly:
    """The program listens on `port`, on an address that only the container itself reaches."""

    port: int


@dataclass(frozen=True, slots=True)
class ListensElsewhere:
    """The program listens on `ports` and not on `port`."""

    port: int
    ports: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class NoAnswer:
    """The container ran all the time, and no request got an answer in `seconds`.

    `is_open` says whether something listens on `port`; None if the host cannot see it.
    """

    port: int
    seconds: float
    last: HttpFailure
    is_open: bool | None


Silence = NotStarted | Ended | LoopbackOnly | ListensElsewhere | NoAnswer


def silence_of_running(
    port: int, last: HttpFailure, seconds: float, found: Sequence[Listener] | None
) -> LoopbackOnly | ListensElsewhere | NoAnswer:
    """Return why a container that runs gave no answer; `found` are its listeners, None if the host cannot see them."""
    on_port = [listener for listener in found or () if listener.port == port]
    if on_port and all(listener.is_loopback for listener in on_port):
        return LoopbackOnly(port)
    if found and not on_port:
        return ListensElsewhere(port, tuple(sorted({listener.port for listener in found})))
    return NoAnswer(port, seconds, last, None if found is None else bool(on_port))
