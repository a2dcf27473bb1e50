"""Answers of the engine's API that come in pieces; each is closed, even if it was not read to its end.

docker-py has calls for these too, but they leave the connection open when the reader stops early, and some wait
without a deadline.
"""

import json
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import CancelledError
from contextlib import contextmanager
from typing import Any

from docker.api.client import APIClient
from requests import Response

from grader.engine.faults import machine_error


@contextmanager
def answer(api: APIClient, method: str, path: str, doing: str, **options: Any) -> Iterator[Response]:
    """Ask the engine; the answer can be read inside the block, with `api.timeout` between two pieces of it.

    Raises:
        MachineError: the engine refuses.

    """
    url = f"{api.base_url}/v{api.api_version}{path}"
    with api.request(method, url, stream=True, timeout=api.timeout, **options) as response:
        if not response.ok:
            raise machine_error(_reason(response), doing)
        yield response


def messages(response: Response) -> Iterator[dict[str, Any]]:
    """Return the JSON objects of an answer, one on each line (https://docs.docker.com/reference/api/engine/)."""
    for line in response.iter_lines():
        try:
            message = json.loads(line)
        except ValueError:
            continue
        if isinstance(message, dict):
            yield message


def _reason(response: Response) -> str:
    """Return the reason that the engine gives for its refusal."""
    try:
        return str(response.json()["message"])
    except (ValueError, LookupError, TypeError):
        return response.text or str(response.reason)


def until_cancelled(chunks: Iterable[bytes], is_cancelled: Callable[[], bool]) -> Iterator[bytes]:
    """Pass on a stream; stop with CancelledError when `is_cancelled` returns true."""
    for chunk in chunks:
        if is_cancelled():
            raise CancelledError
        yield chunk
