"""The record of a grading as a file: one JSON object on each line, written at once, so that a crash loses nothing.

The grading process writes it, and `grader.grading.grade` reads it while it grows.
"""

from collections.abc import Iterator
from pathlib import Path

from grader.codec import decode, encode
from grader.record.events import Event


class Recorder:
    """Appends events to a record file."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("ab")

    def __call__(self, event: Event) -> None:
        """Append one event and give it to the operating system at once."""
        self._file.write(encode(event) + b"\n")
        self._file.flush()

    def close(self) -> None:
        """Close the file."""
        self._file.close()


class Reader:
    """Reads events from a record that may still grow; an incomplete line is left for the next call."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._offset = 0

    def new_events(self) -> Iterator[Event]:
        """Yield what was added since the last call."""
        try:
            with self._path.open("rb") as file:
                file.seek(self._offset)
                added = file.read()
        except FileNotFoundError:
            return
        complete, newline, _ = added.rpartition(b"\n")
        self._offset += len(complete) + len(newline)
        for line in complete.splitlines():
            yield decode(line, Event)  # type: ignore[arg-type]
