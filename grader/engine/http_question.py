"""Asks one question over HTTP of a program that nobody vouches for: the whole of it has a deadline, the body a cap.

When to ask and what the answer is worth is not decided here.
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
    """Return what `GET path` gives within `seconds`, the body cut at `BODY_CAP`.

    Raises:
        NoAnswerError: nothing took the connection, or what came back is no complete answer.

    """
    until = time.monotonic() + seconds
    connection = http.client.HTTPConnection(address, port, timeout=seconds)
    try:
        _connect(connection, seconds)
        # A time-out of the socket begins anew with each byte: a program that drips would hold us for ever.
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
        if time.monotonic() >= until:  # what was read is what there was when we hung up
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
