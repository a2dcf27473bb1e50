"""Downloads Debian packages with apt into its own cache, and changes nothing of the system's.

apt gets its own state in which nothing is installed, so that it names every dependency. Other modules unpack.
"""

import re
import time
from collections.abc import Callable
from pathlib import Path

from filelock import FileLock

from grader.base_images.stand_ins.client import SECONDS, run

RELEASE = "bookworm"
"""Most real images are made of it. Another release of Debian fetches this one; a derivative of Debian uses its own."""
LISTS_SECONDS = 24 * 3600
"""How long package lists may be used."""
_INSTALLED = re.compile(r"^Inst (?P<name>\S+) \((?P<version>\S+) .*\[(?P<architecture>\w+)\]\)", re.MULTILINE)


class Apt:
    """apt for one Debian release, in `folder`. Methods raise ValueError with one line if apt fails."""

    def __init__(
        self, architecture: str, folder: Path, is_cancelled: Callable[[], bool], debian_release: str = RELEASE
    ) -> None:
        self._architecture = architecture
        self._root = folder
        self._is_cancelled = is_cancelled
        self._debian_release = debian_release

    @property
    def release(self) -> str:
        """Where these packages come from, as `Debian bookworm`; known after the first request for packages."""
        return f"{self._about('ID').title()} {self._target()}"

    def files(self, packages: tuple[str, ...], *, dependencies: bool) -> list[Path]:
        """Return the downloaded files of `packages`, with all dependencies if requested."""
        folder = self._root / f"{self._target()}-{self._architecture}"
        folder.mkdir(parents=True, exist_ok=True)
        with FileLock(folder / "lock", timeout=SECONDS):
            self._lay_out(folder)
            self._update(folder)
            chosen = [
                match
                for match in _INSTALLED.finditer(self._apt(folder, "install", "--simulate", *packages))
                if dependencies or match["name"] in packages
            ]
            archives = folder / "cache" / "archives"
            files = [archives / _file_name(match) for match in chosen]
            missing = [match for match, file in zip(chosen, files, strict=True) if not file.is_file()]
            if missing and dependencies:
                self._apt(folder, "install", "--download-only", *packages)
            elif missing:
                self._download(folder, archives, [f"{match['name']}={match['version']}" for match in missing])
            lost = [file.name for file in files if not file.is_file()]
            if lost:
                raise ValueError(f"apt did not download {lost[0]}")
        return files

    def _download(self, folder: Path, archives: Path, packages: list[str]) -> None:
        """Fetch without dependencies; apt writes these in place, so they are moved when they are complete."""
        partial = archives / "partial" / "alone"
        partial.mkdir(exist_ok=True)
        self._apt(folder, "download", *packages, cwd=partial)
        for file in partial.glob("*.deb"):
            file.replace(archives / file.name)

    def _update(self, folder: Path) -> None:
        stamp = folder / "updated"
        if stamp.is_file() and time.time() - stamp.stat().st_mtime < LISTS_SECONDS:
            return
        try:
            self._apt(folder, "update")
        except ValueError:
            if not stamp.is_file():
                raise
            return
        stamp.touch()

    def _lay_out(self, folder: Path) -> None:
        for name in ("state/lists/partial", "cache/archives/partial", "sources"):
            (folder / name).mkdir(parents=True, exist_ok=True)
        (folder / "state" / "status").touch()
        codename = self._about("VERSION_CODENAME")
        for source in self._sources(codename):
            text = re.sub(rf"(?<![\w-]){codename}(?=$|[\s/-])", self._target(), source.read_text("utf-8"))
            kept = folder / "sources" / source.name
            # With a newer date apt would read the lists again.
            if not kept.is_file() or kept.read_text("utf-8") != text:
                kept.write_text(text, "utf-8")

    def _sources(self, codename: str) -> list[Path]:
        """This machine's own sources for its own release, without those of third parties."""
        apt = Path("/etc/apt")
        found = [
            apt / "sources.list",
            *apt.glob("sources.list.d/*.sources"),
            *apt.glob("sources.list.d/*.list"),
        ]
        suite = re.compile(rf"(?<![\w-]){codename}(?![\w-])")
        return [source for source in found if source.is_file() and suite.search(source.read_text("utf-8"))]

    def _target(self) -> str:
        return self._debian_release if self._about("ID") == "debian" else self._about("VERSION_CODENAME")

    def _about(self, key: str) -> str:
        """One value of os-release(5)."""
        match = re.search(rf'^{key}="?([\w.-]+)"?$', Path("/etc/os-release").read_text("utf-8"), re.MULTILINE)
        if not match:
            raise ValueError("this machine does not run Debian and has no apt")
        return match[1]

    def _apt(self, folder: Path, *arguments: str, cwd: Path | None = None) -> str:
        settings = {
            "APT::Architecture": self._architecture,
            "APT::Architectures": self._architecture,
            "APT::Get::Assume-Yes": "true",
            "APT::Install-Recommends": "false",
            "APT::Sandbox::User": "root",
            "Acquire::Languages": "none",
            "Acquire::Retries": "2",
            "Dir::Cache": folder / "cache",
            # Container images of Debian switch these off, and then every call reads the lists again.
            "Dir::Cache::pkgcache": "pkgcache.bin",
            "Dir::Cache::srcpkgcache": "srcpkgcache.bin",
            "Dir::Etc::sourcelist": "/dev/null",
            "Dir::Etc::sourceparts": folder / "sources",
            "Dir::State": folder / "state",
            "Dir::State::status": folder / "state" / "status",
        }
        options = [option for key, value in settings.items() for option in ("-o", f"{key}={value}")]
        return run(["apt-get", *options, *arguments], cwd or folder, self._is_cancelled)


def _file_name(match: re.Match[str]) -> str:
    version = match["version"].replace(":", "%3a")
    return f"{match['name']}_{version}_{match['architecture']}.deb"
