"""The standard streams, made so that no command has to think of one that is closed, full or read by nobody any more.

What happens to a command whose output was lost is for `boundary.py`.
"""

import io
import os
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

_MODES = (os.O_RDONLY, os.O_RDONLY, os.O_WRONLY)
"""How a closed stream is opened on the null device: input is empty, output fails as before, errors go nowhere."""


class OutputFile(io.FileIO):
    """One of the streams that are written. `failure` is the first error; what is written after it is dropped.

    Without `has_to_arrive` an error is no error: the text is dropped.
    """

    def __init__(self, descriptor: int, *, has_to_arrive: bool) -> None:
        super().__init__(descriptor, "w", closefd=False)
        self.failure: OSError | None = None
        self._has_to_arrive = has_to_arrive

    def write(self, data: "ReadableBuffer", /) -> int:
        """Write, or drop what cannot be written.

        Raises:
            OSError: it is the first that could not be written, and it had to arrive.

        """
        if self.failure:
            return memoryview(data).nbytes
        try:
            return super().write(data)
        except OSError as error:
            self.failure = error
            if self._has_to_arrive:
                raise
            return memoryview(data).nbytes


def take_streams() -> OutputFile | None:
    """Open the standard streams that are closed, and watch over those that are written; return standard output's file.

    Returns None if standard output is no file of this process, as in a test.
    """
    for descriptor, mode in enumerate(_MODES):
        _open_if_closed(descriptor, mode)
    sys.stdin = sys.stdin or open(0, encoding="utf-8", closefd=False)  # noqa: SIM115 - open as long as the process
    sys.stderr, _ = _watched(sys.stderr, 2, has_to_arrive=False)
    sys.stdout, output = _watched(sys.stdout, 1, has_to_arrive=True)
    return output


def say(words: str) -> None:
    """Write one line to standard error, whatever state that is in."""
    with suppress(Exception):
        sys.stderr.write(f"workshop: {words}\n")
        sys.stderr.flush()


def _open_if_closed(descriptor: int, mode: int) -> None:
    try:
        os.fstat(descriptor)
    except OSError:
        opened = os.open(os.devnull, mode)
        if opened != descriptor:
            os.dup2(opened, descriptor)
            os.close(opened)
        os.set_inheritable(descriptor, True)


def _watched(stream: TextIO | None, descriptor: int, *, has_to_arrive: bool) -> tuple[TextIO, OutputFile | None]:
    """Return a stream like `stream` on top of an `OutputFile`. What cannot be encoded is written as an escape."""
    if stream is not None:
        try:
            if stream.fileno() != descriptor:
                return stream, None
        except (OSError, ValueError):
            return stream, None
    file = OutputFile(descriptor, has_to_arrive=has_to_arrive)
    errors = getattr(stream, "errors", None)
    text = io.TextIOWrapper(
        io.BufferedWriter(file),
        encoding=getattr(stream, "encoding", None) or "utf-8",
        errors="backslashreplace" if errors in (None, "strict") else errors,
        line_buffering=not has_to_arrive or file.isatty(),
        write_through=bool(getattr(stream, "write_through", False)),
    )
    return text, file
