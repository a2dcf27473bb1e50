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
    """The engine did not answer in time; perhaps it waits for another program."""


@contextmanager
def speaking(host: str, doing: str) -> Iterator[None]:
    """Replace the libraries' exceptions: a `MachineError` if the engine refuses, another `KitError` if it is gone."""
    try:
        yield
    except APIError as error:
        raise machine_error(str(error.explanation or error), doing) from error
    except (DockerException, RequestException, HTTPError, ConnectionError) as error:
        kind = EngineSilentError if timed_out(error) else EngineUnavailableError
        raise kind(
            f"The container engine at {host} stopped answering while {doing}. Check that it runs, then try again."
        ) from error


def timed_out(error: BaseException) -> bool:
    """Whether a time-out is the first cause; urllib3 1 counts each connection that fails as one."""
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
    """Put the engine's refusal into one line, and say what to do if that is known."""
    line = " ".join(plain_text(message).split())
    if "no space left on device" in line:
        return disk_full(doing)
    return EngineRefusedError(line, doing)


def disk_full(doing: str) -> MachineError:
    """Say that the engine's disk is full."""
    return MachineError(f"The disk is full: the engine could not continue {doing}. Free some space and try again.")


class EngineRefusedError(MachineError):
    """The engine answered that it cannot do something; `refusal` is its own text."""

    def __init__(self, refusal: str, doing: str) -> None:
        super().__init__(f"The container engine failed while {doing}: {refusal}")
        self.refusal = refusal


_SAID_NO = re.compile(
    r"manifest .*(?:unknown|not found)|manifest unknown|name unknown|: not found|pull access denied"
    r"|repository .* (?:does not exist|not found)|unauthorized|denied: "
)


def pull_error(message: str, reference: str) -> MachineError:
    """Distinguish a registry that says no from one that does not answer, by the words of the distribution client."""
    line = " ".join(plain_text(message).split())
    if line.endswith("no space left on device"):
        return disk_full(f"pulling {reference}")
    if _SAID_NO.search(line):
        return ImageNotFoundError(f"The registry has no image {reference}: {line}")
    return RegistryUnreachableError(f"No registry answered for {reference}: {line}")


def told_of_pull(error: MachineError, reference: str, deadline: float) -> MachineError:
    """Find out whether the registry caused the exception that `speaking` made while pulling."""
    if isinstance(error, EngineRefusedError):
        return pull_error(error.refusal, reference)
    if isinstance(error, EngineSilentError):
        return RegistryUnreachableError(f"No registry answered for {reference} within {deadline:.0f} s")
    return error
