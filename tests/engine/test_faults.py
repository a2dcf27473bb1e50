"""What the libraries raise becomes one line that says whose fault it is."""

import pytest
import requests
from docker.errors import APIError, DockerException
from urllib3.connectionpool import HTTPConnectionPool
from urllib3.exceptions import ProtocolError, ReadTimeoutError

from grader.engine.faults import (
    EngineSilentError,
    ImageNotFoundError,
    RegistryUnreachableError,
    machine_error,
    pull_error,
    speaking,
    told_of_pull,
)
from grader.errors import EngineUnavailableError, MachineError

READ_TIMEOUT = ReadTimeoutError(HTTPConnectionPool("x"), "/", "read timed out")


@pytest.mark.parametrize(
    "error",
    [
        requests.ConnectionError("x"),
        ProtocolError("x"),
        DockerException("x"),
        ConnectionResetError(),
        BrokenPipeError(),
    ],
)
def test_an_engine_that_is_gone(error: Exception) -> None:
    """Whatever library says so."""
    words = r"\A[^\n]*at HOST stopped answering while doing it[^\n]*\Z"
    with pytest.raises(EngineUnavailableError, match=words), speaking("HOST", "doing it"):
        raise error


@pytest.mark.parametrize("error", [requests.ReadTimeout("x"), READ_TIMEOUT, requests.ConnectionError(READ_TIMEOUT)])
def test_an_engine_that_is_silent(error: Exception) -> None:
    """It may wait for a registry."""
    with pytest.raises(EngineSilentError), speaking("HOST", "doing it"):
        raise error


def test_an_engine_that_refuses() -> None:
    """In its own words, without what could steer a terminal."""
    words = r"\A[^\n]*failed while doing it: no \\x07such thing\Z"
    with pytest.raises(MachineError, match=words), speaking("HOST", "doing it"):
        raise APIError("x", explanation="no \x07such\n\x1b[31mthing")


def test_other_exceptions_pass() -> None:
    """They are nobody's but the caller's."""
    with pytest.raises(KeyError), speaking("HOST", "doing it"):
        raise KeyError


def test_a_full_disk_says_what_to_do() -> None:
    """Whatever comes before those words."""
    assert "Free some space" in str(machine_error("write /x: no space left on device", "loading"))


@pytest.mark.parametrize(
    ("message", "kind"),
    [
        ("manifest for busybox:nope not found: manifest unknown: x", ImageNotFoundError),
        (
            "pull access denied for x, repository does not exist or may require 'docker login': denied: x",
            ImageNotFoundError,
        ),
        ("docker.io/library/x:1: not found", ImageNotFoundError),
        ('Get "https://r/v2/": unauthorized: authentication required', ImageNotFoundError),
        ('Get "https://r/v2/": dial tcp: lookup r: no such host', RegistryUnreachableError),
        ('Get "https://r/v2/": net/http: request canceled while waiting for connection', RegistryUnreachableError),
        ("toomanyrequests: You have reached your pull rate limit", RegistryUnreachableError),
        ("received unexpected HTTP status: 503 Service Unavailable", RegistryUnreachableError),
    ],
)
def test_a_registry_that_says_no_is_told_from_one_that_is_not_there(message: str, kind: type[MachineError]) -> None:
    """The first means a wrong name, the second a wrong network."""
    error = pull_error(message, "x:1")
    assert type(error) is kind
    assert "x:1" in str(error)


def test_a_pull_s_faults_are_the_registry_s_or_the_engine_s() -> None:
    """Silence is the registry's, a lost connection the engine's, a full disk neither's."""
    gone, full = EngineUnavailableError("gone"), machine_error("no space left on device", "pulling")
    assert isinstance(told_of_pull(EngineSilentError("x"), "x:1", 5.0), RegistryUnreachableError)
    assert isinstance(told_of_pull(machine_error("no such host", "pulling"), "x:1", 5.0), RegistryUnreachableError)
    assert told_of_pull(gone, "x:1", 5.0) is gone
    assert told_of_pull(full, "x:1", 5.0) is full
