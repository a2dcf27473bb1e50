"""What a notebook remembers while its kernel runs: the files handed in, the last verdict, hints seen. Shows nothing."""

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from grader.errors import UsageError
from grader.exercise.catalogue import find_exercise
from grader.exercise.model import Exercise
from grader.exercise.packs import find_packs
from grader.exercise.submission import take_submission
from grader.exercise.workspace import default_submission, find_workspace, nonce_key
from grader.grading.grade import GradeRequest, grade
from grader.owners import own_folder
from grader.record.events import Event
from grader.verdict import Verdict

DOCKERFILE = "Dockerfile"


@dataclass(slots=True)
class Bench:
    """One kernel's work. Files handed in from cells are in a folder of their own, never in the learner's workspace."""

    folder: TemporaryDirectory[str] = field(default_factory=lambda: own_folder("notebook"))
    starter_sizes: dict[str, int] = field(default_factory=dict)
    hints: dict[str, int] = field(default_factory=dict)
    dockerfile: str = ""
    verdict: Verdict | None = None
    submitted: tuple[Exercise, Path] | None = None

    def close(self) -> None:
        """Remove what was handed in."""
        self.folder.cleanup()

    def find(self, name: str) -> Exercise:
        """Return the exercise of that name, of the kit or of a pack that environment, workspace or a package name.

        Raises:
            UsageError: there is none.

        """
        return find_exercise(name, find_packs((), find_workspace(), os.environ))

    def hand_in(self, exercise: Exercise, name: str, text: str) -> Path:
        """Keep one file of an answer; return the answer's folder. What was not handed in is the starter's.

        Raises:
            UsageError: the exercise takes no such file.

        """
        if name not in exercise.editable:
            raise UsageError(f"`{exercise.slug}` takes {', '.join(exercise.editable)}, not `{name}`.")
        folder = Path(self.folder.name) / exercise.folder
        folder.mkdir(exist_ok=True)
        for other in exercise.editable:
            starter = exercise.solutions / "starter" / other
            if other != name and starter.is_file() and not (folder / other).exists():
                (folder / other).write_bytes(starter.read_bytes())
        (folder / name).write_text(text, encoding="utf-8")
        return folder

    def own_folder(self, exercise: Exercise) -> Path:
        """Return the folder in which the learner edits the exercise outside of the notebook."""
        return default_submission(exercise, find_workspace())

    def grade(self, exercise: Exercise, folder: Path, on_event: Callable[[Event], None]) -> Verdict:
        """Grade what is in `folder` and remember the verdict.

        Raises:
            KitError: the machine cannot do its part.
            KeyboardInterrupt: after all that was made is removed.

        """
        request = GradeRequest(
            exercise, folder, nonce_key(find_workspace()), starter_size=self.starter_sizes.get(exercise.slug)
        )
        self.submitted = (exercise, folder)
        self.dockerfile = take_submission(exercise, folder).dockerfile
        verdict = grade(request, on_event)
        if verdict.image and self._is_starter(exercise):
            self.starter_sizes[exercise.slug] = verdict.image.size
        self.verdict = verdict
        return verdict

    def last(self) -> Verdict:
        """Return the last verdict.

        Raises:
            UsageError: nothing was graded yet.

        """
        if self.verdict is None:
            raise UsageError(
                "Nothing was graded in this notebook yet: run a cell that begins with `%%submit EXERCISE`."
            )
        return self.verdict

    def again(self) -> tuple[Exercise, Path]:
        """Return what was graded last.

        Raises:
            UsageError: nothing was graded yet.

        """
        self.last()
        if self.submitted is None:
            raise UsageError("Nothing was handed in yet.")
        return self.submitted

    def next_hint(self, name: str) -> tuple[Exercise, int]:
        """Return the exercise and the index of its next hint; the last one stays the last."""
        exercise = self.find(name)
        index = min(self.hints.get(exercise.slug, -1) + 1, len(exercise.hints) - 1)
        self.hints[exercise.slug] = index
        return exercise, index

    def _is_starter(self, exercise: Exercise) -> bool:
        starter = (exercise.solutions / "starter" / DOCKERFILE).read_text(encoding="utf-8")
        return _instructions(starter) == _instructions(self.dockerfile)


def _instructions(text: str) -> list[str]:
    """Return a Dockerfile's lines without comments and blank ones."""
    return [line.strip() for line in text.splitlines() if line.strip() and not line.strip().startswith("#")]
