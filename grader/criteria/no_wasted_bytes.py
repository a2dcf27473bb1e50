"""Hardly a byte is shipped that no container can see: what a later layer hides is in the image still."""

from collections.abc import Sequence

from grader.criteria.facts import Shipped
from grader.criteria.layer_words import step_of
from grader.criteria.no_package_caches import cache_of
from grader.criteria.outcome import Answer, Unmet
from grader.criteria.words import megabytes, shortened
from grader.image.model import Kind
from grader.image.tree import Hidden, hidden_files

WHY = "A layer is never changed: a later one can hide its files, and everyone who pulls the image gets both."
LEAST = 10_000
"""Bytes of a file of the base that are worth a word: an /etc/passwd with one user more is not meant."""
_NAMED = 2
_DEPTH = 3
_WORTH_A_LINE = 0.02
"""Share of the waste from which on the line that it comes from is named."""


def no_wasted_bytes(shipped: Shipped, budget: int) -> Answer:
    """Hold if the submission's layers have at most `budget` bytes that are never seen.

    Counted are files of its own layers that a later one hides, and files of the base that it has once more in the
    same size, for their owner or mode. To delete a file of the base adds nothing, so it is no waste.
    """
    wasted = _wasted(shipped)
    weight = sum(file.entry.size for file in wasted)
    if weight <= budget:
        return None
    weights: dict[int, int] = {}
    for file in wasted:
        weights[file.by] = weights.get(file.by, 0) + file.entry.size
    heaviest = max(weights, key=lambda layer: weights[layer])
    files = [file for file in wasted if file.by == heaviest]
    rewritten = _is_mostly_rewritten(files)
    hint = "Have the instruction that makes a file delete it too, or make it in a stage that is not shipped."
    if rewritten:
        hint = "Let files arrive with the owner and mode that they shall have: COPY can set both."
    return Unmet(
        expected=f"at most {megabytes(budget)} in files that a later layer deletes or writes anew",
        actual=_told(shipped, files, weight, rewritten=rewritten),
        why=WHY,
        hint=hint,
        lines=shipped.lines_of_layers({heaviest, *_origins(shipped, files)}),
    )


def _wasted(shipped: Shipped) -> list[Hidden]:
    """Return the files that are shipped for nothing: see `no_wasted_bytes`."""
    sizes = [{entry.size for entry in layer.entries if entry.kind is Kind.FILE} for layer in shipped.image.layers]
    wasted = []
    for file in hidden_files(shipped.image):
        copied = file.rewritten and file.entry.size >= LEAST and file.entry.size in sizes[file.by]
        if file.layer >= shipped.base_layers or (file.by >= shipped.base_layers and copied):
            wasted.append(file)
    return wasted


def _is_mostly_rewritten(files: Sequence[Hidden]) -> bool:
    again = sum(file.entry.size for file in files if file.rewritten)
    return again * 2 > sum(file.entry.size for file in files)


def _origins(shipped: Shipped, files: Sequence[Hidden]) -> set[int]:
    """Return the submission's layers that the files lie in, those left out that have next to nothing of them."""
    weights: dict[int, int] = {}
    for file in files:
        weights[file.layer] = weights.get(file.layer, 0) + file.entry.size
    least = _WORTH_A_LINE * sum(weights.values())
    return {layer for layer, weight in weights.items() if weight >= least and layer >= shipped.base_layers}


def _told(shipped: Shipped, files: Sequence[Hidden], weight: int, *, rewritten: bool) -> str:
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
    verb = "writes again what is" if rewritten else "deletes, or writes anew, what is"
    told = f"{megabytes(weight)} are shipped and never seen: `{step_of(shipped, files[0].by)}` {verb}"
    return f"{told} in {places}{more}, and the layer of {origin} has it still"


def _folder(file: Hidden) -> str:
    """Return the folder that a file is told by: a cache's own, else not deeper than `_DEPTH`."""
    cache = cache_of(file.entry)
    return cache[1] if cache else "/" + "/".join(file.entry.path.parent.parts[:_DEPTH])
