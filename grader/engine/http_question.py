"""Asks an untrusted program one question over HTTP: the complete exchange has a deadline, the body a size limit.

When to ask and how good the answer is, is not decided here.
"""

import http.client
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from threading import Event, Thread

from grader.engine.model import Exchange
from grader.engine.silence import HttpFailure, HttpFault

LOOK_SECONDS = 0.05
"""How often it is looked at whether the time is over."""
BODY_CAP = 1_000_000
"""Bytes kept of an answer."""


class NoAnswerError(Exception):
    """The program gave no answer; `failure` is what happened instead."""

    def __init__(self, failure: HttpFailure) -> None:
        super().__init__(failure)
        self.failure = failure


def ask(address: str, port: int, path: str, seconds: float, wall: float, is_over: Callable[[], bool]) -> Exchange:
    """Return the answer to `GET path`, the body cut at `BODY_CAP`.

    `is_over` says when the program has used the `seconds` that it may take, `wall` is the limit of one wait on the wall
    clock.

    Raises:
        NoAnswerError: nothing accepted the connection, or the answer is not complete.

    """
    connection = http.client.HTTPConnection(address, port, timeout=wall)
    try:
        _connect(connection, seconds)
        # A time-out of the socket starts again with each byte: a slow program could keep us waiting for ever.
        with _hung_up_when(connection.sock, is_over):
            return _exchange(connection, path, is_over)
    except (OSError, http.client.HTTPException, ValueError) as error:
        is_late = is_over() or isinstance(error, TimeoutError)
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


def _exchange(connection: http.client.HTTPConnection, path: str, is_over: Callable[[], bool]) -> Exchange:
    connection.request("GET", path, headers={"Connection": "close"})
    with connection.getresponse() as response:
        body = response.read(BODY_CAP)
        if is_over():  # we ended the connection: what was read is not complete
            raise TimeoutError
        if response.length and len(body) < BODY_CAP:
            raise http.client.IncompleteRead(body, response.length)
        return Exchange(path, response.status, body)


@contextmanager
def _hung_up_when(connected: socket.socket, is_over: Callable[[], bool]) -> Iterator[None]:
    """Shut the connection down once its time is over, whatever is being read from it."""
    done = Event()

    def hang_up() -> None:
        while not done.wait(LOOK_SECONDS):
            if is_over():
                with suppress(OSError):
                    connected.shutdown(socket.SHUT_RDWR)
                return

    thread = Thread(target=hang_up, name="hang-up", daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()
