"""Asks one question over HTTP of a program that nobody vouches for: the whole of it has a deadline, the body a cap.

When to ask and what the answer is worth is not told here.
"""

import http.client
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Timer

from grader.engine.model import Exchange

BODY_CAP = 1_000_000
"""Bytes kept of an answer."""


class NoAnswerError(Exception):
    """The program gave no answer; the message says in words what happened instead."""


def ask(address: str, port: int, path: str, seconds: float) -> Exchange:
    """Return what `GET path` gives within `seconds`, the body cut at `BODY_CAP`.

    Raises:
        NoAnswerError: nothing took the connection, or what came back is no complete answer.

    """
    until = time.monotonic() + seconds
    connection = http.client.HTTPConnection(address, port, timeout=seconds)
    try:
        connection.connect()
        # A time-out of the socket begins anew with each byte: a program that drips would hold us for ever.
        with _hung_up_at(connection.sock, until):
            return _exchange(connection, path, until)
    except (OSError, http.client.HTTPException, ValueError) as error:
        if time.monotonic() >= until or isinstance(error, TimeoutError):
            raise NoAnswerError(f"it took the connection but gave no whole answer within {seconds:.0f} s") from error
        raise NoAnswerError(f"the connection failed ({type(error).__name__})") from error
    finally:
        connection.close()


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
