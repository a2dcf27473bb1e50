"""The result record: one JSON object a line, flushed as things happen, so that a crash loses nothing that was known.

The grading process writes it and `grader.grading` reads it while it grows; this file is the format for both.
"""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Protocol


@dataclass(frozen=True, slots=True)
class Event:
    """One line: what it is about, and its fields."""

    kind: str
    fields: dict[str, Any]


class Listener(Protocol):
    """Whoever is told what happens in a run."""

    def write(self, kind: str, **fields: Any) -> None:
        """Take one event."""


class Recorder:
    """Appends events to a record file."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("a", encoding="utf-8")

    def write(self, kind: str, **fields: Any) -> None:
        """Append one event and hand it to the operating system at once."""
        self._file.write(json.dumps({"event": kind, **fields}, default=_plain) + "\n")
        self._file.flush()

    def close(self) -> None:
        """Close the file."""
        self._file.close()


class Reader:
    """Reads events from a record that may still grow; a line that is not complete is left for the next time."""

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
            fields = json.loads(line)
            yield Event(fields.pop("event"), fields)


def _plain(value: object) -> object:
    """Dataclasses go into the record as objects."""
    return asdict(value)  # type: ignore[call-overload]
