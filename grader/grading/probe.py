"""Runs a script inside of a submission's stage, at some place in it, and reads the script's report. Judges nothing.

No shipped image contains what a stage contains while it is built. So a Dockerfile is made that equals the submission's
up to that place and then has one step of our own. The submission's text says where to look, and decides nothing.
"""

import json
import re
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from typing import Protocol

from grader.criteria.facts import Attempt
from grader.exercise.model import Variant

REPORT = "/report"
"""The path of the script's output in the image that such a Dockerfile gives."""
_FOLDER = "/workshop-probe"
_QUOTED, _ESCAPED = re.compile(r"""(['"\\\s])"""), r"\\\1"
"""What a flag's value loses when it is read, and how it is written so that it stays."""
_WRITE = f"mkdir {_FOLDER} && exec > {_FOLDER}{REPORT} || exit\n"


@dataclass(frozen=True, slots=True)
class StepWatch:
    """A script to run before the instruction that begins on line `begins`, so that it leaves traces of what it does.

    `user` is that of the instruction; empty if it runs as root.
    """

    begins: int
    script: str
    user: str = ""


def probing(
    text: str,
    until: int,
    stage: int,
    script: str,
    *,
    arguments: Sequence[str] = (),
    mounts: Sequence[str] = (),
    watch: StepWatch | None = None,
) -> str:
    """Return the first `until` lines of `text`, which end in stage number `stage`, and a step that runs `script` there.

    `script` is for any POSIX shell and gets the `arguments`; its output is all that is shipped. `mounts` are values
    of `--mount`. `watch` is run above the last instruction.
    """
    lines = text.split("\n")[:until]
    if watch:
        user = [f"USER {watch.user}"] if watch.user else []
        watching = ["USER 0", f"RUN {json.dumps(['sh', '-c', watch.script])}", *user]
        lines[watch.begins - 1 : watch.begins - 1] = watching
    options = "".join(f"--mount={_QUOTED.sub(_ESCAPED, mount)} " for mount in mounts)
    command = json.dumps(["sh", "-c", _WRITE + script, "sh", *arguments])
    last = "FROM --platform=$BUILDPLATFORM scratch"  # some engines make no container for another platform
    steps = ["USER 0", f"RUN {options}{command}", last, f"COPY --from={stage} {_FOLDER} /"]
    return "\n".join([*lines, *steps]) + "\n"


class Files(Protocol):
    """Questions about files of an image; a container of it answers them."""

    def read_file(self, path: str) -> bytes | None:
        """Return a file's content, or None."""

    def modified(self, path: str) -> str | None:
        """Return a file's time of modification, or None."""


@dataclass(frozen=True, slots=True)
class Question:
    """A script to run in stage number `stage`, after line `until`; `what` names the build that does it."""

    what: str
    stage: int
    until: int
    script: str
    arguments: tuple[str, ...] = ()
    mounts: tuple[str, ...] = ()
    watch: StepWatch | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """The script's output. If its step could not be built, `ran` is false and `error` is the builder's error."""

    text: str
    ran: bool = True
    error: str = ""


class Prober:
    """Asks questions about the stages of the submission whose Dockerfile is `text`."""

    def __init__(
        self,
        text: str,
        attempt: Callable[[Variant], Attempt],
        laid_out: Callable[[Variant], AbstractContextManager[Files]],
    ) -> None:
        self.text = text
        self.attempt = attempt
        self._laid_out = laid_out

    def run(self, variant: Variant, question: Question) -> tuple[Variant, Attempt]:
        """Build `variant` up to the place and run the script there; return what was built, and the result."""
        asked = question
        text = probing(
            self.text,
            asked.until,
            asked.stage,
            asked.script,
            arguments=asked.arguments,
            mounts=asked.mounts,
            watch=asked.watch,
        )
        look = replace(variant, name=f"{variant.name}:{asked.what}-{asked.stage}", dockerfile=text, target=None)
        return look, self.attempt(look)

    def ask(self, variant: Variant, question: Question) -> Report:
        """Run the script, and return its report.

        Raises:
            MachineError: the machine cannot do its part.

        """
        look, attempt = self.run(variant, question)
        if attempt.result is None or not attempt.result.built:
            error = attempt.slip.message if attempt.slip else attempt.result.error if attempt.result else ""
            return Report("", ran=False, error=error)
        with self._laid_out(look) as files:
            return Report((files.read_file(REPORT) or b"").decode("utf-8", "replace").strip("\n"))
