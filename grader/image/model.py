"""What a saved image contains, as data. `reader.py` reads it from a stream.

Terms follow the OCI image specification: layer, diff ID, config, history, whiteout. Paths are relative to `/`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from pathlib import PurePosixPath


class Kind(str, Enum):
    """The kind of a layer entry."""

    FILE = "file"
    DIRECTORY = "directory"
    SYMLINK = "symlink"
    HARDLINK = "hardlink"
    OTHER = "other"
    """Devices and pipes."""
    WHITEOUT = "whiteout"
    """`.wh.NAME`: hides NAME of the layers below; `path` is NAME's."""
    OPAQUE = "opaque"
    """`.wh..wh..opq`: hides everything of the layers below in the directory `path`."""


@dataclass(frozen=True, slots=True)
class ElfFacts:
    """Facts of an ELF file: machine (`x86-64`, `aarch64`, ...), the interpreter (PT_INTERP) if any.

    `marks` are those of the texts asked for that are in its bytes: they tell what it is, whatever its name.
    """

    machine: str
    interpreter: str | None
    marks: frozenset[bytes] = frozenset()


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of one layer. `size` is bytes of a regular file, else 0; `mode` the permission bits."""

    path: PurePosixPath
    kind: Kind
    size: int
    mode: int
    uid: int
    gid: int
    link: str = ""
    elf: ElfFacts | None = None
    capabilities: int = 0
    """What the kernel permits a program of this file (capabilities(7)): bit n stands for capability n."""


@dataclass(frozen=True, slots=True)
class Match:
    """A byte string that was found: in which layer (index) and file, or in the `config`/`history` text."""

    needle: bytes
    layer: int | None
    path: PurePosixPath | None


@dataclass(frozen=True, slots=True)
class Package:
    """An npm package by the name that its package.json states: `path` is that file, or an archive that has it."""

    name: str
    layer: int
    path: PurePosixPath


@dataclass(frozen=True, slots=True)
class Layer:
    """One layer: its diff ID, its entries in stream order, the history line that made it, bytes of regular files.

    `checksums` are those of its larger files, by the number of the entry: files of one size and one checksum have the
    same bytes.
    """

    diff_id: str
    entries: Sequence[Entry]
    created_by: str
    size: int
    checksums: Mapping[int, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """One line of the image's history; `layer` is the layer index, or None for an empty one."""

    created_by: str
    comment: str
    layer: int | None


@dataclass(frozen=True, slots=True)
class ImageConfig:
    """The part of the OCI config that exercises ask about. Empty tuples and strings for what the image does not set."""

    entrypoint: tuple[str, ...]
    command: tuple[str, ...]
    environment: tuple[tuple[str, str], ...]
    working_directory: str
    user: str
    exposed_ports: tuple[str, ...]
    """As in the config: `8080/tcp`."""
    volumes: tuple[str, ...]
    labels: tuple[tuple[str, str], ...]
    stop_signal: str
    healthcheck: tuple[str, ...]
    architecture: str
    os: str
    shell: tuple[str, ...] = ()
    """The shell of the shell form, if SHELL sets one."""


@dataclass(frozen=True, slots=True)
class Image:
    """A complete image as read in one pass, lowest layer first."""

    config: ImageConfig
    layers: tuple[Layer, ...]
    history: tuple[HistoryEntry, ...]
    matches: tuple[Match, ...]
    packages: tuple[Package, ...] = ()

    @property
    def size(self) -> int:
        """Bytes of regular files, summed over the layers: all that is shipped, with hidden files."""
        return sum(layer.size for layer in self.layers)

    @property
    def diff_ids(self) -> tuple[str, ...]:
        """The layers' diff IDs, lowest first."""
        return tuple(layer.diff_id for layer in self.layers)
