"""Where the private engine keeps its things, and what it is called. Nothing is made or removed here."""

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path

from grader.errors import UsageError

HOME = "WORKSHOP_HOME"
"""Names a folder for everything of a private engine, so that a second one can run next to the usual one."""
_SOCKET_PATH_LIMIT = 107
"""Bytes of a socket's path on Linux (`sun_path`, without its closing zero)."""


@dataclass(frozen=True, slots=True)
class Places:
    """The folders and names of one private engine. `name` is the name of its bridge and of its containerd namespace."""

    name: str
    run: Path
    data_root: Path

    @property
    def socket(self) -> Path:
        """The socket where it answers."""
        return self.run / "docker.sock"

    @property
    def host(self) -> str:
        """Its address, as `DOCKER_HOST` takes it."""
        return f"unix://{self.socket}"

    @property
    def exec_root(self) -> Path:
        """State of what runs: containerd's socket, containers' processes."""
        return self.run / "exec"

    @property
    def pidfile(self) -> Path:
        """Written by dockerd."""
        return self.run / "docker.pid"

    @property
    def config(self) -> Path:
        """The daemon's configuration; its path on a command line tells this engine's daemon from any other."""
        return self.run / "daemon.json"

    @property
    def log(self) -> Path:
        """What dockerd has written since its last start."""
        return self.run / "dockerd.log"

    @property
    def lock(self) -> Path:
        """Locked while the engine is being started or stopped."""
        return self.run / "lock"

    @property
    def marker(self) -> Path:
        """Says that we may delete the data root."""
        return self.data_root / "made-by-the-workshop"


def places() -> Places:
    """Return the usual places, or those under `WORKSHOP_HOME`."""
    named = os.environ.get(HOME)
    if not named:
        return Places("workshop0", Path("/run/workshop"), Path("/var/lib/workshop-engine"))
    home = Path(named).expanduser().resolve()
    digest = hashlib.sha256(os.fsencode(home)).hexdigest()[:6]
    return Places(f"workshop-{digest}", home / "engine-run", home / "engine-data")


def require_short_paths(here: Places) -> None:
    """Check that the paths are short enough for sockets.

    Raises:
        UsageError: `WORKSHOP_HOME` is too long a path.

    """
    longest = here.exec_root / "containerd" / "containerd-debug.sock"
    if len(os.fsencode(longest)) > _SOCKET_PATH_LIMIT:
        raise UsageError(f"{HOME}={here.run.parent} is too long a path for sockets. Name a folder with a shorter path.")
