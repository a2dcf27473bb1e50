"""No layer ships again what a layer below has already: owner and mode are set where a file arrives."""

from grader.criteria.facts import Shipped
from grader.criteria.layer_words import step_of
from grader.criteria.outcome import Answer, Unmet
from grader.criteria.words import megabytes, some_paths
from grader.image.model import Kind
from grader.image.tree import hidden_files

WHY = "Layers hold whole files: a new owner, mode or place for a file is a second copy of all of its bytes."
LEAST = 10_000
"""Bytes of a file that are worth a word: an /etc/passwd with one user more is not meant."""


def no_duplicate_bytes(shipped: Shipped) -> Answer:
    """Hold if no file of at least `LEAST` bytes is hidden by a layer that holds a file of just that size again.

    What layers of the base do to each other is not the submission's doing.
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
        actual=f"{some_paths(paths)} ({megabytes(weight)}) is in a layer twice: {steps} writes it again",
        why=WHY,
        hint="Let files arrive with the right owner and mode: COPY can set both, and the builder can set a mode.",
        lines=shipped.lines_of_layers(layers),
    )
