"""Shows the site to this machine's own browser. It answers on the loopback address alone, from one folder."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from grader.errors import UsageError

_LOOPBACK = "127.0.0.1"


@contextmanager
def listening(folder: Path, port: int) -> Iterator[ThreadingHTTPServer]:
    """Open the port (0: any free one) for the folder; whoever calls lets the server run, the port is closed at the end.

    Raises:
        UsageError: the port is taken, or may not be used.

    """
    try:
        server = _Server((_LOOPBACK, port), partial(_Handler, directory=str(folder)))
    except OSError as error:
        raise UsageError(f"Port {port} cannot be used ({error.strerror}); name another with --serve PORT.") from error
    with server:
        yield server


class _Server(ThreadingHTTPServer):
    """Ends a request that goes wrong without a message on the terminal."""

    def handle_error(self, request: object, client_address: object) -> None:
        """Pass over a browser that closes its connection; hand everything else to whoever watches over threads."""
        del request, client_address
        error = sys.exc_info()[1]
        if error is not None and not isinstance(error, ConnectionError):
            raise error


class _Handler(SimpleHTTPRequestHandler):
    """Answers without a message on the terminal, and lets no browser keep a page that may be made again."""

    def end_headers(self) -> None:
        self.send_header("Cache-Control", "no-store")
        self.send_header("X-Content-Type-Options", "nosniff")
        super().end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name of the standard library
        del format, args
