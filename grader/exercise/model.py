"""What an exercise is, and one build variant of it. Reading them from disk is `catalogue.py`."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

DOCKERFILE = "Dockerfile"
IGNORE = ".dockerignore"
OWN_IGNORE = "Dockerfile.dockerignore"
"""The ignore file of one Dockerfile: BuildKit reads it in the place of `.dockerignore`, even if it is empty."""


@dataclass(frozen=True, slots=True)
class Pack:
    """A folder `root` with `exercises/` and `solutions/`. `named_by` is what names it, as messages say it."""

    root: Path
    name: str
    named_by: str = ""

    def __str__(self) -> str:
        """Return how messages call it."""
        return f"the pack {self.root}" if self.named_by else self.name


@dataclass(frozen=True, slots=True)
class AppCopy:
    """Files that an exercise has from one of the apps, in its folder `into` if that is named."""

    app: str
    files: tuple[str, ...]
    into: str = ""

    @property
    def targets(self) -> tuple[str, ...]:
        """Where they are in the exercise's folder."""
        return tuple(str(PurePosixPath(self.into, name)) for name in self.files)


@dataclass(frozen=True, slots=True)
class Exercise:
    """One exercise. `directory` has its lesson, tests and pristine source, `solutions` its answers.

    `budgets` are bytes by name (`image_size`, `added_size`); `minutes` is a learner's time.
    Where a `.dockerignore` may be written, `editable` has its other name, `Dockerfile.dockerignore`, too.
    `own_files` and `copies` list the source: what else is in `directory` is no part of the exercise.
    """

    number: int
    slug: str
    title: str
    minutes: int
    editable: tuple[str, ...]
    base_images: tuple[str, ...]
    hints: tuple[str, ...]
    budgets: Mapping[str, int]
    directory: Path
    solutions: Path
    own_files: tuple[str, ...] = ()
    copies: tuple[AppCopy, ...] = ()

    @property
    def files(self) -> tuple[str, ...]:
        """The pristine source: paths of files, relative to `directory`, in order."""
        return tuple(sorted({*self.own_files, *(target for copy in self.copies for target in copy.targets)}))

    @property
    def root(self) -> Path:
        """The folder of the kit or pack that it belongs to."""
        return self.directory.parent.parent

    @property
    def folder(self) -> str:
        """`NN-slug`, its folder's name."""
        return f"{self.number:02}-{self.slug}"


@dataclass(frozen=True, slots=True)
class Variant:
    """One way to build an exercise; every criterion that names it reads the same one build.

    In `writes` and `appends`, keys are paths in the build context (appends: also glob patterns such as `*.go`) and
    `{NAME}` in the text stands for the run's nonce NAME. The same is true of the paths in `writes`, and of values in
    `build_args` and `secrets`.
    `replaces` changes text in files of the context: path to (old, new).
    `platform` may be "other": one that the engine's machine is not. `dockerfile` is built in place of the submission's,
    with the submission's ignore file. `cache_mounts` names a set of cache mounts of its own, empty at the first build
    of the run that uses it.
    """

    name: str = "plain"
    writes: Mapping[str, str] = field(default_factory=dict)
    appends: Mapping[str, str] = field(default_factory=dict)
    removes: tuple[str, ...] = ()
    replaces: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    build_args: Mapping[str, str] = field(default_factory=dict)
    secrets: Mapping[str, str] = field(default_factory=dict)
    target: str | None = None
    platform: str | None = None
    port: int = 8080
    dockerfile: str = ""
    cache_mounts: str = ""
    stages: int = 0
    """If not 0, the Dockerfile ends after so many stages: the last of them is what is built, whether named or not."""
