"""What a docker command that somebody types needs, so that it works on the kit's engine as the kit itself does."""

import os
import shlex
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from grader.engine.connection import docker_host
from grader.engine.docker_command import DockerCommand
from grader.errors import EngineUnavailableError

HOST = "DOCKER_HOST"
BUILDKIT = "DOCKER_BUILDKIT"
_SOCKET = "unix://"


class Reached(Protocol):
    """The part of an engine that tells where it answers and which command builds on it."""

    @property
    def host(self) -> str:
        """Its address."""

    @property
    def docker_command(self) -> DockerCommand:
        """The command that builds on it."""


@dataclass(frozen=True, slots=True)
class ByHand:
    """The docker command that works on the engine, and the variables that it needs and this process does not have."""

    program: str
    variables: Mapping[str, str]

    @property
    def export_line(self) -> str:
        """The one line to type in a shell, after which `docker` is this command; empty if it is so already."""
        parts = [f"{name}={shlex.quote(value)}" for name, value in self.variables.items()]
        if shutil.which("docker") != self.program:
            parts.append(f'PATH={shlex.quote(str(Path(self.program).parent))}:"$PATH"')
        return f"export {' '.join(parts)}" if parts else ""


def by_hand(engine: Reached) -> ByHand:
    """Find the docker command for `engine`, and what to set for it.

    Raises:
        EngineUnavailableError: there is no docker command that can build there.

    """
    command = engine.docker_command
    program = command.docker
    if program is None:
        raise EngineUnavailableError("There is no docker command on this machine", "Install Docker's command line.")
    variables = {}
    if not _is_same(docker_host(), engine.host):
        variables[HOST] = engine.host
    if command.route == "cli" and os.environ.get(BUILDKIT) != "1":
        variables[BUILDKIT] = "1"
    return ByHand(program, variables)


def _is_same(one: str, other: str) -> bool:
    """Whether two addresses are one; /var/run is often a link to /run."""
    if one.startswith(_SOCKET) and other.startswith(_SOCKET):
        return os.path.realpath(one.removeprefix(_SOCKET)) == os.path.realpath(other.removeprefix(_SOCKET))
    return one == other
