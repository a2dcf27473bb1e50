"""Which exercise somebody means: by its name, by a path into its folder, or by the folder that they are in.

Which folder is graded then follows from the same path. What is in it is for `submission.py`.
"""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from grader.called import called
from grader.errors import UsageError
from grader.exercise.catalogue import all_exercises, find_exercise, shortest_name
from grader.exercise.model import DOCKERFILE, Exercise, Pack
from grader.exercise.submission import folders_with_dockerfile
from grader.exercise.workspace import default_submission, find_workspace, is_workspace


@dataclass(frozen=True, slots=True)
class Chosen:
    """The exercise, and the folder that was meant; None if only a name was given. `workspace` is where progress is."""

    exercise: Exercise
    folder: Path | None
    workspace: Path

    @property
    def submission(self) -> Path:
        """The folder to grade.

        Raises:
            UsageError: a name was given, and the workspace has no folder for it.

        """
        return self.folder or default_submission(self.exercise, self.workspace)

    @property
    def own(self) -> Path:
        """The folder in which the learner edits the exercise.

        Raises:
            UsageError: another folder was meant, or there is none.

        """
        own = default_submission(self.exercise, self.workspace)
        if self.folder and self.folder.resolve() != own.resolve():
            raise UsageError(
                f"{self.folder} is not the folder of this exercise in your workspace, which is {own}. "
                f"`{called()} check` grades any folder."
            )
        return own


def choose(name: str | None, packs: Sequence[Pack] = ()) -> Chosen:
    """Return the exercise that `name` means: a name, or a path to its folder, into it or to a Dockerfile.

    Without a name it is the exercise in whose folder we are.

    Raises:
        UsageError: there is no such exercise or path, or the path is in no exercise's folder.

    """
    if name is None:
        found = exercise_around(Path.cwd(), packs)
        if found is None:
            raise UsageError(
                f"Which exercise? Name one, as in `{called()} check 02`, or type this in the folder of an exercise."
            )
        return found
    path = Path(name)
    try:
        return Chosen(find_exercise(name, packs), None, find_workspace())
    except UsageError:
        if not (os.sep in name or os.path.lexists(path)):
            raise
    return _of_path(path, packs)


def choose_with(name: str | None, submission: Path | None, packs: Sequence[Pack] = ()) -> Chosen:
    """Return the exercise that `name` means; without a name that of the submission's folder, else of ours.

    Raises:
        UsageError: as `choose` does.

    """
    around = exercise_around(submission, packs) if name is None and submission else None
    return around or choose(name, packs)


def exercise_around(path: Path, packs: Sequence[Pack] = ()) -> Chosen | None:
    """Return the exercise whose folder has the name of `path` or of the nearest folder above it, if there is one.

    Its folder is `path` if that contains a Dockerfile, else the folder that has the name.
    """
    start = Path(os.path.abspath(path))  # noqa: PTH100 - a link keeps its name, and `..` goes
    start = start if start.is_dir() else start.parent
    names = {name: exercise for exercise in all_exercises(packs) for name in (exercise.folder, exercise.slug)}
    for folder in (start, *start.parents):
        if exercise := names.get(folder.name):
            meant = start if os.path.lexists(start / DOCKERFILE) else folder
            return Chosen(exercise, meant, _workspace_around(folder))
    return None


def hand_in_folder(exercise: Exercise, named: Path) -> Path:
    """Return the folder to grade if `named` is what `--submission` says: a folder, or the Dockerfile in it.

    A folder that contains no Dockerfile is taken for one that contains the exercise's folder, or one folder only in
    which there is a Dockerfile.

    Raises:
        UsageError: `named` is a file that is not called Dockerfile, or several folders in it have a Dockerfile.

    """
    if named.is_file():
        if named.name != DOCKERFILE:
            raise UsageError(f"{named} is not called {DOCKERFILE}. Rename it, or name the folder with your Dockerfile.")
        return named.parent
    if not named.is_dir() or os.path.lexists(named / DOCKERFILE):
        return named
    for name in (exercise.folder, exercise.slug):
        for folder in (named / name, named / "exercises" / name):
            if (folder / DOCKERFILE).is_file():
                return folder
    deeper = folders_with_dockerfile(named)
    if len(deeper) > 1:
        raise UsageError(
            f"{named} contains no {DOCKERFILE}, but several folders in it do: {', '.join(map(str, deeper))}. "
            "Name one of them with --submission."
        )
    return deeper[0] if deeper else named


def _of_path(path: Path, packs: Sequence[Pack]) -> Chosen:
    if not os.path.lexists(path):
        raise UsageError(f"There is no {path}.")
    if path.is_file() and path.name != DOCKERFILE:
        raise UsageError(f"{path} is not called {DOCKERFILE}. Name a Dockerfile, its folder or an exercise.")
    found = exercise_around(path, packs)
    if found is None:
        example = shortest_name(all_exercises(packs)[0], packs)
        raise UsageError(
            f"{path} is not in the folder of an exercise. Name the exercise too, as in "
            f"`{called()} check {example} --submission {path}`."
        )
    return found


def _workspace_around(folder: Path) -> Path:
    """Return the workspace that the folder is in, else the one that we are in."""
    found = (each for each in folder.parents if is_workspace(each))
    return next(found, None) or find_workspace()
