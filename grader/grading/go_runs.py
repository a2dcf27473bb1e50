"""Tells whether a stage that compiles was run again, by a step of our own behind its end. Nothing is judged here.

A compiler writes the same each time, and copies of the same come from the layer cache with the old times: neither
tells. A random number that is drawn behind the last step stays what it was while all above it comes from the cache.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace

from grader.criteria.facts import Attempt
from grader.dockerfile.model import Stage
from grader.dockerfile.stages import needed_stages
from grader.exercise.model import Variant
from grader.grading.installation import Files
from grader.grading.probe import REPORT, probing

_DRAW = "if command -v go > /dev/null || [ -x /usr/local/go/bin/go ]; then cat /proc/sys/kernel/random/uuid; fi\n"


class GoRuns:
    """The runs of stages that have Go, of the submission whose Dockerfile is `text`."""

    def __init__(
        self,
        text: str,
        attempt: Callable[[Variant], Attempt],
        laid_out: Callable[[Variant], AbstractContextManager[Files]],
    ) -> None:
        self._text = text
        self._attempt = attempt
        self._laid_out = laid_out
        self._without: set[int] = set()

    def mark(self, variant: Variant) -> str:
        """Return what is another text once a stage that has Go was run again; empty if none has it in the end."""
        stages = needed_stages(self._attempt(variant).dockerfile, variant.target)
        running = [stage for stage in stages if any(step.keyword == "RUN" for step in stage.instructions)]
        marks = [self._draw(variant, stage) for stage in running if stage.index not in self._without]
        return " ".join(mark for mark in marks if mark)

    def _draw(self, variant: Variant, stage: Stage) -> str:
        dockerfile = probing(self._text, stage.last_line, stage.index, _DRAW)
        look = replace(variant, name=f"{variant.name}:run-{stage.index}", dockerfile=dockerfile)
        result = self._attempt(look).result
        drawn = b""
        if result is not None and result.built:
            with self._laid_out(look) as files:
                drawn = files.read_file(REPORT) or b""
        if not drawn.strip():
            self._without.add(stage.index)
        return drawn.decode("utf-8", "replace").strip()
