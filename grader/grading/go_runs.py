"""Finds out whether a stage that compiles was run again, with a step of our own after its end. Nothing is judged here.

A compiler writes the same bytes each time, and copies of them come from the layer cache with the old times: neither
helps. A step after the last one draws a random number: this stays the same while all above it comes from the cache.
"""

from grader.dockerfile.model import Stage
from grader.dockerfile.stages import needed_stages, runs_something
from grader.exercise.model import Variant
from grader.grading.probe import Prober, Question
from grader.languages.go import GO

_DRAW = f"if {GO.toolchain.is_there}; then cat /proc/sys/kernel/random/uuid; fi\n"


class GoRuns:
    """The runs of the submission's stages that have Go."""

    def __init__(self, prober: Prober) -> None:
        self._prober = prober
        self._without: set[int] = set()

    def mark(self, variant: Variant) -> str:
        """Return a text that changes if a stage with Go was run again; empty if no stage has Go at its end."""
        dockerfile = self._prober.attempt(variant).dockerfile
        running = [stage for stage in needed_stages(dockerfile, variant.target) if runs_something(dockerfile, stage)]
        marks = [self._draw(variant, stage) for stage in running if stage.index not in self._without]
        return " ".join(mark for mark in marks if mark)

    def _draw(self, variant: Variant, stage: Stage) -> str:
        drawn = self._prober.ask(variant, Question("run", stage.index, stage.last_line, _DRAW)).text.strip()
        if not drawn:
            self._without.add(stage.index)
        return drawn
