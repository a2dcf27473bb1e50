"""Finds out on which machine the compiler of a submission runs when its image is built for another platform.

Nothing is judged here. A base image that is not available for that platform is an answer, too: it would be emulated.
"""

from dataclasses import replace

from grader.criteria.facts import Compiler
from grader.criteria.formatting import shortened
from grader.dockerfile.model import Dockerfile, Stage
from grader.dockerfile.reader import read
from grader.dockerfile.stages import needed_stages, runs_something
from grader.engine.platforms import KERNEL_NAMES, architecture_of, resolved
from grader.errors import BaseImageUnavailableError
from grader.exercise.model import Variant
from grader.grading.probe import Prober, Question
from grader.languages.go import GO

_HAS_GO = f"if {GO.toolchain.is_there}; then echo go; fi\n"
_MACHINE = "uname -m\n"


class Compilers:
    """The stages of the submission that compile, on an engine with this architecture."""

    def __init__(self, prober: Prober, architecture: str) -> None:
        self._prober = prober
        self._architecture = architecture

    def of(self, variant: Variant) -> tuple[Compiler, ...]:
        """Return them as they are when `variant` is built, which names a platform.

        They are the stages that have Go; if no stage has Go, all that run something.
        """
        platform = resolved(variant.platform, self._architecture) or ""
        dockerfile = read(self._prober.text, variant.build_args, f"linux/{self._architecture}", platform)
        running = [stage for stage in needed_stages(dockerfile) if runs_something(dockerfile, stage)]
        having = [stage for stage in running if self._has_go(variant, stage)]
        ends = {step.first_line: step.last_line for step in dockerfile.instructions}
        return tuple(
            self._native_only(self._compiler(variant, stage, ends[stage.first_line], platform), dockerfile, stage)
            for stage in having or running
        )

    def _native_only(self, compiler: Compiler, dockerfile: Dockerfile, stage: Stage) -> Compiler:
        """Correct what runs only because the engine has no other image of that name.

        BuildKit takes an image of the engine's containerd store for another platform, too, if it has no better one.
        """
        root = stage
        while root.base_stage is not None:
            root = dockerfile.stages[root.base_stage]
        wanted = architecture_of(root.platform or compiler.platform)
        if root.base == "scratch" or compiler.machine != compiler.own or wanted == self._architecture:
            return compiler
        return replace(compiler, machine="", refused=f"there is no {root.base} for {wanted} here")

    def _has_go(self, variant: Variant, stage: Stage) -> bool:
        """Ask the stage as it is at its end, on the engine's own platform."""
        question = Question("compiler", stage.index, stage.last_line, _HAS_GO)
        return self._prober.ask(replace(variant, platform=None), question).text.strip() == "go"

    def _compiler(self, variant: Variant, stage: Stage, begins: int, platform: str) -> Compiler:
        """Ask the stage at its beginning: what it does later does not matter here."""
        own = KERNEL_NAMES.get(self._architecture, self._architecture)
        try:
            report = self._prober.ask(variant, Question("machine", stage.index, begins, _MACHINE))
            machine = report.text.strip()
            refused = "" if report.ran else shortened(report.error, 160) or "it was not built"
        except BaseImageUnavailableError:
            machine, refused = "", f"there is no {stage.base} for {architecture_of(platform)} here"
        return Compiler(stage.name or str(stage.index), stage.first_line, stage.base, platform, machine, own, refused)
