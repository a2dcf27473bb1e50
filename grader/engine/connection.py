"""Finds the engine to talk to and connects to it. All later questions to it are in `client.py`."""

import os
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from docker.api.client import APIClient
from docker.errors import DockerException
from docker.tls import TLSConfig
from docker.utils import kwargs_from_env
from requests.exceptions import RequestException

from grader.called import called
from grader.engine import private
from grader.engine.client import Engine
from grader.engine.faults import inner_errors, timed_out
from grader.errors import EngineUnavailableError

DEFAULT = "unix:///var/run/docker.sock"
PING_SECONDS = 5
CALL_SECONDS = 120
_REASONS = (
    (PermissionError, "you have no permission to use it: run as a user of its group, or as root"),
    (FileNotFoundError, "there is no such socket"),
    (ConnectionRefusedError, "nothing listens there"),
)


def connect(host: str | None = None) -> Engine:
    """Connect to `host`, or to the first engine that answers.

    The order is: `WORKSHOP_ENGINE`, `DOCKER_HOST`, the docker context in use, the default socket, the kit's private
    engine. If an engine is named, no other one is tried. Podman, which cannot build with BuildKit, is used only
    if it is named: images can be read on it.

    Raises:
        EngineUnavailableError: none answers; the message says what was tried and what to do.

    """
    named = host or os.environ.get("WORKSHOP_ENGINE") or os.environ.get("DOCKER_HOST")
    if named:
        answer = _try(Endpoint(named, _tls_of_environment(named)))
        if isinstance(answer, Engine):
            return answer
        raise EngineUnavailableError(
            f"No container engine answers at {named} ({answer})", "Start it, or name another one in WORKSHOP_ENGINE."
        )
    return _first_that_builds(_candidates())


def _first_that_builds(candidates: Iterable["Endpoint"]) -> Engine:
    tried, without_buildkit = [], ExitStack()
    for candidate in candidates:
        answer = _try(candidate)
        if not isinstance(answer, Engine):
            tried.append(f"{candidate.host} ({answer})")
        elif answer.is_podman:
            without_buildkit.callback(answer.close)
            tried.append(f"{candidate.host} (it is Podman, which has no BuildKit)")
        else:
            without_buildkit.close()
            return answer
    without_buildkit.close()
    raise EngineUnavailableError(
        f"No container engine answers (tried {', '.join(tried)})",
        f"Start Docker, or run `{called()} engine up` (Linux, as root) for a private one.",
    )


@dataclass(frozen=True, slots=True)
class Endpoint:
    """An address where an engine may listen, and the certificates it asks for."""

    host: str
    tls: TLSConfig | None = None


def _candidates() -> Iterator[Endpoint]:
    seen = set()
    for candidate in (_context(), Endpoint(DEFAULT), Endpoint(private.host())):
        if candidate and candidate.host not in seen:
            seen.add(candidate.host)
            yield candidate


def docker_host() -> str:
    """Return the address at which a docker command looks for an engine if somebody types it here."""
    context = None if os.environ.get("DOCKER_HOST") else _context()
    return os.environ.get("DOCKER_HOST") or (context.host if context else DEFAULT)


def _context() -> Endpoint | None:
    """Return the docker context in use, which says where Docker Desktop and Colima listen."""
    if not (Path.home() / ".docker" / "contexts").is_dir():
        return None
    from docker.context import ContextAPI

    try:
        context = ContextAPI.get_context(os.environ.get("DOCKER_CONTEXT"))
    except (DockerException, OSError, ValueError, KeyError):
        return None
    host = getattr(context, "Host", None)
    return Endpoint(host, getattr(context, "TLSConfig", None)) if isinstance(host, str) and host else None


def _tls_of_environment(host: str) -> TLSConfig | None:
    """Return what DOCKER_TLS_VERIFY and DOCKER_CERT_PATH ask for."""
    return kwargs_from_env().get("tls") or None if host.startswith("tcp://") else None


def _try(endpoint: Endpoint) -> Engine | str:
    """Return the engine that answers, or a text that says why none does."""
    try:
        if endpoint.host.startswith("unix://"):
            Path(endpoint.host.removeprefix("unix://")).stat()
        return _connected(endpoint)
    except (DockerException, RequestException, OSError, ValueError) as error:
        return _reason(error)


def _connected(endpoint: Endpoint) -> Engine:
    tls = endpoint.tls or False
    with ExitStack() as stack:
        api = stack.enter_context(APIClient(base_url=endpoint.host, version="auto", timeout=PING_SECONDS, tls=tls))
        engine = Engine(api, endpoint.host, api.version(), api.info(), endpoint.tls)
        api.timeout = CALL_SECONDS
        stack.pop_all()
        return engine


def _reason(error: BaseException) -> str:
    """Describe the first cause of the libraries' exception."""
    if timed_out(error):
        return f"no answer within {PING_SECONDS} s"
    for inner in inner_errors(error):
        for kind, words in _REASONS:
            if isinstance(inner, kind):
                return words
    return " ".join(str(error).split())[:200]
