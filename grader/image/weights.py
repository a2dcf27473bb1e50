"""Which paths make a layer heavy, and a complete image weighed layer by layer, as data. Pure; nothing is judged here.

A layer has thousands of files: it is described by a few paths that share no file, each as deep as possible.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from grader.image.model import Image, Kind
from grader.image.tree import hidden_files
from grader.verdict import ImageSummary, SizeScale

MOST_PATHS = 8
_WORTH_A_NAME = 0.04
"""A path with at least this share of its layer is shown separately."""


@dataclass(frozen=True, slots=True)
class PathWeight:
    """Bytes of regular files at `path`, and how many of them later layers hide.

    A folder's path ends in `/`; with `is_rest` it stands for all in that folder that is not shown separately.
    """

    path: str
    size: int
    hidden: int
    is_rest: bool = False


@dataclass(frozen=True, slots=True)
class Weighed:
    """An image by its layers. `paths` has the heaviest ones of each layer, `files` the number of its regular files.

    `subject` is an exercise's slug or an image's name. `added_budget` is bytes above the base, if there is one.
    """

    subject: str
    title: str
    image: ImageSummary
    scale: SizeScale
    added_budget: int | None
    paths: tuple[tuple[PathWeight, ...], ...]
    files: tuple[int, ...]

    @property
    def hidden(self) -> int:
        """Bytes that are shipped, although later layers hide them."""
        return sum(layer.hidden or 0 for layer in self.image.layers)


def file_counts(image: Image) -> tuple[int, ...]:
    """Return how many regular files each layer has."""
    return tuple(sum(entry.kind is Kind.FILE for entry in layer.entries) for layer in image.layers)


def heaviest_paths(image: Image, most: int = MOST_PATHS) -> tuple[tuple[PathWeight, ...], ...]:
    """Return, for each layer, at most about `most` paths that share no file and make up the layer, heaviest first."""
    trees = [_Folder("/") for _ in image.layers]
    for tree, layer in zip(trees, image.layers, strict=True):
        for entry in layer.entries:
            if entry.kind is Kind.FILE and entry.size:
                tree.add(entry.path.parts, entry.size, 0)
    for hidden in hidden_files(image):
        if hidden.entry.size:
            trees[hidden.layer].add(hidden.entry.path.parts, 0, hidden.entry.size)
    return tuple(_told(tree, most) for tree in trees)


@dataclass(slots=True)
class _Folder:
    """A folder, or a file if nothing is in it; bytes of all below it."""

    path: str
    size: int = 0
    hidden: int = 0
    inside: "dict[str, _Folder]" = field(default_factory=dict)

    def add(self, parts: tuple[str, ...], size: int, hidden: int) -> None:
        node = self
        for depth, part in enumerate((None, *parts)):
            if part is not None:
                end = "" if depth == len(parts) else "/"
                node = node.inside.setdefault(part, _Folder(f"{node.path}{part}{end}"))
            node.size += size
            node.hidden += hidden


def _told(tree: _Folder, most: int) -> tuple[PathWeight, ...]:
    """Split the heaviest folder, again and again, until there are enough paths or no split is useful."""
    waiting = [tree]
    done: list[PathWeight] = []
    while waiting:
        heaviest = max(waiting, key=lambda node: node.size)
        waiting.remove(heaviest)
        parts = [node for node in heaviest.inside.values() if node.size >= max(1, tree.size * _WORTH_A_NAME)]
        if not parts or len(waiting) + len(done) + len(parts) > most:
            done += _leaf(heaviest)
            continue
        waiting += parts
        done += _rest(heaviest, parts)
    return tuple(sorted(_gathered(done, tree.size), key=lambda weight: (-weight.size, weight.path)))


def _gathered(found: list[PathWeight], whole: int) -> Iterator[PathWeight]:
    """Combine small remainders into one."""
    small = [weight for weight in found if weight.is_rest and weight.size < whole * _WORTH_A_NAME]
    yield from (weight for weight in found if weight not in small)
    if small:
        size, hidden = sum(weight.size for weight in small), sum(weight.hidden for weight in small)
        yield PathWeight("/", size, hidden, is_rest=True)


def _leaf(node: _Folder) -> Iterator[PathWeight]:
    if node.size:
        yield PathWeight(node.path, node.size, node.hidden)


def _rest(node: _Folder, parts: list[_Folder]) -> Iterator[PathWeight]:
    size = node.size - sum(part.size for part in parts)
    if size:
        yield PathWeight(node.path, size, node.hidden - sum(part.hidden for part in parts), is_rest=True)
