"""Finds the engine to talk to and connects to it. All later questions to it are in `client.py`."""

import os
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path

from docker.api.client import APIClient
from docker.errors import DockerException
from requests.exceptions import RequestException

from grader.called import called
from grader.engine import private
from grader.engine.client import Engine
from grader.engine.docker_config import DockerSettingsError, config_folder, context_in_use, read_config
from grader.engine.endpoint import CERTIFICATES, TLS, VERIFY, Endpoint
from grader.engine.faults import inner_errors, timed_out
from grader.errors import EngineUnavailableError

DEFAULT = "unix:///var/run/docker.sock"
PING_SECONDS = 5
CALL_SECONDS = 120
_WITHOUT_TLS = ("unix://", "npipe://", "http://", "ssh://", "fd://")
_REASONS = (
    (PermissionError, "you have no permission to use it: run as a user of its group, or as root"),
    (FileNotFoundError, "there is no such socket"),
    (ConnectionRefusedError, "nothing listens there"),
)


def connect(host: str | None = None) -> Engine:
    """Connect to `host`, or to the first engine that answers.

    The order is: `WORKSHOP_ENGINE`, `DOCKER_HOST`, the docker context in use, the default socket, the kit's private
    engine. If one of the first three names an engine, no other one is tried. Podman, which cannot build with BuildKit,
    is used only if it is named: images can be read on it.

    Raises:
        EngineUnavailableError: none answers; the message says what was tried and what to do.
        DockerSettingsError: what is set for Docker's clients is wrong, or the context in use does not answer.

    """
    named = host or os.environ.get("WORKSHOP_ENGINE") or os.environ.get("DOCKER_HOST")
    config = read_config()
    if named:
        answer = _try(Endpoint(named, *_tls_of_environment(named)))
        if isinstance(answer, Engine):
            return answer
        raise EngineUnavailableError(
            f"No container engine answers at {named} ({answer})", "Start it, or name another one in WORKSHOP_ENGINE."
        )
    context = context_in_use(config)
    if context:
        answer = _try(context.endpoint)
        if isinstance(answer, Engine):
            return answer
        raise DockerSettingsError(
            f"No container engine answers at {context.endpoint.host} ({answer}), which is the docker context "
            f"`{context.name}` that {context.named_by} names",
            context.advice,
        )
    return _first_that_builds(_candidates())


def _first_that_builds(candidates: Iterable[Endpoint]) -> Engine:
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


def _candidates() -> Iterator[Endpoint]:
    for host in dict.fromkeys((DEFAULT, private.host())):
        yield Endpoint(host)


def docker_host() -> str:
    """Return the address at which a docker command looks for an engine if somebody types it here."""
    named = os.environ.get("DOCKER_HOST")
    if named:
        return named
    context = context_in_use(read_config())
    return context.endpoint.host if context else DEFAULT


def _tls_of_environment(host: str) -> tuple[str, bool]:
    """Return the folder of certificates that the environment asks for, and whether the engine's is verified.

    Raises:
        DockerSettingsError: the folder lacks a certificate.

    """
    is_verified = bool(os.environ.get(VERIFY))
    if host.startswith(_WITHOUT_TLS) or not (is_verified or os.environ.get(TLS)):
        return "", True
    folder = Path(os.environ.get(CERTIFICATES) or config_folder())
    there = {name for name in ("ca.pem", "cert.pem", "key.pem") if (folder / name).is_file()}
    lacking = "ca.pem" if is_verified and "ca.pem" not in there else _other_half(there)
    if lacking:
        raise DockerSettingsError(
            f"{VERIFY if is_verified else TLS} is set, and there is no file {folder / lacking}",
            f"Name the folder with the certificates in {CERTIFICATES}, or unset {VERIFY if is_verified else TLS}.",
        )
    return str(folder), is_verified


def _other_half(there: set[str]) -> str:
    """A certificate is of no use without its key, nor a key without its certificate."""
    pair = {"cert.pem", "key.pem"}
    return next(iter(pair - there), "") if there & pair else ""


def _try(endpoint: Endpoint) -> Engine | str:
    """Return the engine that answers, or a text that says why none does."""
    if endpoint.host.startswith("ssh://"):
        return "the workshop asks no engine over ssh: forward its socket to this machine, as with `ssh -L`"
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
        engine = Engine(api, endpoint, api.version(), api.info())
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
