"""No layer ships a file again that a layer below already has: owner and mode are set when a file is copied."""

from grader.criteria.facts import Shipped
from grader.criteria.formatting import megabytes, some_paths
from grader.criteria.layer_words import step_of
from grader.criteria.outcome import Answer, Unmet
from grader.image.model import Kind
from grader.image.tree import hidden_files

WHY = "Layers contain complete files: a new owner, mode or place for a file is a second copy of all its bytes."
LEAST = 10_000
"""Bytes of a file that are worth reporting: an /etc/passwd with one more user is not meant."""


def no_duplicate_bytes(shipped: Shipped) -> Answer:
    """Passes if no layer hides a file of at least `LEAST` bytes and has a file of exactly that size itself.

    What layers of the base do to each other is not the submission's fault.
    """
    sizes = [{entry.size for entry in layer.entries if entry.kind is Kind.FILE} for layer in shipped.image.layers]
    hidden = [file for file in hidden_files(shipped.image) if file.by >= shipped.base_layers]
    twice = [file for file in hidden if file.entry.size >= LEAST and file.entry.size in sizes[file.by]]
    if not twice:
        return None
    paths = sorted({file.entry.path for file in twice})
    layers = {file.by for file in twice}
    steps = ", ".join(dict.fromkeys(f"`{step_of(shipped, layer)}`" for layer in sorted(layers)))
    weight = sum(file.entry.size for file in twice)
    return Unmet(
        expected="every file's bytes are shipped once",
        actual=f"{some_paths(paths)} ({megabytes(weight)}) is in two layers: {steps} writes it again",
        why=WHY,
        hint="Give files the right owner and mode when you copy them: COPY can set both, the builder can set a mode.",
        lines=shipped.lines_of_layers(layers),
    )
