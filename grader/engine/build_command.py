"""One build as a command: its arguments, its environment and the temporary files it needs, which are always removed.

Secret values never show in the list of processes. `build.py` runs the command.
"""

import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from grader.engine.docker_command import DockerCommand, plain_environment
from grader.engine.docker_config import read_config
from grader.engine.model import BuildRequest
from grader.errors import MachineError
from grader.owners import own_folder

_NOT_FOR_ARGUMENTS = re.compile(r"(?:DOCKER|BUILDKIT|BUILDX|LD|GO|SSH|XDG)[A-Z0-9_]*|.*PROXY", re.IGNORECASE)
"""Names that mean something to the docker command itself; such a build argument is passed in the open."""


@dataclass(frozen=True, slots=True)
class BuildInvocation:
    """What to start, and the file in which the command leaves the image's ID."""

    arguments: tuple[str, ...]
    environment: Mapping[str, str]
    iid_file: Path

    def image_id(self) -> str | None:
        """The ID of the image that was built."""
        try:
            return self.iid_file.read_text(encoding="ascii").strip() or None
        except (OSError, ValueError):
            return None


@contextmanager
def invocation(command: DockerCommand, request: BuildRequest) -> Iterator[BuildInvocation]:
    """Write the files that the build needs into a directory of its own; remove it at the end.

    Raises:
        MachineError: they cannot be written.

    """
    try:
        folder = own_folder("build")
    except OSError as error:
        raise _cannot_write(error) from error
    with folder as name:
        try:
            secrets = _write_secrets(Path(name), request.secrets)
            environment = {**_environment(command, Path(name)), **_settings(Path(name) / "docker")}
        except OSError as error:
            raise _cannot_write(error) from error
        build_args, passed = _build_args(request, environment)
        iid_file = Path(name) / "iid"
        options = (*_options(request, iid_file), *build_args, *secrets)
        arguments = (*_program(command), *options, str(request.context))
        yield BuildInvocation(arguments, {**environment, **passed}, iid_file)


def _program(command: DockerCommand) -> tuple[str, ...]:
    if command.route == "cli":
        return (*command.program, "build", "--progress=plain")
    options = ["--builder=default", "--progress=rawjson" if command.has_rawjson else "--progress=plain"]
    if command.has_provenance:
        options.append("--provenance=false")
    return (*command.program, "build", *options)


def _options(request: BuildRequest, iid_file: Path) -> Iterator[str]:
    yield f"--tag={request.tag}"
    yield f"--file={request.context / request.dockerfile}"
    yield f"--iidfile={iid_file}"
    yield f"--network={request.network}"
    if request.target is not None:
        yield f"--target={request.target}"
    if request.platform is not None:
        yield f"--platform={request.platform}"
    if request.no_cache:
        yield "--no-cache"
    for name, value in request.labels.items():
        yield f"--label={name}={value}"


def _build_args(request: BuildRequest, environment: Mapping[str, str]) -> tuple[tuple[str, ...], dict[str, str]]:
    """Pass values in the environment, so that no other user can read them in the list of processes."""
    options: list[str] = []
    passed: dict[str, str] = {}
    for name, value in request.build_args.items():
        if name in environment or _NOT_FOR_ARGUMENTS.fullmatch(name):
            options.append(f"--build-arg={name}={value}")
        else:
            options.append(f"--build-arg={name}")
            passed[name] = value
    if request.cache_mount_namespace is not None:
        options.append(f"--build-arg=BUILDKIT_CACHE_MOUNT_NS={request.cache_mount_namespace}")
    return tuple(options), passed


def _write_secrets(folder: Path, secrets: Mapping[str, bytes]) -> tuple[str, ...]:
    options = []
    for number, (name, content) in enumerate(secrets.items()):
        path = folder / f"secret-{number}"
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(content)
        options.append(f"--secret=id={name},src={path}")
    return tuple(options)


def _environment(command: DockerCommand, folder: Path) -> dict[str, str]:
    environment = {**plain_environment(), **command.endpoint.environment}
    environment["DOCKER_CLI_HINTS"] = "false"
    environment["NO_COLOR"] = "1"
    if command.route == "cli":
        environment["DOCKER_BUILDKIT"] = "1"
    else:
        # A state directory of its own: a builder that the user chose, or a broken one, then changes nothing.
        environment["BUILDX_CONFIG"] = str(folder / "buildx")
    return environment


def _settings(folder: Path) -> dict[str, str]:
    """Give the command its user's settings without credentials if a program that keeps these is missing.

    It would ask that program, and fail. A build here needs no credentials: its base images are in the engine.
    """
    config = read_config()
    if not config.missing_helpers:
        return {}
    folder.mkdir()
    (folder / "config.json").write_text(config.without_credentials(), encoding="utf-8")
    (folder / "cli-plugins").symlink_to(config.file.parent.absolute() / "cli-plugins")
    return {"DOCKER_CONFIG": str(folder)}


def _cannot_write(error: OSError) -> MachineError:
    return MachineError(f"Temporary files for a build cannot be written: {error.strerror or error}. Free some space.")
