"""What a stand-in's recipe is: which references it serves, and how its file tree and configuration are made.

`fetch.py` fetches packages, `archive.py` makes the archive that an engine loads; nothing here uses network or disk.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

ROOT_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
"""The PATH that most real base images set."""

Tell = Callable[[str], None]
"""Gets a few words about what is being done, such as `fetching Go`."""


class Fetch(Protocol):
    """This machine's own package clients. What they download is kept in the user's cache, complete or not at all.

    Each method raises `UnfetchableError` if the client is missing or the package is not available.
    """

    @property
    def architecture(self) -> str:
        """The architecture that the image is for, in Go's and Docker's words: `amd64` or `arm64`."""

    def debian(
        self,
        into: Path,
        *packages: str,
        dependencies: bool = False,
        exclude: tuple[str, ...] = (),
        release: str = "bookworm",
    ) -> str:
        """Unpack Debian packages into the folder `into`, with dependencies if requested; their scripts never run.

        `bin`, `sbin`, `lib` and `lib64` are put below `usr`, as in Debian itself; link them where they are needed.
        Documentation, translations and paths that begin with one of `exclude` (`usr/share/perl/`) are left out.
        The packages come from the Debian release `release`; a derivative of Debian uses its own release instead.
        Returns the release's name.
        """

    def wheel(self, into: Path, name: str, versions: str, *, platform: str = "", python: str = "") -> str:
        """Unpack the newest binary wheel of `name` within `versions` (`==1.26.*`) into `into`; return its version.

        `platform` is a wheel platform tag (`musllinux_1_2_x86_64`) and `python` a version (`3.11`), if not this one's.
        """

    def npm_tarball(self, into: Path, name: str, versions: str) -> str:
        """Unpack the npm package (what its tarball has in `package/`) into `into`; return its version."""


@dataclass(frozen=True, slots=True)
class StandInConfig:
    """A made image's configuration, in Docker's words. `owners` maps paths (and all below) to `(uid, gid)`.

    All else in the layer belongs to root. `made_from` says in a few words what the files are, with versions:
    `Go 1.26.6, Debian bookworm packages`. A recipe on a base inherits nothing: it says all of its configuration.
    """

    made_from: str
    environment: Mapping[str, str] = field(default_factory=lambda: {"PATH": ROOT_PATH})
    entrypoint: tuple[str, ...] = ()
    command: tuple[str, ...] = ()
    user: str = ""
    working_dir: str = ""
    owners: Mapping[str, tuple[int, int]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Recipe:
    """How one stand-in is made.

    `references` are short names as a Dockerfile writes them, each with its tag; the first is the recipe's own name.
    Raise `version` if you change the result, so that images of older recipes are made again.
    `make` fills an empty folder with the files of one layer. `finish` are Dockerfile instructions that the engine
    then runs without a network: for results that need the image's own programs.
    With `base`, the first reference of another recipe, the layer is put on that recipe's layers, which are then byte
    for byte the same as in the base's own image.
    """

    references: tuple[str, ...]
    version: str
    make: Callable[[Path, Fetch, Tell], StandInConfig]
    base: str | None = None
    finish: str = ""

    @property
    def name(self) -> str:
        """The first reference."""
        return self.references[0]
