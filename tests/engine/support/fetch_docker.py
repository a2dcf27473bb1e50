"""Fetches the docker programs that the tests of builds need and this machine lacks, as Debian packages.

`python tests/engine/support/fetch_docker.py` fetches all; they are kept in the user's cache and nothing is installed.
"""

import argparse
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock
from platformdirs import user_cache_path


@dataclass(frozen=True)
class Part:
    """A file out of a package of one Debian release."""

    release: str
    package: str
    file: str


PARTS = {
    "buildx": Part("trixie", "docker-buildx", "usr/libexec/docker/cli-plugins/docker-buildx"),
    "cli": Part("bookworm", "docker.io", "usr/bin/docker"),
    "newer-cli": Part("trixie", "docker-cli", "usr/bin/docker"),
    "newer-engine": Part("trixie", "docker.io", "usr/sbin/dockerd"),
    "busybox": Part("bookworm", "busybox-static", "bin/busybox"),
}
SECONDS = 300


class UnfetchableError(Exception):
    """What is needed is not available on this machine; the message says how to get it by hand."""


def fetch(name: str) -> Path:
    """Return the file of the part `name`, fetching its package the first time.

    Raises:
        UnfetchableError: this is no Debian, or its package source does not answer.

    """
    part = PARTS[name]
    kept = user_cache_path("workshop-tests") / "docker" / f"{part.release}-{part.package}"
    file = kept / part.file
    if file.is_file():
        return file
    kept.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(kept.parent / "lock", timeout=SECONDS):
        if not file.is_file():
            with tempfile.TemporaryDirectory(dir=kept.parent) as folder:
                unpacked = _unpacked(part, Path(folder))
                unpacked.rename(kept)
    return file


def _unpacked(part: Part, folder: Path) -> Path:
    with failing_as(f"{part.file} of Debian {part.release}'s package {part.package}"):
        options = apt_options(part.release, folder)
        run(["apt-get", *options, "update"], folder)
        run(["apt-get", *options, "download", part.package], folder)
        [package] = folder.glob("*.deb")
        run(["dpkg-deb", "-x", str(package), str(folder / "unpacked")], folder)
        if not (folder / "unpacked" / part.file).is_file():
            raise UnfetchableError(f"The package {part.package} of Debian {part.release} has no {part.file}.")
    return folder / "unpacked"


@contextmanager
def failing_as(what: str) -> Iterator[None]:
    """Say of any error that `what` cannot be fetched."""
    try:
        yield
    except (OSError, ValueError, subprocess.SubprocessError) as error:
        raise UnfetchableError(
            f"{what} cannot be fetched ({error}): run {Path(__file__).name} where Debian's packages can be reached."
        ) from error


def apt_options(release: str, folder: Path) -> list[str]:
    """Give apt a root of its own whose only sources are this machine's, pointed at `release`."""
    for name in ("state/lists/partial", "cache/archives/partial", "sources"):
        (folder / name).mkdir(parents=True)
    for source in _sources():
        text = re.sub(rf"\b{_codename()}\b", release, source.read_text(encoding="utf-8"))
        (folder / "sources" / source.name).write_text(text, encoding="utf-8")
    settings = {
        "Dir::State": folder / "state",
        "Dir::State::status": "/var/lib/dpkg/status",
        "Dir::Cache": folder / "cache",
        "Dir::Etc::sourcelist": "/dev/null",
        "Dir::Etc::sourceparts": folder / "sources",
        "APT::Sandbox::User": "root",
    }
    return [option for key, value in settings.items() for option in ("-o", f"{key}={value}")]


def _sources() -> list[Path]:
    apt = Path("/etc/apt")
    found = [
        apt / "sources.list",
        *(apt / "sources.list.d").glob("*.sources"),
        *(apt / "sources.list.d").glob("*.list"),
    ]
    return [source for source in found if source.is_file() and _codename() in source.read_text(encoding="utf-8")]


def _codename() -> str:
    match = re.search(r"^VERSION_CODENAME=(\w+)$", Path("/etc/os-release").read_text(encoding="utf-8"), re.MULTILINE)
    if not match:
        raise ValueError("this is no Debian")
    return match[1]


def run(arguments: list[str], folder: Path) -> None:
    """Run a program in `folder`; its first error becomes a `ValueError`."""
    environment = {**os.environ, "LC_ALL": "C"}
    done = subprocess.run(
        arguments, cwd=folder, env=environment, capture_output=True, text=True, check=False, timeout=SECONDS
    )
    if done.returncode != 0:
        said = [line for line in done.stderr.splitlines() if line.startswith("E: ")] or ["no reason given"]
        raise ValueError(f"{arguments[0]}: {said[0]}")


def main() -> int:
    """Fetch what is named, or all of it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("name", nargs="*", default=list(PARTS), help=", ".join(PARTS))
    try:
        for name in parser.parse_args().name:
            sys.stdout.write(f"{name}: {fetch(name)}\n")
    except UnfetchableError as error:
        sys.stderr.write(f"{error}\n")
        return 3
    return 0


if __name__ == "__main__":
    sys.exit(main())
