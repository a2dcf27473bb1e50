"""Fetches packages with the machine's own clients: apt, pip and npm. It knows no host names; the clients use their own.

Downloads are kept in the user's cache; each appears there complete, under a lock, or not at all.
"""

import importlib.util
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from collections.abc import Callable
from concurrent.futures import CancelledError
from pathlib import Path

from filelock import FileLock

from grader.base_images.stand_ins.apt import RELEASE, Apt
from grader.base_images.stand_ins.client import SECONDS, run
from grader.base_images.stand_ins.unpack import unpack_tar, unpack_zip
from grader.errors import MachineError
from grader.user_folders import cache_folder

_DOCUMENTATION = re.compile(r"usr/share/(man|info|locale|lintian|doc/[^/]+/(?!copyright$))")
"""What Debian's own slim images leave out: documentation, except copyright files, and translations."""
_GLIBC = ("manylinux2014", *(f"manylinux_2_{minor}" for minor in range(36, 4, -1)))
"""What Debian bookworm's glibc, 2.36, can run; pip compares each tag literally."""
_MERGED = ("bin", "sbin", "lib", "lib64")
_MACHINES = {"amd64": "x86_64", "arm64": "aarch64"}


class UnfetchableError(MachineError):
    """This machine's package clients cannot fetch a package; the message says which one and why."""


class MachineFetch:
    """Implements `grader.base_images.stand_ins.recipe.Fetch` with the clients of this machine."""

    def __init__(
        self, architecture: str, is_cancelled: Callable[[], bool] = lambda: False, cache: Path | None = None
    ) -> None:
        if architecture not in _MACHINES:
            raise UnfetchableError(f"stand-ins exist for {' and '.join(_MACHINES)}, and the engine is {architecture}")
        self._architecture = architecture
        self._is_cancelled = is_cancelled
        self._cache = cache or cache_folder() / "packages"

    @property
    def architecture(self) -> str:
        """`amd64` or `arm64`."""
        return self._architecture

    def debian(
        self,
        into: Path,
        *packages: str,
        dependencies: bool = False,
        exclude: tuple[str, ...] = (),
        release: str = RELEASE,
    ) -> str:
        """Unpack Debian packages into `into`; see `Fetch`."""
        apt = Apt(self._architecture, self._cache / "apt", self._is_cancelled, release)
        try:
            files = apt.files(packages, dependencies=dependencies)
            for file in files:
                _unpack_deb(file, into, exclude, self._check)
        except (OSError, ValueError, subprocess.SubprocessError, tarfile.TarError) as error:
            raise UnfetchableError(f"the Debian package {packages[0]} cannot be fetched with apt: {error}") from error
        return apt.release

    def wheel(self, into: Path, name: str, versions: str, *, platform: str = "", python: str = "") -> str:
        """Unpack a wheel into `into`; see `Fetch`."""
        machine = _MACHINES[self._architecture]
        platforms = [platform] if platform else [f"{glibc}_{machine}" for glibc in _GLIBC]
        options = [option for tag in platforms for option in ("--platform", tag)]
        options += ["--python-version", python] if python else []

        def download(folder: Path) -> None:
            arguments = ["download", "--quiet", "--no-input", "--no-deps", "--only-binary", ":all:", *options]
            run([*_pip(), *arguments, "--dest", str(folder), f"{name}{versions}"], folder, self._is_cancelled)

        try:
            [file] = self._kept("wheels", f"{name}{versions}-{platforms[0]}-{python}", "*.whl", download)
            unpack_zip(file, into, self._check)
        except (OSError, ValueError, subprocess.SubprocessError, zipfile.BadZipFile) as error:
            raise UnfetchableError(f"the wheel {name}{versions} cannot be fetched with pip: {error}") from error
        return file.name.split("-")[1]

    def npm_tarball(self, into: Path, name: str, versions: str) -> str:
        """Unpack an npm package into `into`; see `Fetch`."""

        def download(folder: Path) -> None:
            arguments = ["npm", "pack", "--silent", "--pack-destination", str(folder), f"{name}@{versions}"]
            run(arguments, folder, self._is_cancelled)

        try:
            [file] = self._kept("npm", f"{name}-{versions}", "*.tgz", download)
            with tarfile.open(file, "r|gz") as tar:
                unpack_tar(tar, into, lambda path: path.partition("/")[2], self._check)
        except (OSError, ValueError, subprocess.SubprocessError, tarfile.TarError) as error:
            raise UnfetchableError(f"the npm package {name}@{versions} cannot be fetched with npm: {error}") from error
        return file.stem.rsplit("-", 1)[1] if re.search(r"-\d", file.stem) else versions

    def _check(self) -> None:
        if self._is_cancelled():
            raise CancelledError

    def _kept(self, kind: str, key: str, pattern: str, download: Callable[[Path], None]) -> list[Path]:
        """Return the files that `download` puts into a folder, from the cache if it was done before."""
        kept = self._cache / kind / re.sub(r"[^\w.=-]", "_", key)
        if not kept.is_dir():
            kept.parent.mkdir(parents=True, exist_ok=True)
            with (
                FileLock(kept.with_name(f"{kept.name}.lock"), timeout=SECONDS),
                tempfile.TemporaryDirectory(dir=kept.parent, prefix=".fetching-") as folder,
            ):
                if not kept.is_dir():
                    download(Path(folder))
                    whole = Path(folder) / "whole"
                    whole.mkdir()
                    for file in Path(folder).glob(pattern):
                        file.rename(whole / file.name)
                    whole.rename(kept)
        return sorted(kept.glob(pattern))


def _pip() -> list[str]:
    """This interpreter's pip; if it has none, as in an environment made by uv, another one."""
    if importlib.util.find_spec("pip"):
        return [sys.executable, "-m", "pip"]
    if shutil.which("uv"):
        return ["uv", "tool", "run", "pip"]
    return ["pip3"]


def _unpack_deb(file: Path, into: Path, exclude: tuple[str, ...], on_file: Callable[[], None]) -> None:
    arguments = ["dpkg-deb", "--fsys-tarfile", str(file)]
    with subprocess.Popen(arguments, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as dpkg:
        with tarfile.open(fileobj=dpkg.stdout, mode="r|") as tar:
            unpack_tar(tar, into, lambda path: _merged(path, exclude), on_file)
        dpkg.stdout.read() if dpkg.stdout else None
    if dpkg.returncode != 0:
        raise ValueError(f"dpkg-deb cannot read {file.name}")


def _merged(path: str, exclude: tuple[str, ...]) -> str:
    """The path in Debian now that /bin, /sbin and /lib* are links into /usr; empty for what is left out."""
    if path in _MERGED:  # since trixie, a package has the links themselves
        return ""
    path = f"usr/{path}" if path.partition("/")[0] in _MERGED else path
    left_out = f"{path}/".startswith(exclude) or _DOCUMENTATION.match(path)
    return "" if left_out else path
