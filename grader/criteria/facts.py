"""What criteria are asked about: a build, the image it gave, and that image's base. Gathered elsewhere, frozen here."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from grader.dockerfile.model import Dockerfile, Instruction, Problem
from grader.dockerfile.stages import chain, target_stage
from grader.engine.model import BuildResult, ImageInspection
from grader.exercise.submission import IgnoreFile, Refusal
from grader.image.model import Image
from grader.image.tree import Placed


@dataclass(frozen=True, slots=True)
class Attempt:
    """One build variant of the submission: its Dockerfile and how its build went.

    `result` is None when nothing was built: a file of the submission was refused, or the Dockerfile has a `slip` that
    is seen before the build: it has no FROM, or it asks for a stage or an image that cannot exist.
    """

    variant: str
    dockerfile: Dockerfile
    result: BuildResult | None
    refusal: Refusal | None = None
    target: str | None = None
    ignore_file: IgnoreFile = field(default_factory=IgnoreFile)
    slip: Problem | None = None
    platform: str = ""
    """What `--platform` named; empty for the engine's own."""

    @property
    def final_instructions(self) -> tuple[Instruction, ...]:
        """The instructions that make the image, its base stages' first; FROM is left out."""
        stage = target_stage(self.dockerfile, self.target)
        return chain(self.dockerfile, stage) if stage else ()

    def last_line(self, *keywords: str) -> tuple[int, ...]:
        """The line of the last instruction with one of `keywords` that makes the image; empty if there is none."""
        lines = [step.first_line for step in self.final_instructions if step.keyword in keywords]
        return tuple(lines[-1:])

    @property
    def final_from(self) -> tuple[int, ...]:
        """The line of the FROM that begins the final stage."""
        stage = target_stage(self.dockerfile, self.target)
        return (stage.first_line,) if stage else ()


@dataclass(frozen=True, slots=True)
class Shipped:
    """The image that a build gave, with what explains it.

    `base` is the image that the final stage starts from (None for scratch), `toolchains` the diff IDs of every
    toolchain image that the engine has, by reference; `layer_lines` the Dockerfile line of each layer, if known.
    """

    attempt: Attempt
    image: Image
    tree: Mapping[PurePosixPath, Placed]
    base_reference: str
    base: ImageInspection | None
    toolchains: Mapping[str, tuple[str, ...]]
    layer_lines: tuple[int | None, ...]

    @property
    def base_layers(self) -> int:
        """How many of the lowest layers are the base's."""
        return len(self.base.diff_ids) if self.base else 0

    def own_files(self, *names: str) -> list[PurePosixPath]:
        """The files of these names, in order; those of npm packages and of the base image are left out."""
        own = (path for path, placed in self.tree.items() if placed.layer >= self.base_layers and path.name in names)
        return sorted(path for path in own if "node_modules" not in path.parts)

    def lines_of_layers(self, layers: set[int]) -> tuple[int, ...]:
        """The Dockerfile lines that made these layers; the final FROM's line for layers of the base."""
        lines: set[int] = set()
        for layer in layers:
            line = self.layer_lines[layer] if layer < len(self.layer_lines) else None
            if layer < self.base_layers:
                lines.update(self.attempt.final_from)
            elif line is not None:
                lines.add(line)
        return tuple(sorted(lines))


@dataclass(frozen=True, slots=True)
class Installed:
    """The npm packages in the image of one stage: `mark` is different after each installation.

    If it is `by_time`, it may also be different in a copy.

    `stage` is its name or number, empty for the image that is shipped. `line` is the instruction that brought them,
    `sources` are those below it that brought files which the variant had planted.
    """

    stage: str
    mark: str
    line: int | None = None
    sources: tuple[int, ...] = ()
    by_time: bool = False


@dataclass(frozen=True, slots=True)
class CacheMount:
    """What is in one cache mount after a build, and the instruction on `line` that mounts it last.

    `held` are those of the texts asked for that are in a compiled package in it. `entries` counts what Go's build
    cache has noted in it, and `fresh` those of them that were written since a mark was left: all, if there is no mark.
    """

    path: str
    line: int
    entries: int
    fresh: int
    held: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Caches:
    """The cache mounts of a build. `go_cache` is where Go keeps its cache in a stage that has them."""

    mounts: tuple[CacheMount, ...] = ()
    go_cache: str = ""


@dataclass(frozen=True, slots=True)
class Compiler:
    """A stage that compiles, as it comes out when the image is built for another platform than the machine's.

    `machine` is what its steps see as their machine, and `own` is what the steps of a plain build see; if
    none of its steps could run, `machine` is empty and `refused` says why. `base` is what the stage begins from, on
    `line`.
    """

    stage: str
    line: int
    base: str
    platform: str
    machine: str
    own: str
    refused: str = ""
