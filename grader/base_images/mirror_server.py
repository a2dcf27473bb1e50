"""Runs an existing registry server (https://distribution.github.io/distribution/) on this machine for a while.

`mirror_images.py` fills it. It ends with the block that started it.
"""

import json
import os
import platform
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock

from grader.base_images.registry import Registry
from grader.base_images.stand_ins.fetch import MachineFetch, UnfetchableError
from grader.called import called
from grader.errors import MachineError
from grader.owners import own_folder
from grader.user_folders import cache_folder, data_folder

NAMES = ("docker-registry", "registry")
"""The program's name: in Debian and its derivatives, and from its makers."""
_PACKAGE = "docker-registry"
_START_SECONDS = 20.0
_END_SECONDS = 10.0
_PROBE_SECONDS = 10.0
_FETCH_SECONDS = 600.0
_POLL = 0.05
_ARCHITECTURES = {"x86_64": "amd64", "aarch64": "arm64", "arm64": "arm64"}


def store() -> Path:
    """Return where the mirror keeps its images."""
    return data_folder() / "mirror"


def find_server(tell: Callable[[str], None]) -> Path:
    """Return the registry server: an installed one, else Debian's, fetched into the user's cache.

    Raises:
        MachineError: none is available; the message says what to do.

    """
    for name in NAMES:
        found = shutil.which(name)
        if found and _is_server(Path(found)):
            return Path(found)
    kept = cache_folder() / "programs" / _PACKAGE
    program = kept / "usr" / "bin" / _PACKAGE
    if not program.is_file():
        tell(f"fetching the distribution's package {_PACKAGE}; nothing is installed ...")
        _fetch_server(kept)
    return program


@contextmanager
def serving(program: Path, address: str, *, read_only: bool) -> Iterator["Server"]:
    """Serve the store at `address` (HOST:PORT) as long as the block lasts.

    Raises:
        MachineError: it does not start; the message has its reason.

    """
    if _registry_at(address).answers():
        raise MachineError(f"A registry already answers at {address}. End that one, or use another port (--listen).")
    try:
        store().mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise MachineError(f"{store()} cannot be created: {error.strerror}.") from error
    with own_folder("mirror") as folder:
        configuration = Path(folder) / "config.yml"
        # JSON is YAML too.
        configuration.write_text(json.dumps(_settings(address, read_only=read_only)), encoding="utf-8")
        with (Path(folder) / "log").open("w+b") as log:
            process = subprocess.Popen(
                [str(program), "serve", str(configuration)],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env={**os.environ, "OTEL_TRACES_EXPORTER": "none"},
                start_new_session=True,
            )
            server = Server(process, Path(folder) / "log", address)
            try:
                server.wait_until_up()
                yield server
            finally:
                server.end()


class Server:
    """A running registry server."""

    def __init__(self, process: "subprocess.Popen[bytes]", log: Path, address: str) -> None:
        self._process = process
        self._log = log
        self.registry = _registry_at(address)

    def wait_until_up(self) -> None:
        """Wait until it answers.

        Raises:
            MachineError: it ended, or does not answer.

        """
        deadline = time.monotonic() + _START_SECONDS
        while self._process.poll() is None and time.monotonic() < deadline:
            if self.registry.answers():
                return
            time.sleep(_POLL)
        raise MachineError(f"The mirror cannot run at {self.registry.address}: {self._last_words()}.")

    def wait(self) -> None:
        """Wait until it ends, although it should not end.

        Raises:
            MachineError: it ended.

        """
        self._process.wait()
        raise MachineError(f"The mirror ended: {self._last_words()}.")

    def end(self) -> None:
        """End it."""
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)
        try:
            self._process.wait(_END_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _last_words(self) -> str:
        lines = self._log.read_text("utf-8", "replace").splitlines()
        said = [line for line in lines if line.strip()]
        line = said[-1] if said else "it gives no reason"
        return line.partition('msg="')[2].rstrip('" ') or line.strip()


def _settings(address: str, *, read_only: bool) -> dict[str, object]:
    return {
        "version": 0.1,
        "log": {"level": "warn", "accesslog": {"disabled": True}},
        "storage": {
            "filesystem": {"rootdirectory": str(store())},
            "maintenance": {"readonly": {"enabled": read_only}},
        },
        "http": {"addr": address},
    }


def _registry_at(address: str) -> Registry:
    """Return the registry that listens at `address`, with the address that this machine uses to reach it."""
    host, _, port = address.rpartition(":")
    host = {"": "127.0.0.1", "0.0.0.0": "127.0.0.1", "[::]": "[::1]"}.get(host, host)  # noqa: S104 - compared only
    return Registry(f"{host}:{port}")


def _is_server(program: Path) -> bool:
    """Whether it is the registry server; another program may be called `registry` too."""
    try:
        asked = subprocess.run(
            [str(program), "--version"],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
            timeout=_PROBE_SECONDS,
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return b"distribution" in asked.stdout


def _fetch_server(kept: Path) -> None:
    kept.parent.mkdir(parents=True, exist_ok=True)
    with (
        FileLock(kept.with_suffix(".lock"), timeout=_FETCH_SECONDS),
        tempfile.TemporaryDirectory(dir=kept.parent, prefix=".fetching-") as folder,
    ):
        if kept.is_dir():
            return
        try:
            whole = Path(folder) / "whole"
            whole.mkdir()
            MachineFetch(_ARCHITECTURES.get(platform.machine(), platform.machine())).debian(whole, _PACKAGE)
        except UnfetchableError as error:
            raise MachineError(
                f"There is no registry server here, and {error}. Install one ({_PACKAGE} on Debian and Ubuntu), or run "
                f"the image `registry` and fill it with `{called()} images mirror --into HOST:PORT`."
            ) from error
        whole.rename(kept)
