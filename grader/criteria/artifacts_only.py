"""A container of the storefront has only what runs, Node aside: built parts and the packages that they import."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from grader.criteria.bundle import RECORD
from grader.criteria.facts import Shipped
from grader.criteria.formatting import megabytes, some_paths
from grader.criteria.no_package_caches import cache_of
from grader.criteria.outcome import Answer, Unmet
from grader.image.model import Entry, Kind
from grader.languages.node import NODE

WHY = "Everyone who runs the image stores, pulls and scans all of it, needed or not."
_NEEDED = "needed"
_SOURCES, _TOOLS, _PACKED, _OTHER = "sources and tests", "tools of the build", "packed packages", "other files"
_MANIFESTS = frozenset({"package.json", "package-lock.json"})
_GLOBAL = PurePosixPath("usr/local/lib", NODE.packages)
"""Where Node's images have npm: no program imports from there."""


@dataclass(frozen=True, slots=True)
class _Found:
    """A file that the layers above the base bring, and what it is for."""

    path: PurePosixPath
    size: int
    layer: int
    use: str


def artifacts_only(shipped: Shipped, canary: str, tools: Sequence[str], spare: int) -> Answer:
    """Passes if no file above the base is certain to be useless at run time, and if other files are few.

    Certain are the files with the `canary` that was planted in each source, or that have such files packed in them,
    the installed packages called `tools`, and packed packages. Of files that are none of these nor known to be needed,
    `spare` bytes are fine. Caches and what later layers hide are not asked about here: other criteria do that.
    """
    found = list(_files(shipped, canary, tools))
    spared = sum(file.size for file in found if file.use == _OTHER) <= spare
    wrong = [file for file in found if file.use != _NEEDED and not (file.use == _OTHER and spared)]
    if not wrong:
        return None
    needed, total = sum(file.size for file in found if file.use == _NEEDED), sum(file.size for file in found)
    kinds = [kind for kind in (_OTHER, _SOURCES, _TOOLS, _PACKED) if any(file.use == kind for file in wrong)]
    parts = "; ".join(_kind_words(kind, [file for file in wrong if file.use == kind]) for kind in kinds)
    return Unmet(
        expected="the image adds to Node only what runs: the built parts and the packages that they import",
        actual=f"{needed * 100 // max(total, 1)} % of the {megabytes(total)} that it adds is needed; the rest: {parts}",
        why=WHY,
        hint="Copy only what runs, by its own path: a copied folder brings everything that the build left in it.",
        lines=shipped.lines_of_layers({file.layer for file in wrong}),
    )


def _files(shipped: Shipped, canary: str, tools: Sequence[str]) -> Iterator[_Found]:
    """Yield what is seen above the base, without Node itself, its libraries and the content of caches."""
    own = [
        (path, placed)
        for path, placed in shipped.tree.items()
        if placed.layer >= shipped.base_layers and placed.entry.kind is Kind.FILE and cache_of(placed.entry) is None
    ]
    sources = {match.path for match in shipped.image.matches if match.needle == canary.encode()}
    packed = {package.path for package in shipped.image.packages if package.path.name not in _MANIFESTS}
    built = {path.parent for path, _ in own if path.name == RECORD}
    for path, placed in own:
        if _is_runtime(placed.entry):
            continue
        use = _SOURCES if path in sources else _PACKED if path in packed else _use(path, tools, built)
        yield _Found(path, placed.entry.size, placed.layer, use)


def _is_runtime(entry: Entry) -> bool:
    return entry.elf is not None and (entry.path.name == NODE.runtime or ".so" in entry.path.name)


def _use(path: PurePosixPath, tools: Sequence[str], built: set[PurePosixPath]) -> str:
    if any(f"/{NODE.packages}/{tool}/" in f"/{path}" for tool in tools):
        return _TOOLS
    if path.suffix == ".tgz":
        return _PACKED
    imported = NODE.packages in path.parts and _GLOBAL not in path.parents
    return _NEEDED if imported or path.name in _MANIFESTS or not built.isdisjoint(path.parents) else _OTHER


def _kind_words(kind: str, files: Sequence[_Found]) -> str:
    """Name a few of the files; of those that are not known, the folders that weigh most."""
    size = sum(file.size for file in files)
    if kind != _OTHER:
        return f"{kind} ({some_paths(sorted(file.path for file in files), most=2)})"
    folders: dict[PurePosixPath, int] = {}
    for file in files:
        folders[file.path.parent] = folders.get(file.path.parent, 0) + file.size
    heaviest = sorted(folders, key=lambda folder: (-folders[folder], folder))
    return f"{megabytes(size)} in {some_paths(heaviest, most=2)}"
