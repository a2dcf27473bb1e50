"""Reads the mounts of RUN instructions: of what kind, and where. Pure; their content is known only during a build.

Options are those of the Dockerfile reference, `RUN --mount`: a list with commas, `bind` if no type is named. As in CSV,
a quoted option may contain commas.
"""

import csv
import posixpath
from collections.abc import Iterator
from dataclasses import dataclass

from grader.dockerfile.model import Instruction, Stage

_TARGETS = ("target", "dst", "destination")


@dataclass(frozen=True, slots=True)
class Mount:
    """One `--mount` of the instruction on `line`. `text` is its value, `target` is as written there, or empty."""

    kind: str
    target: str
    text: str
    line: int

    @property
    def may_be_cache(self) -> bool:
        """Whether it is a cache; a variable may stand for its type, and then only the build knows."""
        return self.kind.lower() == "cache" or "$" in self.kind

    @property
    def is_fixed(self) -> bool:
        """Whether it means the same at any step: it has no variable, and its target is a path from the root."""
        return self.target.startswith("/") and "$" not in self.text


def mounts_of(step: Instruction) -> tuple[Mount, ...]:
    """Return the mounts of a RUN, in order; none for other instructions."""
    flags = [flag for flag in step.flags if step.keyword == "RUN" and flag.name == "mount"]
    return tuple(_mount(flag.value, step.first_line) for flag in flags)


def _mount(text: str, line: int) -> Mount:
    named = dict(options_of(text))
    target = next((named[name] for name in _TARGETS if name in named), "")
    return Mount(named.get("type", "bind"), target, text, line)


def options_of(text: str) -> Iterator[tuple[str, str]]:
    """Yield the names, in lower case, and values of a mount's options, in order."""
    try:
        options = next(csv.reader([text]), [])
    except csv.Error:  # a line feed, or no end: no builder accepts it
        options = text.split(",")
    for option in options:
        name, _, value = option.strip().partition("=")
        yield name.lower(), value


def mount_over(stage: Stage, path: str) -> tuple[Mount, str] | None:
    """Return the last mount of a stage that covers the absolute `path`, and its folder; None if none does.

    Variables are left as they are, and a WORKDIR that a base image brings is not known.
    """
    found, folder = None, "/"
    for step in stage.instructions:
        if step.keyword == "WORKDIR":
            folder = posixpath.join(folder, step.arguments.strip())
        for mount in mounts_of(step):
            place = posixpath.normpath(posixpath.join(folder, mount.target))
            if mount.target and path.startswith(place.rstrip("/") + "/"):
                found = mount, place
    return found
