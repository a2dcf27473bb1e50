"""Reads `--progress=plain`, which is made for people: `#3 [2/2] RUN make`, `#3 0.41 a line of log`, `#3 DONE 0.9s`.

Only lines that begin with a vertex' number are progress; a step's output always has number and time before it, so
that it cannot look like anything else. `progress.py` keeps what the lines mean.
"""

import re

from grader.engine.progress import BuildProgress

_LINE = re.compile(rb"#(\d+) (.*)", re.DOTALL)
_LOG = re.compile(rb"(?P<seconds>\d+\.\d+)(?: (?P<text>.*))?", re.DOTALL)
_ENDING = rb"(?:DONE (?P<seconds>\d+\.\d+)s|(?P<cached>CACHED)|(?P<canceled>CANCELED)|ERROR: (?P<error>.*))"
_ENDED = re.compile(_ENDING, re.DOTALL)
_RULE = b"------"
"""Ends the progress of a build that failed; below it the failed step's log is printed again."""


class PlainReader:
    """Takes the output of the docker command line by line.

    `glues` says that the command writes a vertex' end directly after a log that does not end with a line break.
    Docker commands without buildx do this.
    """

    def __init__(self, progress: BuildProgress, *, glues: bool = False) -> None:
        self._progress = progress
        self._glues = glues
        self._written: dict[str, float] = {}
        self._glued: dict[str, bytes] = {}
        self._erring: str | None = None
        self._over = False

    def feed(self, line: bytes) -> None:
        """Take one line, without its line break."""
        self._over = self._over or line == _RULE
        match = None if self._over else _LINE.fullmatch(line)
        if match:
            self._erring = None
            self._numbered(match[1].decode(), match[2])
        elif self._erring and line and not self._over:
            # The command that failed is part of the error, line breaks included.
            self._progress.vertex(self._erring).error += "\n" + line.decode("utf-8", "replace")
        else:
            self._erring = None
            self._progress.add_tail(line)

    def close(self) -> None:
        """Take the end of the output."""

    def _numbered(self, key: str, rest: bytes) -> None:
        if key == "0":  # buildx reports about itself: which builder it uses
            return
        vertex = self._progress.vertex(key)
        if not vertex.name:
            vertex.name = rest.decode("utf-8", "replace")
            self._progress.start(key)
        elif log := _LOG.fullmatch(rest):
            self._log(key, float(log["seconds"]), log["text"] or b"")
        elif ended := _ENDED.fullmatch(rest):
            self._unglue(key)
            if not vertex.ended:
                self._end(key, ended)

    def _log(self, key: str, seconds: float, text: bytes) -> None:
        self._unglue(key)
        if self._progress.vertex(key).ended:
            return
        self._written[key] = seconds
        mark = b"#" + key.encode() + b" "
        match = re.search(re.escape(mark) + rb"(?=" + _ENDING + rb"\Z)", text, re.DOTALL) if self._glues else None
        if match and (ended := _ENDED.fullmatch(text, match.end())):
            self._progress.add_log(key, text[: match.start()])
            self._end(key, ended)
            self._glued[key] = text[match.start() :]
        else:
            self._progress.add_log(key, text + b"\n")

    def _unglue(self, key: str) -> None:
        """Take back an end that was the step's own text: more of the step follows."""
        if glued := self._glued.pop(key, None):
            self._progress.reopen(key)
            self._progress.add_log(key, glued + b"\n")

    def _end(self, key: str, ended: re.Match[bytes]) -> None:
        if ended["canceled"]:
            self._progress.end(key, 0.0, error="context canceled")
            return
        error = (ended["error"] or b"").decode("utf-8", "replace")
        # A failed step is printed without a time: it ran at least until its last line of log.
        seconds = float(ended["seconds"] or (self._written.get(key, 0.0) if error else 0.0))
        self._progress.end(key, seconds, cached=bool(ended["cached"]), error=error)
        self._erring = key if error else None
