"""What is known about a running build: its vertices, their logs, and the text that is not progress (the last error).

The docker command reports it in two formats, which `progress_plain.py` and `progress_rawjson.py` read.
"""

import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from grader.engine.build_text import tidy_error
from grader.engine.model import BuildStep
from grader.engine.plain_text import plain_text

TAIL_CAP = 1_000_000
"""Bytes kept of what is printed apart from the progress."""
_INSTRUCTION = re.compile(r"\[(?:(?P<words>[^\]]+) )?(?P<number>\d+)/\d+\] (?P<instruction>.+)", re.DOTALL)
_CLIPPED = re.compile(rb"\[output clipped, log limit [^\]]+ reached\]")


@dataclass(slots=True)
class Vertex:
    """One node of BuildKit's graph. `seconds` is the time it ran, `clipped` whether the engine cut its log.

    `began_at` is when its beginning was reported, as `time.monotonic` counts.
    """

    name: str = ""
    started: bool = False
    ended: bool = False
    cached: bool = False
    canceled: bool = False
    clipped: bool = False
    began_at: float = 0.0
    seconds: float = 0.0
    error: str = ""
    log: bytearray = field(default_factory=bytearray)

    def step(self) -> BuildStep | None:
        """The instruction this vertex stands for, or None for BuildKit's own work (`[internal] ...`, exporting)."""
        match = _INSTRUCTION.fullmatch(self.name)
        if not match:
            return None
        words = [word for word in (match["words"] or "").split() if "/" not in word]  # `linux/arm64` is the platform
        return BuildStep(
            name=plain_text(self.name),
            stage=words[0] if words else "",
            number=int(match["number"]),
            instruction=plain_text(match["instruction"]),
            cached=self.cached,
            seconds=self.seconds,
            log=plain_text(self.log.decode("utf-8", "replace")),
            error=tidy_error(self.error),
            ended=self.ended,
        )


class BuildProgress:
    """All vertices of one build by key, in the order in which they were started."""

    def __init__(self, log_cap: int, on_change: Callable[[Vertex], None] | None = None) -> None:
        self._log_cap = log_cap
        self._on_change = on_change
        self._vertices: dict[str, Vertex] = {}
        self._failed: list[Vertex] = []
        self._log_bytes = 0
        self._tail = bytearray()

    def vertex(self, key: str) -> Vertex:
        """The vertex with this key; a new one is not started yet."""
        return self._vertices.setdefault(key, Vertex())

    def start(self, key: str) -> None:
        """A vertex began, perhaps again."""
        vertex = self.vertex(key)
        if not vertex.started:
            vertex.started = True
            vertex.began_at = time.monotonic()
            self._vertices[key] = self._vertices.pop(key)
            self._tell(vertex)

    def end(self, key: str, seconds: float, *, cached: bool = False, error: str = "") -> None:
        """A vertex ended; BuildKit reports one as `context canceled` if the failure of another one stopped it."""
        vertex = self.vertex(key)
        vertex.seconds = seconds
        vertex.cached = vertex.cached or cached
        if error.endswith("context canceled"):
            vertex.canceled = True
        elif error and not vertex.error:
            vertex.error = error
            self._failed.append(vertex)
        if not vertex.ended:
            vertex.ended = True
            self._tell(vertex)

    def reopen(self, key: str) -> None:
        """The line that looked like the end of a vertex was part of its log."""
        vertex = self.vertex(key)
        vertex.ended = vertex.canceled = vertex.cached = False
        vertex.error = ""
        self._failed = [other for other in self._failed if other is not vertex]

    def add_log(self, key: str, data: bytes) -> None:
        """Keep a step's output, up to the cap."""
        vertex = self.vertex(key)
        if _CLIPPED.search(data):
            vertex.clipped = True
        vertex.log += data[: max(0, self._log_cap - self._log_bytes)]
        self._log_bytes += len(data)

    def add_tail(self, line: bytes) -> None:
        """Keep a line that is not progress."""
        if len(self._tail) < TAIL_CAP:
            self._tail += line + b"\n"

    def _tell(self, vertex: Vertex) -> None:
        if self._on_change:
            self._on_change(vertex)

    @property
    def flooded(self) -> bool:
        """Whether the steps have written more than the cap."""
        return self._log_bytes > self._log_cap

    @property
    def tail(self) -> str:
        """What was printed apart from the progress."""
        return self._tail.decode("utf-8", "replace")

    @property
    def begun(self) -> tuple[Vertex, ...]:
        """The vertices that were started, in that order."""
        return tuple(vertex for vertex in self._vertices.values() if vertex.started)

    @property
    def first_failure(self) -> Vertex | None:
        """The vertex whose failure ended the build: others fail after it, or are only reported as failed."""
        return self._failed[0] if self._failed else None

    def steps(self) -> tuple[BuildStep, ...]:
        """The instructions that were begun, in that order; those that had not ended come last."""
        steps = [step for vertex in self.begun if (step := vertex.step())]
        return tuple(sorted(steps, key=lambda step: not step.ended))
