"""Finds a `docker` command that can build with BuildKit. `build.py` builds with it.

BuildKit comes with the buildx plugin, or inside a docker command older than 23; a newer one without the plugin
refuses to build.
"""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from grader.codec import FormError, decode, encode
from grader.engine.docker_config import config_folder
from grader.engine.endpoint import Endpoint
from grader.errors import EngineUnavailableError, MachineError
from grader.user_folders import cache_folder

OVERRIDE = "WORKSHOP_DOCKER"
"""Names the command to use: a `docker`, or the buildx plugin itself."""
PROBE_SECONDS = 10.0
_USUAL_PLACES = (
    "/usr/bin/docker",
    "/usr/local/bin/docker",
    "/opt/homebrew/bin/docker",
    "~/.docker/bin/docker",
    "/Applications/Docker.app/Contents/Resources/bin/docker",
)
_PLUGIN_PLACES = (
    "/usr/local/lib/docker/cli-plugins",
    "/usr/local/libexec/docker/cli-plugins",
    "/usr/lib/docker/cli-plugins",
    "/usr/libexec/docker/cli-plugins",
)
_STEERING = re.compile(
    r"(?:BUILDX_|BUILDKIT_|DOCKER_BUILDKIT|DOCKER_CONTEXT|DOCKER_CONTENT_TRUST|DOCKER_DEFAULT_PLATFORM|OTEL_).*"
    r"|DOCKER_(?:TLS.*|CERT_PATH|API_VERSION|HOST)|SOURCE_DATE_EPOCH|EXPERIMENTAL_BUILDKIT_.*"
)
"""Variables by which a user's shell would change where and how the kit builds."""
_FIRST_WITHOUT_BUILDKIT = (23, 0)
_FIRST_WITH_BUILDKIT = (18, 9)
_FIRST_WITH_PROVENANCE = (0, 10)
_FIRST_WITH_RAWJSON = (0, 13)

Route = Literal["buildx", "cli"]


@dataclass(frozen=True, slots=True)
class DockerCommand:
    """A command that builds with BuildKit on the engine at `endpoint`.

    `version` is buildx's or the docker command's.
    """

    path: str
    route: Route
    version: str
    endpoint: Endpoint

    @property
    def host(self) -> str:
        """The engine's address."""
        return self.endpoint.host

    @property
    def program(self) -> tuple[str, ...]:
        """The arguments before `build`."""
        return (self.path, "buildx") if self.route == "buildx" and not _is_plugin(Path(self.path)) else (self.path,)

    @property
    def docker(self) -> str | None:
        """The docker command itself: if this is only the plugin, the one that a shell finds, if there is one."""
        return shutil.which("docker") if _is_plugin(Path(self.path)) else self.path

    @property
    def has_rawjson(self) -> bool:
        """Whether it reports its progress as data."""
        return self.route == "buildx" and _numbers(self.version) >= _FIRST_WITH_RAWJSON

    @property
    def has_provenance(self) -> bool:
        """Whether it adds a statement of provenance to the image if no option forbids it."""
        return self.route == "buildx" and _numbers(self.version) >= _FIRST_WITH_PROVENANCE


def plain_environment() -> dict[str, str]:
    """Return this process's environment without what would change which engine builds, or how."""
    return {name: value for name, value in os.environ.items() if not _STEERING.fullmatch(name)}


def find_docker_command(endpoint: Endpoint) -> DockerCommand:
    """Return the first command that can build with BuildKit on the engine at `endpoint`.

    `WORKSHOP_DOCKER` names the only one to try; else every `docker` on PATH is tried, then the usual places.

    Raises:
        EngineUnavailableError: there is none; the message says what to install.

    """
    known = _recall()
    named = os.environ.get(OVERRIDE)
    refused = []
    for path in [Path(named)] if named else _candidates():
        key = _key(path)
        found = known.get(key) or _probe(path)
        if found is None:
            refused.append(str(path))
            continue
        if key not in known:
            _remember({**known, key: found})
        return replace(found, endpoint=endpoint)
    raise EngineUnavailableError(*_what_and_advice(named, refused))


def _what_and_advice(named: str | None, refused: list[str]) -> tuple[str, str]:
    install = "install the Docker buildx plugin (package docker-buildx-plugin or docker-buildx)"
    if named:
        return f"{OVERRIDE}={named} cannot build with BuildKit", f"Name another docker command, or {install}."
    if refused:
        tried = ", ".join(refused)
        return f"No docker command here can build with BuildKit (tried {tried})", f"To fix this, {install}."
    return "There is no docker command on this machine", f"Install Docker's command line and {install}."


def _candidates() -> Iterator[Path]:
    seen = set()
    folders = [folder for folder in os.environ.get("PATH", "").split(os.pathsep) if folder]
    places = [*(os.path.join(folder, "docker") for folder in folders), *_USUAL_PLACES]  # noqa: PTH118 - strings in
    for place in places:
        path = Path(os.path.expanduser(place))  # noqa: PTH111 - pathlib raises if there is no home
        real = os.path.realpath(path)
        if real not in seen and os.path.isfile(path) and os.access(path, os.X_OK):  # noqa: PTH113 - pathlib raises
            seen.add(real)
            yield path


def _is_plugin(path: Path) -> bool:
    return path.stem == "docker-buildx"


def _probe(path: Path) -> DockerCommand | None:
    """Ask the command what it is; another program of that name, such as Podman's, answers otherwise."""
    buildx = _ask(path, "version") if _is_plugin(path) else _ask(path, "buildx", "version")
    match = re.match(r"github\.com/docker/buildx v?(\d\S*)", buildx)
    if match:
        return DockerCommand(str(path), "buildx", match[1], Endpoint(""))
    match = None if _is_plugin(path) else re.match(r"Docker version (\d[^,\s]*)", _ask(path, "--version"))
    if match and _FIRST_WITH_BUILDKIT <= _numbers(match[1]) < _FIRST_WITHOUT_BUILDKIT:
        return DockerCommand(str(path), "cli", match[1], Endpoint(""))
    return None


def _ask(path: Path, *arguments: str) -> str:
    try:
        asked = subprocess.run(
            [str(path), *arguments],
            env=plain_environment(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
            timeout=PROBE_SECONDS,
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return asked.stdout.decode("utf-8", "replace").strip() if asked.returncode == 0 else ""


def _numbers(version: str) -> tuple[int, int]:
    match = re.match(r"(\d+)\.(\d+)", version)
    return (int(match[1]), int(match[2])) if match else (0, 0)


# What was found, kept between runs: asking takes as long as a small build -------------------------------------------


def _key(path: Path) -> str:
    """Name a command by all that its answer depends on: the file itself and the places where it looks for plugins."""
    config = config_folder()
    places = [path, config / "config.json", config / "cli-plugins", *(Path(place) for place in _PLUGIN_PLACES)]
    return "\n".join(f"{place} {_stamp(place)}" for place in places)


def _stamp(path: Path) -> str:
    try:
        status = path.stat()
    except OSError:
        return "-"
    return f"{status.st_mtime_ns} {status.st_size}"


def _file() -> Path:
    return cache_folder() / "docker-commands.json"


def _recall() -> dict[str, DockerCommand]:
    """Return what was found before; a damaged file is ignored, because it is only a cache."""
    try:
        return decode(_file().read_bytes(), dict[str, DockerCommand])
    except (OSError, FormError, MachineError):
        return {}


def _remember(found: dict[str, DockerCommand]) -> None:
    kept = dict(list(found.items())[-8:])
    with suppress(OSError, MachineError):
        temporary = _file().with_suffix(f".{os.getpid()}")
        temporary.parent.mkdir(parents=True, exist_ok=True)
        temporary.write_bytes(encode(kept))
        temporary.replace(_file())
