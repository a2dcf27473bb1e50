"""No file's bytes are shipped twice: owner and mode are set when a file is copied, and a second name can be a link."""

from collections.abc import Iterator, Sequence
from pathlib import PurePosixPath

from grader.criteria.facts import Shipped
from grader.criteria.formatting import megabytes, some_paths
from grader.criteria.layer_words import step_of
from grader.criteria.outcome import Answer, Unmet
from grader.image.model import Kind
from grader.image.tree import hidden_files

EXPECTED = "every file's bytes are shipped once"
WHY = "Layers contain complete files: a new owner, mode or place for a file is a second copy of all its bytes."
LEAST = 10_000
"""Bytes of a file that are worth reporting: an /etc/passwd with one more user is not meant."""


def no_duplicate_bytes(shipped: Shipped) -> Answer:
    """Passes if no layer hides a file of at least `LEAST` bytes and has a file of exactly that size itself.

    And if no file of that weight has the bytes of another one, in its layer or below. What layers of the base do to
    each other is not the submission's fault.
    """
    sizes = [{entry.size for entry in layer.entries if entry.kind is Kind.FILE} for layer in shipped.image.layers]
    hidden = [file for file in hidden_files(shipped.image) if file.by >= shipped.base_layers]
    twice = [file for file in hidden if file.entry.size >= LEAST and file.entry.size in sizes[file.by]]
    if not twice:
        return _copies(shipped, list(_same_bytes(shipped)))
    paths = sorted({file.entry.path for file in twice})
    layers = {file.by for file in twice}
    weight = sum(file.entry.size for file in twice)
    return Unmet(
        expected=EXPECTED,
        actual=f"{some_paths(paths)} ({megabytes(weight)}) is in two layers: {_steps(shipped, layers)} writes it again",
        why=WHY,
        hint="Give files the right owner and mode when you copy them: COPY can set both, the builder can set a mode.",
        lines=shipped.lines_of_layers(layers),
    )


def _same_bytes(shipped: Shipped) -> Iterator[tuple[PurePosixPath, PurePosixPath, int, int]]:
    """Yield the submission's files with the bytes of another: path, the other's path, layer and size."""
    first: dict[tuple[int, int], PurePosixPath] = {}
    for index, layer in enumerate(shipped.image.layers):
        for number, checksum in sorted(layer.checksums.items()):
            entry = layer.entries[number]
            if entry.kind is not Kind.FILE or entry.size < LEAST:
                continue
            other = first.setdefault((entry.size, checksum), entry.path)
            if other != entry.path and index >= shipped.base_layers:
                yield entry.path, other, index, entry.size


def _copies(shipped: Shipped, copies: Sequence[tuple[PurePosixPath, PurePosixPath, int, int]]) -> Answer:
    if not copies:
        return None
    paths = sorted({path for path, _, _, _ in copies})
    others = sorted({other for _, other, _, _ in copies})
    layers = {layer for _, _, layer, _ in copies}
    weight = sum(size for _, _, _, size in copies)
    return Unmet(
        expected=EXPECTED,
        actual=f"{some_paths(paths)} ({megabytes(weight)}) has the same bytes as {some_paths(others)}: "
        f"{_steps(shipped, layers)} ships them again",
        why=WHY,
        hint="Use the file where it is, or give it a second name by a link: a link has no bytes of the file.",
        lines=shipped.lines_of_layers(layers),
    )


def _steps(shipped: Shipped, layers: set[int]) -> str:
    return ", ".join(dict.fromkeys(f"`{step_of(shipped, layer)}`" for layer in sorted(layers)))
