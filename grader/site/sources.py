"""Which Markdown files become pages and where those lie. How a file becomes a page is `markdown_page.py`.

Paths of sources are relative to the folder that contains `exercises/`; addresses of pages to the site's front page.
Exercises of packs have such paths as well, as if they were in the kit's own folder: no two of them have one slug.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from grader.errors import ContentError
from grader.exercise.catalogue import all_exercises, content_root, exercises_of
from grader.exercise.model import Exercise, Pack

_FOR_LEARNERS = ("README.md", "docs/verdict.md", "docs/layers.md", "docs/engine.md", "docs/stand-ins.md")
"""The documents that help with the exercises; the others are for those who teach, write or change them."""
_BESIDE = ("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "notebooks/README.md", "benchmarks/README.md")


@dataclass(frozen=True, slots=True)
class Source:
    """One Markdown file, its page's address, and the exercise whose lesson it is, if it is one."""

    path: PurePosixPath
    address: str
    exercise: Exercise | None = None

    @property
    def is_for_learners(self) -> bool:
        """Whether it helps with the exercises."""
        return self.exercise is not None or str(self.path) in _FOR_LEARNERS


@dataclass(frozen=True, slots=True)
class SiteContent:
    """All that the site is made from."""

    root: Path
    exercises: tuple[Exercise, ...]
    sources: tuple[Source, ...]
    packs: tuple[Pack, ...] = ()

    def file(self, path: PurePosixPath) -> Path:
        """Return where a file is on disk, whether it is there or not."""
        for exercise in self.exercises:
            if path.parts[1:2] == (exercise.folder,) and path.parts[0] in ("exercises", "solutions"):
                folder = exercise.directory if path.parts[0] == "exercises" else exercise.solutions
                return folder.joinpath(*path.parts[2:])
        return self.root / path

    def text(self, path: PurePosixPath) -> str:
        """Return the text of a file, that of an exercise's starter where a learner may have edited the file."""
        for exercise in self.exercises:
            if path.parts[:2] == ("exercises", exercise.folder) and path.name in exercise.editable:
                return (exercise.solutions / "starter" / path.name).read_text(encoding="utf-8")
        try:
            return self.file(path).read_text(encoding="utf-8")
        except FileNotFoundError:
            raise ContentError(f"{path} is missing.") from None


def read_content(packs: Sequence[Pack] = (), root: Path | None = None) -> SiteContent:
    """Find lessons and documents of the kit, or of another folder `root`, and the lessons of packs."""
    exercises = exercises_of(Pack(root, "")) if root else all_exercises(packs)
    root = root or content_root()
    lessons = (
        Source(PurePosixPath("exercises", each.folder, "README.md"), f"exercises/{each.folder}.html", each)
        for each in exercises
    )
    return SiteContent(root, exercises, (*lessons, *_documents(root)), tuple(packs))


def _documents(root: Path) -> Iterable[Source]:
    found = [*(root / name for name in _BESIDE), *sorted((root / "docs").glob("*.md"))]
    for path in found:
        if path.is_file():
            relative = PurePosixPath(path.relative_to(root).as_posix())
            stem = relative.parent / (relative.parent.name or "about") if relative.name == "README.md" else relative
            yield Source(relative, f"{stem.with_suffix('')}.html".lower())
