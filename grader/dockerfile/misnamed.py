"""Whether an image that is not there is a mistake: a stage's misspelt name or place, or an image that nobody has.

Pure; what is had from where is `grader.base_images`, and an image that this machine lacks stays the machine's fault.
"""

import difflib
from collections.abc import Iterator, Mapping, Sequence

from grader.dockerfile.model import Dockerfile, Problem, ProblemKind
from grader.dockerfile.stages import needed_stages

_MACHINES = (
    "amd64", "arm64", "arm", "386", "ppc64le", "s390x", "riscv64", "mips64le", "loong64",
    "x86_64", "x86-64", "aarch64", "armhf", "armel", "i386",
)  # fmt: skip
"""Machines for which there are images, and other names that BuildKit takes for them."""
_ALIKE = 0.8
"""difflib's ratio: `build` is like `builder` (0.83), the image `redis` is not like a stage `redis-build` (0.63)."""


def misspelt_stage(dockerfile: Dockerfile) -> Problem | None:
    """Return the first --from or FROM whose name is no stage's but almost that of one before it."""
    for line, source, before in _named(dockerfile):
        later = next((stage for stage in dockerfile.stages if stage.name == source and stage.name not in before), None)
        if later and later.first_line >= line:
            message = f"FROM {source} cannot begin the stage {source}: there is no other one of that name above it"
            if later.first_line > line:
                message = (
                    f"FROM {source} finds no stage above it: the stage {source} comes later, on line {later.first_line}"
                )
            return Problem(line, ProblemKind.BASE_COMES_LATER, message, fatal=True, subject=source)
        near = difflib.get_close_matches(source.lower(), before, n=1, cutoff=_ALIKE) if _is_bare(source) else []
        if near:
            message = f"there is no stage {source}: did you mean {near[0]}?"
            return Problem(line, ProblemKind.NO_SUCH_STAGE, message, fatal=True, subject=source)
    return None


def perhaps_a_stage(dockerfile: Dockerfile) -> str:
    """Return what to say first when images are missing: a bare --from may mean a stage, and which stages there are."""
    later = dockerfile.stages[1:]
    for line, source, before in _named(dockerfile):
        taken = any(copy.line == line and copy.source == source for stage in later for copy in stage.copies)
        if taken and _is_bare(source):
            known = (
                f"; the stages are {', '.join(before)}" if before else f"; `FROM … AS {source}` gives a stage that name"
            )
            return f"If line {line} means a stage: no stage is called {source}{known}. "
    return ""


def unknown_image(dockerfile: Dockerfile, unknown: Mapping[str, str], known: Sequence[str] = ()) -> Problem | None:
    """Return where the first of these images, which there are not, is named.

    `unknown` has the name that may be meant for each, or nothing; `known` are the images that the exercise is made for.
    """
    slip = misspelt_stage(dockerfile)
    for line, source, before in _named(dockerfile):
        if source in unknown:
            if slip and slip.line == line:
                return slip
            message = f"there is no image {source}{_instead(dockerfile, line, source, unknown[source], known)}"
            if _is_source(dockerfile, line, source) and _is_bare(source):
                stages = f"the stages above it are {', '.join(before)}" if before else "no stage above it has a name"
                message = f"there is no stage {source}, and no image with that name: {stages}"
            return Problem(line, ProblemKind.NO_SUCH_IMAGE, message, fatal=True, subject=source)
    return None


def odd_platform(dockerfile: Dockerfile, target: str | None = None) -> Problem | None:
    """Return where an image is asked for on a platform for which there are none, or none that run on Linux."""
    for stage in needed_stages(dockerfile, target):
        system, _, machine = stage.platform.lower().partition("/")
        machine = machine.partition("/")[0]
        if not machine or stage.base_stage is not None or stage.base == "scratch":
            continue
        if system != "linux" or machine not in _MACHINES:
            near = difflib.get_close_matches(machine, _MACHINES, n=1)
            message = f"there is no image {stage.base} for the platform {stage.platform}"
            message += f": did you mean linux/{near[0]}?" if near else ""
            return Problem(stage.first_line, ProblemKind.BAD_PLATFORM, message, fatal=True, subject=stage.platform)
    return None


def _instead(dockerfile: Dockerfile, line: int, source: str, near: str, known: Sequence[str]) -> str:
    """Say which image may be meant; of a FROM with a short name, which stages there are."""
    if near:
        return f": did you mean {near}?"
    above = [stage.name for stage in dockerfile.stages if stage.name and stage.first_line < line]
    if above and _is_bare(source):
        return f", and no stage with that name: the stages above it are {', '.join(above)}"
    return f": this exercise is made for {' and '.join(known)}" if known else ""


def _is_source(dockerfile: Dockerfile, line: int, source: str) -> bool:
    copies = (copy for stage in dockerfile.stages for copy in stage.copies)
    return any(copy.line == line and copy.source == source for copy in copies)


def _is_bare(source: str) -> bool:
    """Whether it can be meant for a stage's name."""
    return not any(character in source for character in "/:.@$")


def _named(dockerfile: Dockerfile) -> Iterator[tuple[int, str, list[str]]]:
    """Every name that is read as an image's: its line, itself, and the names of the stages before it."""
    names: list[str] = []
    for stage in dockerfile.stages:
        if stage.base_stage is None:
            yield stage.first_line, stage.base, list(names)
        for copy in stage.copies:
            if copy.stage is None:
                yield copy.line, copy.source, list(names)
        if stage.name:
            names.append(stage.name)
