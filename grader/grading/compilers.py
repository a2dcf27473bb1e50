"""Finds out what machine the compiler of a submission runs on when its image is built for another platform.

Nothing is judged here. A base image that cannot be had for that platform is an answer, too: it would be emulated.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace

from grader.criteria.facts import Attempt, Compiler
from grader.criteria.words import shortened
from grader.dockerfile.model import Stage
from grader.dockerfile.reader import read
from grader.dockerfile.stages import needed_stages
from grader.engine.platforms import KERNEL_NAMES, architecture_of, resolved
from grader.errors import BaseImageUnavailableError
from grader.exercise.model import Variant
from grader.grading.installation import Files
from grader.grading.probe import REPORT, probing

_HAS_GO = "if command -v go > /dev/null || [ -x /usr/local/go/bin/go ]; then echo go; fi\n"
_MACHINE = "uname -m\n"


class Compilers:
    """The stages that compile, of the submission whose Dockerfile is `text`, on an engine of that architecture."""

    def __init__(
        self,
        text: str,
        architecture: str,
        attempt: Callable[[Variant], Attempt],
        laid_out: Callable[[Variant], AbstractContextManager[Files]],
    ) -> None:
        self._text = text
        self._architecture = architecture
        self._attempt = attempt
        self._laid_out = laid_out

    def of(self, variant: Variant) -> tuple[Compiler, ...]:
        """Return them as they are when `variant` is built, which names a platform.

        They are those that have Go; where no stage has, all that run something.
        """
        platform = resolved(variant.platform, self._architecture) or ""
        dockerfile = read(self._text, variant.build_args, f"linux/{self._architecture}", platform)
        running = [
            stage for stage in needed_stages(dockerfile) if any(step.keyword == "RUN" for step in stage.instructions)
        ]
        having = [stage for stage in running if self._has_go(variant, stage)]
        ends = {step.first_line: step.last_line for step in dockerfile.instructions}
        return tuple(self._compiler(variant, stage, ends[stage.first_line], platform) for stage in having or running)

    def _has_go(self, variant: Variant, stage: Stage) -> bool:
        """Ask the stage as it is at its end, on the engine's own platform."""
        said, _ = self._ask(replace(variant, platform=None), stage, stage.last_line, "compiler", _HAS_GO)
        return said == "go"

    def _compiler(self, variant: Variant, stage: Stage, begins: int, platform: str) -> Compiler:
        """Ask the stage as it begins: what is done in it afterwards is not what is asked."""
        own = KERNEL_NAMES.get(self._architecture, self._architecture)
        try:
            machine, refused = self._ask(variant, stage, begins, "machine", _MACHINE)
        except BaseImageUnavailableError:
            machine, refused = "", f"there is no {stage.base} for {architecture_of(platform)} here"
        return Compiler(stage.name or str(stage.index), stage.first_line, stage.base, platform, machine, own, refused)

    def _ask(self, variant: Variant, stage: Stage, until: int, what: str, script: str) -> tuple[str, str]:
        """Run a script in the stage, behind line `until`; return what it said, and what kept it from being run."""
        dockerfile = probing(self._text, until, stage.index, script)
        look = replace(variant, name=f"{variant.name}:{what}-{stage.index}", dockerfile=dockerfile)
        attempt = self._attempt(look)
        if attempt.result is None or not attempt.result.built:
            why = attempt.slip.message if attempt.slip else attempt.result.error if attempt.result else ""
            return "", shortened(why, 160) or "it was not built"
        with self._laid_out(look) as files:
            return (files.read_file(REPORT) or b"").decode("utf-8", "replace").strip(), ""
