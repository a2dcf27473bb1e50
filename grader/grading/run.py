"""What a grading run has once: the job, the exercise, the submission, the engine, a folder, what to remove.

`builds.py`, `images.py` and `containers.py` have what is made for each build variant.
"""

from collections.abc import Callable
from contextlib import ExitStack
from functools import cached_property
from pathlib import Path
from threading import Event as Flag
from typing import TypeVar

from grader.engine.client import Engine
from grader.engine.connection import connect
from grader.errors import ContentError, MachineError
from grader.exercise.model import Exercise, Variant
from grader.exercise.nonce import Nonces
from grader.exercise.submission import Submission, take_submission
from grader.exercise.toml_files import read_exercise
from grader.owners import own_folder, remove_folders_of_the_gone
from grader.record.events import Doing, EngineKnown, OnEvent, Progress, SubmissionTaken
from grader.record.job import Job
from grader.verdict import EngineSummary, SubmissionSummary

PLAIN = "plain"
"""The variant whose stages and image are in the verdict."""
_Made = TypeVar("_Made")


class Run:
    """One grading run. Everything in it is made at the first use; `close` removes what was made."""

    def __init__(self, job: Job, on_event: OnEvent) -> None:
        self.job = job
        self.on_event = on_event
        self.stack = ExitStack()
        self.closing = Flag()
        """Set at the end: then other threads stop reading or waiting."""
        self.exercise: Exercise = read_exercise(Path(job.exercise), Path(job.solutions))
        self.nonces = Nonces(job.nonce_key, self.exercise.slug, job.run)

    @cached_property
    def submission(self) -> Submission:
        """The submitted files; recorded at the first use."""
        taken = take_submission(self.exercise, Path(self.job.submission))
        self.on_event(SubmissionTaken(SubmissionSummary(taken.digest, files=tuple(sorted(taken.files)))))
        return taken

    @cached_property
    def engine(self) -> Engine:
        """The engine; recorded at the first use. What dead runs left is removed now, this run's things at the end."""
        engine = connect(self.job.engine)
        self.stack.callback(engine.close)
        facts = engine.facts
        self.on_event(EngineKnown(EngineSummary(facts.name, facts.version, facts.builder)))
        engine.remove_leftovers()
        remove_folders_of_the_gone()
        self.stack.callback(engine.remove_leftovers, self.job.run)
        return engine

    @cached_property
    def folder(self) -> Path:
        """A temporary folder."""
        return Path(self.stack.enter_context(own_folder("run")))

    def progress(self, kind: Doing, subject: str, step: str = "", seconds: float | None = None) -> None:
        """Record what is being done."""
        self.on_event(Progress(kind, subject, step, seconds))

    def close(self) -> None:
        """Remove all that was made in this run."""
        self.closing.set()
        self.stack.close()


class MadeOnce:
    """Things of one kind, each made at most once for a variant. A `MachineError` is kept and raised again."""

    def __init__(self, exercise: Exercise) -> None:
        self._exercise = exercise
        self._variants: dict[str, Variant] = {}
        self._made: dict[str, object] = {}

    def __contains__(self, variant: object) -> bool:
        """Whether it was made for the variant, or making it failed."""
        return isinstance(variant, Variant) and variant.name in self._made

    def get(self, variant: Variant, make: Callable[[], _Made]) -> _Made:
        """Make it at the first call; every later call returns the same thing, or raises the same error.

        Raises:
            ContentError: the exercise has two different variants of one name.

        """
        if self._variants.setdefault(variant.name, variant) != variant:
            raise ContentError(
                f"{self._exercise.directory}: two different build variants have the name `{variant.name}`."
            )
        if variant.name not in self._made:
            try:
                self._made[variant.name] = make()
            except MachineError as error:
                self._made[variant.name] = error
        made = self._made[variant.name]
        if isinstance(made, MachineError):
            raise made
        return made  # type: ignore[return-value]
