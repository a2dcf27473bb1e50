"""Finds out whether the step that installs a package was run again, with a step of our own after it. Judges nothing.

Without install scripts an installation leaves nothing that copies of it have too: their times are their own. A step
after the one that brought the package first draws a random number, which stays while all above it comes from the cache.
"""

from grader.dockerfile.model import Instruction, Stage
from grader.dockerfile.stages import needed_stages
from grader.exercise.model import Variant
from grader.grading.probe import Prober, Question

_DRAW = """found=$(find / -xdev -path "*/$1/package.json" 2> /dev/null | head -n 1)
if [ -n "$found" ]; then cat /proc/sys/kernel/random/uuid; fi
"""


class PackageRuns:
    """The runs of the steps that bring npm packages into the submission's stages."""

    def __init__(self, prober: Prober) -> None:
        self._prober = prober
        self._places: dict[str, tuple[Stage, Instruction] | None] = {}

    def mark(self, variant: Variant, package: str) -> str:
        """Return a text that changes if `package` was brought again to where it is first; empty if it is nowhere.

        That is in the first stage that has it at its end, after the first step with it.
        """
        if package not in self._places:
            self._places[package] = self._first_place(variant, package)
        place = self._places[package]
        return self._draw(variant, package, place[0], place[1].last_line) if place else ""

    def _first_place(self, variant: Variant, package: str) -> tuple[Stage, Instruction] | None:
        stages = needed_stages(self._prober.attempt(variant).dockerfile, variant.target)
        for stage in stages:
            steps = [step for step in stage.instructions if step.keyword in ("RUN", "COPY", "ADD")]
            if steps and self._draw(variant, package, stage, stage.last_line):
                first = next((step for step in steps if self._draw(variant, package, stage, step.last_line)), steps[-1])
                return stage, first
        return None

    def _draw(self, variant: Variant, package: str, stage: Stage, until: int) -> str:
        question = Question(f"package-{until}", stage.index, until, _DRAW, arguments=(package,))
        return self._prober.ask(variant, question).text.strip()
