"""Asks an untrusted program one question over HTTP: the complete exchange has a deadline, the body a size limit.

When to ask and how good the answer is, is not decided here.
"""

import http.client
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Timer

from grader.engine.model import Exchange
from grader.engine.silence import HttpFailure, HttpFault

BODY_CAP = 1_000_000
"""Bytes kept of an answer."""


class NoAnswerError(Exception):
    """The program gave no answer; `failure` is what happened instead."""

    def __init__(self, failure: HttpFailure) -> None:
        super().__init__(failure)
        self.failure = failure


def ask(address: str, port: int, path: str, seconds: float) -> Exchange:
    """Return the answer to `GET path` within `seconds`, the body cut at `BODY_CAP`.

    Raises:
        NoAnswerError: nothing accepted the connection, or the answer is not complete.

    """
    until = time.monotonic() + seconds
    connection = http.client.HTTPConnection(address, port, timeout=seconds)
    try:
        _connect(connection, seconds)
        # A time-out of the socket starts again with each byte: a slow program could keep us waiting for ever.
        with _hung_up_at(connection.sock, until):
            return _exchange(connection, path, until)
    except (OSError, http.client.HTTPException, ValueError) as error:
        is_late = time.monotonic() >= until or isinstance(error, TimeoutError)
        kind = HttpFault.TIMED_OUT if is_late else HttpFault.BROKEN_ANSWER
        raise NoAnswerError(HttpFailure(kind, type(error).__name__, seconds)) from error
    finally:
        connection.close()


def _connect(connection: http.client.HTTPConnection, seconds: float) -> None:
    try:
        connection.connect()
    except OSError as error:
        kind = HttpFault.REFUSED if isinstance(error, ConnectionRefusedError) else HttpFault.UNREACHABLE
        raise NoAnswerError(HttpFailure(kind, type(error).__name__, seconds)) from error


def _exchange(connection: http.client.HTTPConnection, path: str, until: float) -> Exchange:
    connection.request("GET", path, headers={"Connection": "close"})
    with connection.getresponse() as response:
        body = response.read(BODY_CAP)
        if time.monotonic() >= until:  # we ended the connection: what was read is not complete
            raise TimeoutError
        if response.length and len(body) < BODY_CAP:
            raise http.client.IncompleteRead(body, response.length)
        return Exchange(path, response.status, body)


@contextmanager
def _hung_up_at(connected: socket.socket, until: float) -> Iterator[None]:
    """Shut the connection down once its time is over, whatever is being read from it."""

    def hang_up() -> None:
        with suppress(OSError):
            connected.shutdown(socket.SHUT_RDWR)

    timer = Timer(max(0.0, until - time.monotonic()), hang_up)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        timer.join()
