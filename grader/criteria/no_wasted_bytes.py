"""Almost no bytes are shipped that no container can see: what a later layer hides is still in the image."""

from collections.abc import Sequence
from pathlib import PurePosixPath

from grader.criteria.facts import Shipped
from grader.criteria.formatting import megabytes, shortened
from grader.criteria.layer_words import step_of
from grader.criteria.no_package_caches import cache_of
from grader.criteria.outcome import Answer, Unmet
from grader.image.model import Kind
from grader.image.tree import Hidden, hidden_files

WHY = "A layer is never changed: a later one can hide its files, and everyone who pulls the image gets both."
LEAST = 10_000
"""Bytes of a file of the base that are worth reporting: an /etc/passwd with one more user is not meant."""
LEAST_DELETED = 1_000
"""Bytes of the submission's own files that may be deleted: an empty lock or a line of a log is not meant."""
_OF_A_PACKAGE = 4
"""How deep a package's own folder is, such as usr/local/lib/node_modules or below."""
_NAMED = 2
_DEPTH = 3
_WORTH_A_LINE = 0.02
"""The smallest share of the waste whose line is named."""


def no_wasted_bytes(shipped: Shipped, budget: int) -> Answer:
    """Passes if the submission's layers have at most `budget` bytes that are never seen.

    Counted are files of its own layers that a later one hides, of which it may delete `LEAST_DELETED` bytes; files of
    the base that it has again in the same size, for their owner or mode; and files of the base that it deletes without
    writing others there, as an upgrade does. To delete those makes nothing smaller.
    """
    wasted = _wasted(shipped)
    weight = sum(file.entry.size for file in wasted)
    deleted = [file for file in wasted if file.layer >= shipped.base_layers and not file.rewritten]
    expected = f"at most {megabytes(budget)} in files that a later layer deletes or writes again"
    if weight <= budget:
        weight = sum(file.entry.size for file in deleted)
        if weight <= LEAST_DELETED:
            return None
        wasted = deleted
        expected = f"at most {megabytes(LEAST_DELETED)} in files that one layer brings and a later one deletes"
    weights: dict[int, int] = {}
    for file in wasted:
        weights[file.by] = weights.get(file.by, 0) + file.entry.size
    heaviest = max(weights, key=lambda layer: weights[layer])
    files = [file for file in wasted if file.by == heaviest]
    rewritten = _is_mostly_rewritten(files)
    hint = "Delete a file in the instruction that makes it, or make it in a stage that is not shipped."
    if all(file.layer < shipped.base_layers for file in files):
        hint = "The base stays as it is for everyone who pulls the image: begin from a base that does not have them."
    if rewritten:
        hint = "Give files the right owner and mode when you copy them: COPY can set both."
    return Unmet(
        expected=expected,
        actual=_waste_words(shipped, files, weight, rewritten=rewritten),
        why=WHY,
        hint=hint,
        lines=shipped.lines_of_layers({heaviest, *_origins(shipped, files)}),
    )


def _wasted(shipped: Shipped) -> list[Hidden]:
    """Return the files that are shipped for nothing: see `no_wasted_bytes`."""
    files = [[entry for entry in layer.entries if entry.kind is Kind.FILE] for layer in shipped.image.layers]
    sizes = [{entry.size for entry in entries} for entries in files]
    folders = [{entry.path.parent for entry in entries} for entries in files]
    wasted = []
    for file in hidden_files(shipped.image):
        copied = file.rewritten and file.entry.size >= LEAST and file.entry.size in sizes[file.by]
        deleted = not file.rewritten and not _is_replaced(file.entry.path, folders[file.by])
        if file.layer >= shipped.base_layers or (file.by >= shipped.base_layers and (copied or deleted)):
            wasted.append(file)
    return wasted


def _is_replaced(path: PurePosixPath, written: set[PurePosixPath]) -> bool:
    """Whether a layer writes other files where it deletes one: in its folder, or in one deep enough to be a package's.

    That is what an upgrade looks like: a library gets a new version in its name, a package leaves a part out.
    """
    parent, *above = path.parents
    return parent in written or any(len(folder.parts) >= _OF_A_PACKAGE and folder in written for folder in above)


def _is_mostly_rewritten(files: Sequence[Hidden]) -> bool:
    again = sum(file.entry.size for file in files if file.rewritten)
    return again * 2 > sum(file.entry.size for file in files)


def _origins(shipped: Shipped, files: Sequence[Hidden]) -> set[int]:
    """Return the submission's layers that the files are in, without those that have almost nothing of them."""
    weights: dict[int, int] = {}
    for file in files:
        weights[file.layer] = weights.get(file.layer, 0) + file.entry.size
    least = _WORTH_A_LINE * sum(weights.values())
    return {layer for layer, weight in weights.items() if weight >= least and layer >= shipped.base_layers}


def _waste_words(shipped: Shipped, files: Sequence[Hidden], weight: int, *, rewritten: bool) -> str:
    """Say how much it is, where most of it comes from, and which instruction hides it: that of the heaviest share."""
    folders: dict[str, int] = {}
    for file in files:
        folder = _folder(file)
        folders[folder] = folders.get(folder, 0) + file.entry.size
    named = sorted(folders, key=lambda folder: (-folders[folder], folder))[:_NAMED]
    places = ", ".join(f"{folder} ({megabytes(folders[folder])})" for folder in named)
    more = f" and in {len(folders) - _NAMED} more folders" if folders.keys() - set(named) else ""
    made = max(files, key=lambda file: file.entry.size).layer
    origin = shipped.base_reference if made < shipped.base_layers else f"`{shortened(step_of(shipped, made), 60)}`"
    verb = "writes files again" if rewritten else "deletes files, or writes them again,"
    words = f"{megabytes(weight)} are shipped and never seen: `{step_of(shipped, files[0].by)}` {verb}"
    return f"{words} in {places}{more}, and the layer of {origin} still contains them"


def _folder(file: Hidden) -> str:
    """Return the folder that is named for a file: a cache's own, else not deeper than `_DEPTH`."""
    cache = cache_of(file.entry)
    return cache[1] if cache else "/" + "/".join(file.entry.path.parent.parts[:_DEPTH])
