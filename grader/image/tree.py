"""Combines layers: what a container sees, what the layers above the base add, what later layers hide.

Source of the rules: OCI image specification, "Applying Changesets". A whiteout hides the same path in lower layers, an
opaque directory hides all that lower layers have in it, and a path that is not a directory hides all that was under it.
"""

import bisect
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

from grader.image.entries import PackedEntries, path_bytes
from grader.image.model import Entry, Image, Kind

_MARKS = (Kind.WHITEOUT, Kind.OPAQUE)


@dataclass(frozen=True, slots=True)
class Placed:
    """An entry that a container sees, and the index of the layer that it comes from."""

    entry: Entry
    layer: int


@dataclass(frozen=True, slots=True)
class Hidden:
    """A file that is shipped but not seen: in which layer it is, and which later one hid it.

    `rewritten` means that the later layer contains a file with the same path: changed, or copied for its mode or owner.
    """

    entry: Entry
    layer: int
    by: int
    rewritten: bool


class _Tree(Mapping[PurePosixPath, Placed]):
    """The merged tree: numbers of entries by path, counted through all layers; a `Placed` is made on request."""

    def __init__(self, layers: tuple[PackedEntries, ...], numbers: dict[bytes, int], starts: tuple[int, ...]) -> None:
        self._layers = layers
        self._numbers = numbers
        self._starts = starts

    def __getitem__(self, path: PurePosixPath) -> Placed:
        number = self._numbers[path_bytes(path)]
        layer = bisect.bisect_right(self._starts, number) - 1
        return Placed(self._layers[layer][number - self._starts[layer]], layer)

    def __contains__(self, path: object) -> bool:
        return isinstance(path, PurePosixPath) and path_bytes(path) in self._numbers

    def __iter__(self) -> Iterator[PurePosixPath]:
        return (PurePosixPath(path.decode("utf-8", "surrogateescape")) for path in self._numbers)

    def __len__(self) -> int:
        return len(self._numbers)


class _Covers:
    """What the layers above the current one hide of it. Filled from the top layer down."""

    def __init__(self, layers: tuple[PackedEntries, ...]) -> None:
        self._parents = _parents(layers[:-1])
        """There are many files; a file only hides something if a lower layer has a directory with its path."""
        self._gone: dict[bytes, int] = {}
        """Hidden with all that is under it, and the lowest layer above that does so."""
        self._shut: dict[bytes, int] = {}
        """All that is under it is hidden."""
        self._known: dict[bytes, int | None] = {}

    def add(self, entries: PackedEntries, layer: int) -> None:
        """Add a layer, before questions about the layers below it."""
        self._known = {}
        for index in range(len(entries)):
            kind = entries.kind(index)
            if kind is Kind.WHITEOUT:
                self._gone[entries.path(index)] = layer
            elif kind is not Kind.DIRECTORY and (path := entries.path(index)) in self._parents:
                self._shut[path] = layer

    def hider(self, path: bytes) -> int | None:
        """Return the lowest layer above that hides `path`, or None."""
        above = self._hider_of_children(path.rpartition(b"/")[0]) if path else None
        return _lowest(self._gone.get(path), above)

    def _hider_of_children(self, directory: bytes) -> int | None:
        """Entries come directory by directory, so the answer for the parent is kept."""
        if directory not in self._known:
            at, found = directory, None
            while True:
                found = _lowest(found, _lowest(self._gone.get(at), self._shut.get(at)))
                if not at:
                    break
                at = at.rpartition(b"/")[0]
            self._known[directory] = found
        return self._known[directory]


def _parents(layers: tuple[PackedEntries, ...]) -> frozenset[bytes]:
    """Return all directories that contain something."""
    found: set[bytes] = set()
    for entries in layers:
        for index in range(len(entries)):
            parent = entries.path(index)
            while parent:
                parent = parent.rpartition(b"/")[0]
                if parent in found:
                    break
                found.add(parent)
    return frozenset(found)


def _lowest(one: int | None, other: int | None) -> int | None:
    if one is None or other is None:
        return other if one is None else one
    return min(one, other)


def merged_tree(image: Image) -> Mapping[PurePosixPath, Placed]:
    """Return what a container sees, by path relative to `/`; parents that no layer lists are left out."""
    layers = _packed(image)
    starts = []
    total = 0
    for entries in layers:
        starts.append(total)
        total += len(entries)
    numbers: dict[bytes, int] = {}
    covers = _Covers(layers)
    for layer in reversed(range(len(layers))):
        entries = layers[layer]
        for index in reversed(range(len(entries))):
            path = entries.path(index)
            if entries.kind(index) not in _MARKS and path not in numbers and covers.hider(path) is None:
                numbers[path] = starts[layer] + index
        if layer:
            covers.add(entries, layer)
    return _Tree(layers, numbers, tuple(starts))


def hidden_files(image: Image) -> tuple[Hidden, ...]:
    """Return the files that later layers delete, replace or write again, top layer first.

    A file that is still seen under another name (a hard link) is not hidden.
    """
    layers = _packed(image)
    covers = _Covers(layers)
    written: dict[bytes, int] = {}
    found = []
    for layer in reversed(range(len(layers))):
        entries = layers[layer]
        linked = {entries.link(index) for index in _seen_links(entries, covers, written)}
        for index in range(len(entries)):
            path = entries.path(index)
            if entries.kind(index) is Kind.FILE and path not in linked:
                by = _lowest(covers.hider(path), written.get(path))
                if by is not None:
                    found.append(Hidden(entries[index], layer, by, rewritten=written.get(path) == by))
        covers.add(entries, layer)
        for index in range(len(entries)):
            if entries.kind(index) not in _MARKS:
                written[entries.path(index)] = layer
    return tuple(found)


def hidden_bytes(image: Image) -> tuple[int, ...]:
    """Return, for each layer, the bytes of its files that later layers hide."""
    sums = [0] * len(image.layers)
    for hidden in hidden_files(image):
        sums[hidden.layer] += hidden.entry.size
    return tuple(sums)


def begins_with(image: Image, diff_ids: tuple[str, ...]) -> bool:
    """Return whether the image's lowest layers are `diff_ids`; this is true for every image if there are none."""
    return image.diff_ids[: len(diff_ids)] == tuple(diff_ids)


def added_size(image: Image, base_diff_ids: tuple[str, ...]) -> int:
    """Return the bytes of regular files in the layers above the base's; of all layers if it is not the base."""
    own = len(base_diff_ids) if begins_with(image, base_diff_ids) else 0
    return sum(layer.size for layer in image.layers[own:])


def _seen_links(entries: PackedEntries, covers: _Covers, written: Mapping[bytes, int]) -> Iterator[int]:
    for index in range(len(entries)):
        if entries.kind(index) is Kind.HARDLINK:
            path = entries.path(index)
            if covers.hider(path) is None and path not in written:
                yield index


def _packed(image: Image) -> tuple[PackedEntries, ...]:
    entries = (layer.entries for layer in image.layers)
    return tuple(part if isinstance(part, PackedEntries) else PackedEntries(part) for part in entries)
