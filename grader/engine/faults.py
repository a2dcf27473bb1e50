"""Turns what docker-py and its HTTP library raise into `KitError`s of one line. No call to the engine is made here."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

from docker.errors import APIError, DockerException
from requests.exceptions import RequestException, Timeout
from urllib3.exceptions import HTTPError, NewConnectionError
from urllib3.exceptions import TimeoutError as HTTPTimeoutError

from grader.engine.plain_text import plain_text
from grader.errors import EngineUnavailableError, MachineError


class ImageNotFoundError(MachineError):
    """A registry that answers says that there is no such image."""


class RegistryUnreachableError(MachineError):
    """No registry answers for this reference."""


class EngineSilentError(EngineUnavailableError):
    """The engine did not answer in time; perhaps it waits for someone else."""


@contextmanager
def speaking(host: str, doing: str) -> Iterator[None]:
    """Let no exception of the libraries out: an engine that refuses is a `MachineError`, one that is gone says so."""
    try:
        yield
    except APIError as error:
        raise machine_error(str(error.explanation or error), doing) from error
    except (DockerException, RequestException, HTTPError, ConnectionError) as error:
        kind = EngineSilentError if timed_out(error) else EngineUnavailableError
        raise kind(
            f"The container engine at {host} stopped answering while {doing}: see that it runs, then try again."
        ) from error


def timed_out(error: BaseException) -> bool:
    """Whether a time-out is at the bottom of it; urllib3 1 counts each connection that fails as one."""
    kinds = (Timeout, TimeoutError, HTTPTimeoutError)
    found = (inner for inner in inner_errors(error) if isinstance(inner, kinds))
    return any(not isinstance(inner, NewConnectionError) for inner in found)


def inner_errors(error: BaseException) -> Iterator[BaseException]:
    """Yield an exception and all that are inside it: the libraries wrap urllib3's and Python's in several ways."""
    waiting, seen = [error], set[int]()
    while waiting:
        inner = waiting.pop(0)
        if id(inner) not in seen:
            seen.add(id(inner))
            yield inner
            nested = (*inner.args, inner.__cause__, inner.__context__)
            waiting += [each for each in nested if isinstance(each, BaseException)]


def machine_error(message: str, doing: str) -> MachineError:
    """Put what the engine refused into one line, with what to do where that is known."""
    line = " ".join(plain_text(message).split())
    if "no space left on device" in line:
        return disk_full(doing)
    return EngineRefusedError(line, doing)


def disk_full(doing: str) -> MachineError:
    """Say that the engine has no room."""
    return MachineError(f"The disk is full: the engine could not go on {doing}; free some space and try again.")


class EngineRefusedError(MachineError):
    """The engine answered that it cannot; `refusal` are its own words."""

    def __init__(self, refusal: str, doing: str) -> None:
        super().__init__(f"The container engine failed while {doing}: {refusal}")
        self.refusal = refusal


_SAID_NO = re.compile(
    r"manifest .*(?:unknown|not found)|manifest unknown|name unknown|: not found|pull access denied"
    r"|repository .* (?:does not exist|not found)|unauthorized|denied: "
)


def pull_error(message: str, reference: str) -> MachineError:
    """Tell a registry that says no from one that is not there, by the words of the distribution client."""
    line = " ".join(plain_text(message).split())
    if line.endswith("no space left on device"):
        return disk_full(f"pulling {reference}")
    if _SAID_NO.search(line):
        return ImageNotFoundError(f"There is no image {reference} in its registry: {line}")
    return RegistryUnreachableError(f"No registry could be reached for {reference}: {line}")


def told_of_pull(error: MachineError, reference: str, deadline: float) -> MachineError:
    """Say of what `speaking` made while pulling whether the registry is to blame."""
    if isinstance(error, EngineRefusedError):
        return pull_error(error.refusal, reference)
    if isinstance(error, EngineSilentError):
        return RegistryUnreachableError(f"No registry answered for {reference} within {deadline:.0f} s")
    return error
