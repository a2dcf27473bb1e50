"""Distinguishes one installation of npm packages from another, by what it left in the image. Nothing is judged here.

The exercises' own package leaves a random token; if install scripts were off, the packages' times are used.
"""

from collections.abc import Callable, Collection
from contextlib import AbstractContextManager
from pathlib import PurePosixPath

from grader.criteria.facts import Attempt, Installed, Shipped
from grader.exercise.model import Variant
from grader.grading.builds import must_be_built
from grader.grading.probe import Files
from grader.grading.stage_variants import stage_variants
from grader.languages.node import NODE

MODULES = NODE.packages
TOKEN = ".install-token"  # noqa: S105 - a file's name
_MANIFEST = "package.json"


class Installations:
    """The installations in the images of build variants. Each is searched for once.

    The first image of a Dockerfile's stage shows where they are. In the images of its other variants the same place is
    searched first, so that these images need not be read completely.
    """

    def __init__(
        self,
        attempt: Callable[[Variant], Attempt],
        shipped: Callable[[Variant], Shipped],
        laid_out: Callable[[Variant], AbstractContextManager[Files]],
    ) -> None:
        self._attempt = attempt
        self._shipped = shipped
        self._laid_out = laid_out
        self._places: dict[tuple[str | None, int, str], tuple[PurePosixPath, ...]] = {}
        self._marks: dict[str, str | None] = {}
        self._read_whole: set[str] = set()

    def mark(self, variant: Variant) -> str | None:
        """Return what distinguishes the packages in the variant's image from another installation; None if it has none.

        Raises:
            BlockedError: it did not build.

        """
        if variant.name not in self._marks:
            with self._laid_out(variant) as files:
                self._marks[variant.name] = self._read(variant, files)
        return self._marks[variant.name]

    def _read(self, variant: Variant, files: Files) -> str | None:
        stage = (variant.target, variant.stages, variant.dockerfile)
        mark = mark_at(self._places.get(stage, ()), files)
        if mark is None:
            self._read_whole.add(variant.name)
            self._places[stage] = places(self._shipped(variant))
            mark = mark_at(self._places[stage], files)
        return mark

    def of_stages(self, variant: Variant) -> tuple[Installed, ...]:
        """Return the installations in the stages that the variant's image takes from, and at the end in that image.

        A stage is left out if another one begins from it: the other one has the same files. Lines are known for the
        images that were read completely: those of the first variant in question.

        Raises:
            BlockedError: it did not build.

        """
        wanted = stage_variants(variant, must_be_built(self._attempt(variant)))
        found = [self._installed(stage, of_stage) for stage, of_stage in [*wanted, ("", variant)]]
        return tuple(installed for installed in found if installed)

    def _installed(self, stage: str, variant: Variant) -> Installed | None:
        mark = self.mark(variant)
        if mark is None or variant.name not in self._read_whole:
            return Installed(stage, mark) if mark else None
        shipped = self._shipped(variant)
        layers = {shipped.tree[path].layer for path in places(shipped)}
        lines = shipped.lines_of_layers(layers)
        below = {
            match.layer for match in shipped.image.matches if match.layer is not None and match.layer < min(layers)
        }
        return Installed(stage, mark, lines[0] if lines else None, shipped.lines_of_layers(below))


def places(shipped: Shipped) -> tuple[PurePosixPath, ...]:
    """Return the files that identify an installation: its tokens, else its packages' manifests; none of the base's.

    npm's own `.package-lock.json` is no help: `npm prune` writes it again.
    """
    own = sorted(path for path, placed in shipped.tree.items() if placed.layer >= shipped.base_layers)
    tokens = tuple(path for path in own if path.name == TOKEN and path.parent.name == MODULES)
    return tokens or tuple(path for path in own if _is_of_a_package(path))


def mark_at(paths: Collection[PurePosixPath], files: Files) -> str | None:
    """Return the mark of the installations that `paths` identify; None if there are none, or a path is missing."""
    marks = [_mark_of(path, files) for path in paths]
    known = [mark for mark in marks if mark]
    return " ".join(known) if known and len(known) == len(marks) else None


def _mark_of(path: PurePosixPath, files: Files) -> str | None:
    if path.name == TOKEN:
        return (files.read_file(f"/{path}") or b"").decode("utf-8", "replace").strip()
    return files.modified(f"/{path}")


def _is_of_a_package(path: PurePosixPath) -> bool:
    """Whether it is the manifest of an installed package: `node_modules/NAME/` or `node_modules/@SCOPE/NAME/`."""
    folder = path.parent.parent
    if folder.name.startswith("@"):
        folder = folder.parent
    return path.name == _MANIFEST and folder.name == MODULES
