"""Makes a folder with a newer Docker than this machine's: `dockerd` and buildx of a later Debian, with what they need.

`python -m tests.engine.support.newer_engine STORE` prints what a shell must set; `workshop engine up` then starts that
engine, with its images in STORE. Nothing is installed: the packages are unpacked in the user's cache.
"""

import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from filelock import FileLock
from platformdirs import user_cache_path

from grader.engine import private
from grader.engine.client import Engine
from grader.engine.connection import connect
from grader.engine.docker_command import OVERRIDE
from tests.engine.support.fetch_docker import SECONDS, UnfetchableError, apt_options, failing_as, run

RELEASE = "forky"
"""Docker 28.5 and buildx 0.29 in November 2026."""
PACKAGES = ("base-files", "docker.io", "docker-buildx", "procps")
"""`base-files` has the links of a merged /usr; the daemon runs `ps` for `docker top`."""
STORES = ("classic", "containerd")
DOCKERD = """\
#!/bin/bash
# In a mount namespace in which /usr is the newer release's, its daemon finds its own containerd, runc and libraries.
# Who waits for the daemon must see a process of that name all the time.
if [ "${{NAMESPACE_OF:-}}" != "$$" ]; then
  export NAMESPACE_OF=$$
  exec -a dockerd unshare --mount --propagation private "$0" "$@"
fi
set -eu
unset NAMESPACE_OF
[ ! -d /run/containerd ] || mount -t tmpfs containerd /run/containerd
[ -z "${{WITHOUT_PS:-}}" ] || mount --bind /dev/null {tree}/usr/bin/ps
mount --rbind {tree}/usr /usr
exec /usr/sbin/dockerd "$@" --feature containerd-snapshotter={is_containerd}
"""
BUILDX = """\
#!/bin/sh
# This machine's C library may be too old for the program, so it runs with its own.
exec {loader} --library-path {libraries} \\
  {tree}/usr/libexec/docker/cli-plugins/docker-buildx "$@"
"""


def newer_engine(store: str) -> Path:
    """Return a folder with the programs `dockerd`, whose images are in `store`, and `docker-buildx`.

    Raises:
        UnfetchableError: this is no Debian with a merged /usr, or its package source does not answer.

    """
    if not Path("/lib").is_symlink():
        raise UnfetchableError("This machine's /lib is not a link into /usr: the newer engine cannot run on it.")
    kept = user_cache_path("workshop-tests") / "docker"
    kept.mkdir(parents=True, exist_ok=True)
    tree = kept / f"{RELEASE}-engine"
    with FileLock(kept / "lock", timeout=SECONDS):
        if not tree.is_dir():
            with tempfile.TemporaryDirectory(dir=kept) as folder:
                _unpacked(Path(folder)).rename(tree)
        return _programs(kept / f"{RELEASE}-{store}", tree, store)


@contextmanager
def running_newer_engine(store: str) -> Iterator[Engine]:
    """Start the engine in addition to every other one, with a home of its own; at the end nothing of it is left."""
    programs = newer_engine(store)
    with tempfile.TemporaryDirectory(prefix="wk-") as home, pytest.MonkeyPatch.context() as patch:
        patch.setenv("WORKSHOP_HOME", home)
        patch.setenv("PATH", str(programs), prepend=os.pathsep)
        patch.setenv(OVERRIDE, str(programs / "docker-buildx"))
        try:
            engine = connect(private.up(announce=lambda _: None))
            assert engine.docker_command.route == "buildx"
            patch.undo()
            yield engine
            engine.close()
        finally:
            patch.setenv("WORKSHOP_HOME", home)
            private.down(announce=lambda _: None, purge=True)


def _unpacked(folder: Path) -> Path:
    """Fetch the packages with all that they depend on, as for a machine that has none, and unpack them."""
    with failing_as(f"Debian {RELEASE}'s Docker"):
        options = [*apt_options(RELEASE, folder), "-o", "Dir::State::status=/dev/null", "--yes"]
        run(["apt-get", *options, "update"], folder)
        run(["apt-get", *options, "--no-install-recommends", "--download-only", "install", *PACKAGES], folder)
        tree = folder / "tree"
        packages = sorted(
            (folder / "cache" / "archives").glob("*.deb"), key=lambda deb: not deb.name.startswith("base-")
        )
        for package in packages:  # base-files first: the links must be there before other packages fill the folders
            run(["dpkg-deb", "-x", str(package), str(tree)], folder)
    return tree


def _programs(folder: Path, tree: Path, store: str) -> Path:
    folder.mkdir(exist_ok=True)
    usr = tree / "usr"
    places = {
        "tree": tree,
        "is_containerd": str(store == "containerd").lower(),
        "loader": next(usr.glob("lib*/ld-linux-*.so.*")),
        "libraries": next(usr.glob("lib/*-linux-gnu*")),
    }
    for name, text in (("dockerd", DOCKERD), ("docker-buildx", BUILDX)):
        (folder / name).write_text(text.format(**places), encoding="utf-8")
        (folder / name).chmod(0o755)
    return folder


def main() -> int:
    """Print the shell's settings for one store."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("store", choices=STORES)
    try:
        folder = newer_engine(parser.parse_args().store)
    except (UnfetchableError, subprocess.SubprocessError) as error:
        sys.stderr.write(f"{error}\n")
        return 3
    sys.stdout.write(f'export PATH="{folder}:$PATH"\nexport WORKSHOP_DOCKER="{folder}/docker-buildx"\n')
    return 0


if __name__ == "__main__":
    sys.exit(main())
