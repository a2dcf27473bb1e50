"""Reads `--progress=rawjson`: one JSON object after another, each a BuildKit `SolveStatus`, and text between them.

Some versions of buildx write an object over several lines, others write one on each line. The text after the error is
the build's own and may look like anything. `progress.py` keeps what the objects mean.
"""

import json
from base64 import b64decode
from datetime import datetime
from typing import Any

from grader.engine.progress import BuildProgress

OBJECT_CAP = 32_000_000
"""Bytes of one object; a larger one is dropped."""


class RawJsonReader:
    """Takes the output of the docker command line by line."""

    def __init__(self, progress: BuildProgress) -> None:
        self._progress = progress
        self._lines: list[bytes] = []
        self._size = 0
        self._erred = False
        self._ran: dict[str, dict[str, float]] = {}

    def feed(self, line: bytes) -> None:
        """Take one line, without its line break."""
        if self._erred or (not self._lines and not line.startswith(b"{")):
            self._erred = self._erred or line.startswith(b"ERROR: ")
            self._progress.add_tail(line)
            return
        self._size += len(line)
        if self._size <= OBJECT_CAP:
            self._lines.append(line)
        if line == b"}" or (len(self._lines) == 1 and line.endswith(b"}")):
            self._object()

    def close(self) -> None:
        """Take the end of the output."""
        for line in self._lines:
            self._progress.add_tail(line)
        self._lines = []

    def _object(self) -> None:
        lines, size = self._lines, self._size
        self._lines, self._size = [], 0
        if size > OBJECT_CAP:
            return
        try:
            self._status(json.loads(b"\n".join(lines)))
        except (ValueError, LookupError, TypeError, AttributeError):  # not a status: text that begins with a brace
            for line in lines:
                self._progress.add_tail(line)

    def _status(self, status: dict[str, Any]) -> None:
        for raw in status.get("vertexes") or ():
            self._vertex(raw)
        for raw in status.get("logs") or ():
            self._progress.add_log(raw["vertex"], b64decode(raw.get("data") or ""))

    def _vertex(self, raw: dict[str, Any]) -> None:
        key = str(raw["digest"])
        self._progress.vertex(key).name = str(raw.get("name", ""))
        started, completed = raw.get("started"), raw.get("completed")
        if not started:
            return
        self._progress.start(key)
        if completed:
            # BuildKit may start a vertex more than once; each time has its own start.
            ran = self._ran.setdefault(key, {})
            ran[started] = max(0.0, (_time(completed) - _time(started)).total_seconds())
            self._progress.end(key, sum(ran.values()), cached=bool(raw.get("cached")), error=raw.get("error") or "")


def _time(text: str) -> datetime:
    """Read RFC 3339 as Go writes it: up to nine decimals. Python 3.10 accepts exactly six."""
    date, _, rest = text.partition(".")
    if not rest:
        return datetime.fromisoformat(text.replace("Z", "+00:00"))
    digits = rest[: len(rest) - len(rest.lstrip("0123456789"))]
    zone = rest[len(digits) :].replace("Z", "+00:00")
    return datetime.fromisoformat(f"{date}.{digits[:6]:0<6}{zone}")
