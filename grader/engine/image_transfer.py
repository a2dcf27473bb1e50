"""Images into an engine and out of it: pulling from a registry, loading and saving archives."""

import math
from collections.abc import Callable, Generator, Iterable, Iterator
from urllib.parse import quote

from docker.api.client import APIClient
from docker.auth import get_config_header, resolve_repository_name
from docker.errors import DockerException

from grader.dockerfile.references import parse_reference
from grader.engine.endpoint import Endpoint
from grader.engine.faults import machine_error, pull_error, speaking, told_of_pull
from grader.engine.streaming import answer, messages
from grader.errors import MachineError, UsageError

SAVE_CHUNK = 1 << 20


def save(api: APIClient, host: str, reference: str) -> Generator[bytes, None, None]:
    """Stream the image as `docker save` writes it."""
    doing = f"saving {reference}"
    path = f"/images/{quote(reference, safe='/:@')}/get"
    with speaking(host, doing), answer(api, "GET", path, doing) as response:
        yield from response.iter_content(SAVE_CHUNK)


def load(api: APIClient, host: str, chunks: Iterable[bytes]) -> None:
    """Load an archive as `docker save` writes it; an exception from reading `chunks` is passed on unchanged."""
    doing, body = "loading an image", _Body(chunks)
    headers = {"Content-Type": "application/x-tar"}
    try:
        with (
            speaking(host, doing),
            answer(api, "POST", "/images/load", doing, data=body, headers=headers) as response,
        ):
            for message in messages(response):
                if "error" in message:
                    raise machine_error(str(message["error"]), doing)
    except MachineError as error:
        if body.failure is not None:
            raise body.failure from error
        raise


def pull(
    own: APIClient,
    endpoint: Endpoint,
    reference: str,
    deadline: float,
    on_progress: Callable[[str, int, int], None] | None,
) -> None:
    """Pull `reference`; `on_progress` gets a layer's status, its bytes done, and its total bytes.

    Raises:
        ImageNotFoundError: a registry answers and has no such image.
        RegistryUnreachableError: no registry answers, or it sends nothing for `deadline` seconds.
        EngineUnavailableError: the engine went away.

    """
    host, doing, (name, tag) = endpoint.host, f"pulling {reference}", name_and_tag(reference)
    with speaking(host, doing):
        # A client of its own: several pulls may run at once, each with its own time-out.
        api = APIClient(base_url=host, version=own.api_version, timeout=math.ceil(deadline), tls=endpoint.tls or False)
    options = {"params": {"fromImage": name, "tag": tag}, "headers": _credentials(api, name)}
    try:
        with api, speaking(host, doing), answer(api, "POST", "/images/create", doing, **options) as response:
            for message in messages(response):
                if "error" in message:
                    raise pull_error(str(message["error"]), reference)
                detail = message.get("progressDetail") or {}
                if on_progress:
                    on_progress(message.get("status", ""), detail.get("current", 0), detail.get("total", 0))
    except MachineError as error:
        raise told_of_pull(error, reference, deadline) from error


def name_and_tag(reference: str) -> tuple[str, str]:
    """Split `host:5000/name:tag` or `name@sha256:...` as the engine asks for it; without a tag it is `latest`."""
    parsed = parse_reference(reference)
    if parsed is None:
        raise UsageError(f"`{reference}` is not a valid image name.")
    return parsed.familiar_repository, parsed.digest or parsed.tag


class _Body:
    """The body of a request, sent in HTTP chunks as it is read.

    The HTTP library treats an exception from reading as a fault of the connection; `failure` keeps the real one.
    """

    def __init__(self, chunks: Iterable[bytes]) -> None:
        self.failure: Exception | None = None
        self._chunks = chunks

    def __iter__(self) -> Iterator[bytes]:
        try:
            yield from self._chunks
        except Exception as error:
            self.failure = error
            raise


def _credentials(api: APIClient, name: str) -> dict[str, bytes]:
    """Return the header for this registry if the user is logged in to it with `docker login`.

    Without the program that keeps the credentials the image is asked for as by anybody.
    """
    registry, _ = resolve_repository_name(name)
    try:
        header = get_config_header(api, registry)
    except DockerException:
        return {}
    return {"X-Registry-Auth": header} if header else {}
