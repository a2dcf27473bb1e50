"""Finds out which Dockerfile line made which layer, from the image's history. It explains; it never decides a grade.

It reads both from the end. It stops at the first line of history that the instruction does not explain: no line is
better than a wrong one. `history_text.py` reads a line of history.
"""

from grader.dockerfile.model import Instruction
from grader.image.history_text import LAYER_MAKERS, keyword_of, made_by
from grader.image.model import Image

_DEFAULT_SHELL = ("/bin/sh", "-c")


def layer_lines(image: Image, instructions: tuple[Instruction, ...]) -> tuple[int | None, ...]:
    """Return, for each layer, the first line of the instruction that made it; None if it is not known.

    `instructions` are those that make the final stage, in order, its base stages' first. A layer of the base image
    has no line.
    """
    lines: list[int | None] = [None] * len(image.layers)
    history = [line for line in image.history if keyword_of(line.created_by) in LAYER_MAKERS]
    steps = [step for step in instructions if step.keyword in LAYER_MAKERS]
    triggers = [step.trigger for step in instructions if step.trigger is not None]
    shells = _shells(image, instructions)
    for line, step in zip(reversed(history), reversed(steps), strict=False):
        shell = shells[id(step)]
        if not made_by(line.created_by, step, shell):
            break
        if any(made_by(line.created_by, trigger, shell) for trigger in triggers):
            break
        if line.layer is not None:
            lines[line.layer] = step.first_line
    return tuple(lines)


def _shells(image: Image, instructions: tuple[Instruction, ...]) -> dict[int, tuple[str, ...]]:
    """Return the shell that each instruction runs in, by its identity: SHELL is valid for what comes after it."""
    changes = any(step.keyword == "SHELL" for step in instructions)
    shell = _DEFAULT_SHELL if changes else image.config.shell or _DEFAULT_SHELL
    shells = {}
    for step in instructions:
        if step.keyword == "SHELL" and step.json_form:
            shell = step.json_form
        shells[id(step)] = shell
    return shells
