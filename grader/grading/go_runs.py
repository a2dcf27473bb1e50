"""Finds out whether a step that compiles was run again, with a step of our own after it. Nothing is judged here.

A compiler writes the same bytes each time, and copies of them come from the layer cache with the old times: neither
helps. A step after it draws a random number: this stays the same while all above it comes from the cache.
"""

from grader.dockerfile.model import Dockerfile, Instruction, Stage
from grader.dockerfile.stages import chain, needed_stages, runs_something
from grader.exercise.model import Variant
from grader.grading.probe import Prober, Question, StepWatch
from grader.languages.go import GO, NONE_RAN, RECORD_RUNS

_DRAW = f"if {GO.toolchain.is_there}; then cat /proc/sys/kernel/random/uuid; fi\n"
_NOTHING = "nothing"
_WATCHED = f"if {NONE_RAN}; then echo {_NOTHING}; fi\n"


class GoRuns:
    """The runs of the submission's stages that have Go."""

    def __init__(self, prober: Prober) -> None:
        self._prober = prober
        self._without: set[int] = set()
        self._compiling: dict[int, Instruction | None] = {}

    def mark(self, variant: Variant, *, exactly: bool = False) -> str:
        """Return a text that changes if a stage with Go was run again; empty if no stage has Go at its end.

        Exactly, it changes only if a step that compiles was run again. It takes more builds to know which ones these
        are, and the program is compiled again for it.
        """
        dockerfile = self._prober.attempt(variant).dockerfile
        stages = needed_stages(dockerfile, variant.target)
        running = [stage for stage in stages if runs_something(dockerfile, stage)]
        having = [(stage, mark) for stage in running if (mark := self._draw(variant, stage))]
        if exactly:
            having = [(stage, self._draw_exactly(variant, dockerfile, stage)) for stage, _ in having]
        return " ".join(mark for _, mark in having if mark)

    def _draw(self, variant: Variant, stage: Stage) -> str:
        if stage.index in self._without:
            return ""
        drawn = self._prober.ask(variant, Question("run", stage.index, stage.last_line, _DRAW)).text.strip()
        if not drawn:
            self._without.add(stage.index)
        return drawn

    def _draw_exactly(self, variant: Variant, dockerfile: Dockerfile, stage: Stage) -> str:
        """Draw after the last step of the stage that compiles; empty if none does."""
        if stage.index not in self._compiling:
            self._compiling[stage.index] = self._last_compiling(variant, dockerfile, stage)
        step = self._compiling[stage.index]
        if step is None:
            return ""
        return self._prober.ask(variant, Question("compiled", stage.index, step.last_line, _DRAW)).text.strip()

    def _last_compiling(self, variant: Variant, dockerfile: Dockerfile, stage: Stage) -> Instruction | None:
        """Run the stage's steps, the last one first, until one of them compiles. One that cannot be watched does."""
        for step in reversed([step for step in stage.instructions if step.keyword == "RUN"]):
            watch = StepWatch(step.first_line, RECORD_RUNS, _user_at(dockerfile, stage, step))
            question = Question(f"watch-{step.first_line}", stage.index, step.last_line, _WATCHED, watch=watch)
            if self._prober.ask(variant, question).text.strip() != _NOTHING:
                return step
        return None


def _user_at(dockerfile: Dockerfile, stage: Stage, step: Instruction) -> str:
    """Return the user that a step of the stage runs as, as written; empty if no USER is above it."""
    users = [
        other.arguments
        for other in chain(dockerfile, stage)
        if other.keyword == "USER" and other.first_line < step.first_line
    ]
    return users[-1] if users else ""
