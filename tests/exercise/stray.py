"""Puts into a folder what is found in people's folders: none of it is part of an exercise."""

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

NOBODY = 65534
FILES = (".DS_Store", "server.log", "scratch.go", "web/.DS_Store", "node_modules/a/index.js", "web/dist/a.js", ".git/x")


def strew(folder: Path) -> None:
    """Put logs, caches, a repository, a pipe, a socket, a link to nothing and a folder without rights there."""
    for name in FILES:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("stray\n")
    os.mkfifo(folder / "pipe")
    (folder / "link").symlink_to("nowhere")
    with TemporaryDirectory(dir="/tmp") as short, socket.socket(socket.AF_UNIX) as listening:
        listening.bind(f"{short}/socket")  # a socket's path must be short
        Path(short, "socket").rename(folder / "socket")
    (folder / "locked").mkdir(mode=0o000)


@contextmanager
def without_rights() -> Iterator[Path]:
    """Give a folder, and become nobody, whose it is, if we are root: root may read every folder."""
    own = os.geteuid()
    with TemporaryDirectory() as name:
        if own == 0:
            os.chown(name, NOBODY, -1)
            os.seteuid(NOBODY)
        try:
            yield Path(name)
        finally:
            os.seteuid(own)
            for locked in Path(name).rglob("locked"):
                locked.chmod(0o755)
