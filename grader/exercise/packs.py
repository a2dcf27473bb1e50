"""Which packs of exercises there are besides the kit's own: named by hand, by the workspace, or installed.

What is in a pack is read in `catalogue.py`.
"""

import os
from collections.abc import Iterator, Mapping, Sequence
from importlib.metadata import entry_points
from importlib.util import find_spec
from pathlib import Path

from grader.errors import ContentError, UsageError
from grader.exercise.catalogue import content_root
from grader.exercise.model import Pack
from grader.exercise.toml_files import read_pack_folders

OPTION = "--pack"
VARIABLE = "WORKSHOP_PACKS"
FILE = "workshop.toml"
"""In a workspace's top folder; its table [packs] has the key `folders`, paths relative to the file."""
FOLDERS = ("exercises", "solutions")
"""What a pack has."""
GROUP = "multi_stage_workshop.packs"
"""Entry points of Python packages that are packs: the value is the package that contains both folders."""


def find_packs(options: Sequence[Path], workspace: Path, environment: Mapping[str, str]) -> tuple[Pack, ...]:
    """Return the packs that the command line, the environment, the workspace and installed packages name, each once.

    Raises:
        UsageError: one is not there or is not a pack, or `workshop.toml` is wrong; says what names it.

    """
    named = [Path(name) for name in environment.get(VARIABLE, "").split(os.pathsep) if name]
    found = [
        *(pack_in(path, OPTION) for path in options),
        *(pack_in(path, VARIABLE) for path in named),
        *_of_workspace(workspace / FILE),
        *_installed(),
    ]
    known = {content_root().resolve()}
    packs = []
    for pack in found:
        if pack.root not in known:
            known.add(pack.root)
            packs.append(_checked(pack))
    return tuple(packs)


def pack_in(root: Path, named_by: str) -> Pack:
    """Return the pack in a folder, whether it is one or not."""
    root = root.expanduser().resolve()
    return Pack(root, root.name, named_by)


def _of_workspace(path: Path) -> Iterator[Pack]:
    if os.path.lexists(path):
        try:
            folders = read_pack_folders(path)
        except ContentError as error:
            raise UsageError(str(error)) from error
        for folder in folders:
            yield pack_in(path.parent / Path(folder).expanduser(), str(path))


def _installed() -> Iterator[Pack]:
    for entry in entry_points(group=GROUP):
        named_by = f"the installed package {entry.dist.name if entry.dist else entry.name}"
        top, *inner = entry.module.split(".")
        found = find_spec(top)  # finding a package that is not inside another one runs nothing of it
        if found is None or not found.submodule_search_locations:
            raise UsageError(f"There is no package `{top}`, in which {named_by} says that a pack of exercises is.")
        yield Pack(Path(found.submodule_search_locations[0], *inner).resolve(), entry.name, named_by)


def _checked(pack: Pack) -> Pack:
    if not os.path.isdir(pack.root):  # noqa: PTH112 - false also where it may not be looked at
        raise UsageError(f"There is no folder {pack.root}, which {pack.named_by} names as a pack of exercises.")
    for name in FOLDERS:
        if not os.path.isdir(pack.root / name):  # noqa: PTH112 - the same
            raise UsageError(f"{pack.root}, which {pack.named_by} names, is not a pack: it has no folder `{name}`.")
    return pack
