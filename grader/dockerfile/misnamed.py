"""Whether an image that is not there is a typing mistake: a stage's misspelt name, or an image that no registry has.

Pure; what is had from where is `grader.base_images`, and an image that this machine lacks stays the machine's fault.
"""

import difflib
from collections.abc import Iterator, Sequence

from grader.dockerfile.model import Dockerfile, Problem, ProblemKind

_ALIKE = 0.8
"""difflib's ratio: `build` is like `builder` (0.83), the image `redis` is not like a stage `redis-build` (0.63)."""


def misspelt_stage(dockerfile: Dockerfile) -> Problem | None:
    """Return the first --from or FROM whose name is no stage's but almost that of one before it."""
    for line, source, before in _named(dockerfile):
        bare = not any(character in source for character in "/:.@$")
        near = difflib.get_close_matches(source.lower(), before, n=1, cutoff=_ALIKE) if bare else []
        if near:
            message = f"there is no stage {source}: did you mean {near[0]}?"
            return Problem(line, ProblemKind.NO_SUCH_STAGE, message, fatal=True, subject=source)
    return None


def perhaps_a_stage(dockerfile: Dockerfile) -> str:
    """Return what to say first when images are missing: a bare --from may mean a stage, and which stages there are."""
    later = dockerfile.stages[1:]
    for line, source, before in _named(dockerfile):
        taken = any(copy.line == line and copy.source == source for stage in later for copy in stage.copies)
        if taken and not any(character in source for character in "/:.@$"):
            known = (
                f"; the stages are {', '.join(before)}" if before else f"; `FROM … AS {source}` gives a stage that name"
            )
            return f"If line {line} means a stage: no stage is called {source}{known}. "
    return ""


def unknown_image(dockerfile: Dockerfile, unknown: Sequence[str]) -> Problem | None:
    """Return where the first of these images, which no registry has, is named."""
    slip = misspelt_stage(dockerfile)
    for line, source, _ in _named(dockerfile):
        if source in unknown:
            if slip and slip.line == line:
                return slip
            message = f"there is no image {source}"
            return Problem(line, ProblemKind.NO_SUCH_IMAGE, message, fatal=True, subject=source)
    return None


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
