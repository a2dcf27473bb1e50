"""Finds the engine to talk to and connects to it. What one then asks of it is `client.py`."""

import os
from collections.abc import Iterator
from pathlib import Path

from docker.api.client import APIClient
from docker.errors import DockerException
from requests.exceptions import RequestException

from grader.engine import private
from grader.engine.client import Engine
from grader.errors import EngineUnavailableError

PING_SECONDS = 5
CALL_SECONDS = 120


def connect(host: str | None = None) -> Engine:
    """Connect to `host`, or to the first engine that answers.

    The order is: `WORKSHOP_ENGINE`, `DOCKER_HOST`, the docker context in use, the default socket, the kit's private
    engine. An engine that was named is the only one tried.

    Raises:
        EngineUnavailableError: none answers; the message says what was tried and what to do.

    """
    named = host or os.environ.get("WORKSHOP_ENGINE") or os.environ.get("DOCKER_HOST")
    tried = []
    for candidate in [named] if named else _candidates():
        engine = _try(candidate)
        if engine is not None:
            return engine
        tried.append(candidate)
    if named:
        raise EngineUnavailableError(
            f"No container engine answers at {named}: start it, or name another one in WORKSHOP_ENGINE."
        )
    raise EngineUnavailableError(
        f"No container engine answers (tried {', '.join(tried) or 'the default socket'}): start Docker, "
        "or run `workshop engine up` (Linux, as root) for a private one."
    )


def _candidates() -> Iterator[str]:
    seen = set()
    for candidate in (_context_host(), "unix:///var/run/docker.sock", private.host()):
        if candidate and candidate not in seen:
            seen.add(candidate)
            yield candidate


def _context_host() -> str | None:
    """Return the endpoint of the docker context in use, which is where Docker Desktop and Colima listen."""
    if not (Path.home() / ".docker" / "contexts").is_dir():
        return None
    from docker.context import ContextAPI

    try:
        context = ContextAPI.get_current_context()
    except (DockerException, OSError, ValueError, KeyError):
        return None
    host = getattr(context, "Host", None)
    return host if isinstance(host, str) else None


def _try(host: str) -> Engine | None:
    if host.startswith("unix://") and not Path(host.removeprefix("unix://")).exists():
        return None
    try:
        api = APIClient(base_url=host, version="auto", timeout=PING_SECONDS)
        version = api.version()
        info = api.info()
    except (DockerException, RequestException, OSError, ValueError):
        return None
    api.timeout = CALL_SECONDS
    return Engine(api, host, version, info)
