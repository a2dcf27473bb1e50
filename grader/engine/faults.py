"""Turns what docker-py and its HTTP library raise into `KitError`s of one line. No call to the engine is made here."""

from collections.abc import Iterator
from contextlib import contextmanager

from docker.errors import APIError, DockerException
from requests.exceptions import RequestException
from urllib3.exceptions import HTTPError

from grader.errors import EngineUnavailableError, MachineError


class ImageNotFoundError(MachineError):
    """A registry that answers says that there is no such image."""


class RegistryUnreachableError(MachineError):
    """No registry answers for this reference."""


@contextmanager
def speaking(host: str, doing: str) -> Iterator[None]:
    """Let no exception of the libraries out: an engine that refuses is a `MachineError`, one that is gone says so."""
    try:
        yield
    except APIError as error:
        raise machine_error(error.explanation or str(error), doing) from error
    except (DockerException, RequestException, HTTPError, ConnectionError) as error:
        raise EngineUnavailableError(
            f"The container engine at {host} stopped answering while {doing}: see that it runs, then try again."
        ) from error


def machine_error(message: str, doing: str) -> MachineError:
    """Put what the engine refused into one line, with what to do where that is known."""
    line = " ".join(message.split())
    if "no space left on device" in line:
        return MachineError(f"The disk is full: the engine could not go on {doing}; free some space and try again.")
    return MachineError(f"The container engine failed while {doing}: {line}")


def pull_error(message: str, reference: str) -> MachineError:
    """Tell a registry that says no from one that is not there, by the words of the distribution client."""
    said_no = (
        "not found",
        "manifest unknown",
        "pull access denied",
        "does not exist",
        "unauthorized",
        "denied:",
    )
    if any(words in message for words in said_no):
        return ImageNotFoundError(f"there is no image {reference}: {message}")
    return RegistryUnreachableError(f"no registry could be reached for {reference}: {message}")
