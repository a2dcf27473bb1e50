"""The engine and the command that builds on it: what they are, and whether their machine is big and sane enough."""

import platform
from collections.abc import Sequence
from datetime import datetime, timezone
from typing import Protocol

from grader.doctor.finding import Diagnosis, State
from grader.engine import private
from grader.engine.client import Engine
from grader.engine.condition import Condition
from grader.engine.docker_config import read_config

_MEMORY_FAIL, _MEMORY_WARN = 900_000_000, 1_900_000_000
"""Go's compiler and linker take half a gigabyte, and a container under test may have another half."""
_SKEW_SECONDS = 5.0
_NO_PS = Diagnosis(
    "processes",
    State.FAIL,
    "the engine cannot list a container's processes: which user runs it cannot be judged",
    "Install `ps` where the engine runs: the package is called procps, or procps-ng.",
)
_NATIVE = {"x86_64": "amd64", "AMD64": "amd64", "aarch64": "arm64"}


class Conditioned(Protocol):
    """The part of an engine that tells how it is."""

    @property
    def host(self) -> str:
        """Its address."""

    def condition(self) -> Condition:
        """Say how its machine is at this moment."""


def engine_found(engine: Conditioned) -> Diagnosis:
    """Say which engine answers and where."""
    condition = engine.condition()
    seen = f"{condition.name} {condition.version} at {engine.host}, {condition.architecture}"
    if condition.name == "podman":
        return Diagnosis(
            "engine", State.FAIL, seen, "Podman has no BuildKit: start Docker and name it in WORKSHOP_ENGINE."
        )
    machine = _NATIVE.get(platform.machine(), platform.machine())
    if machine != condition.architecture:
        return Diagnosis(
            "engine", State.WARN, f"{seen} on a machine that is {machine}", "Builds are emulated, and slow."
        )
    return Diagnosis("engine", State.OK, seen)


def builder(engine: Engine) -> Diagnosis:
    """Say which command builds."""
    command = engine.docker_command
    kind = "buildx" if command.route == "buildx" else "the docker command's own BuildKit"
    return Diagnosis("builder", State.OK, f"{kind} {command.version} ({command.path})")


def credentials() -> Sequence[Diagnosis]:
    """Say which programs the user's settings ask for credentials, and are not there; without them nothing is wrong."""
    config = read_config()
    if not config.missing_helpers:
        return ()
    seen = (
        f"{config.file} names {', '.join(config.missing_helpers)}, which is not on PATH: images are asked for without"
    )
    advice = "If you need a private registry, install it. If not, take `credsStore` or `credHelpers` out of that file."
    return (Diagnosis("credentials", State.WARN, seen, advice),)


def ports(engine: Engine) -> Sequence[Diagnosis]:
    """Say whether containers can be asked; without an image to try it with, nothing is said."""
    if engine.reaches_ports is None:
        return ()
    if engine.reaches_ports:
        return (Diagnosis("ports", State.OK, "a container's published port answers"),)
    seen = "the ports that the engine publishes cannot be reached from here: it is in another network"
    advice = "Run the workshop where the engine runs, or in a container with `--network host`."
    return (Diagnosis("ports", State.FAIL, seen, advice),)


def processes(engine: Engine) -> Sequence[Diagnosis]:
    """Say if the engine cannot list a container's processes; without an image to try it with, nothing is said."""
    return () if engine.lists_processes is not False else (_NO_PS,)


def memory(condition: Condition) -> Diagnosis:
    """Judge the memory that the engine has, which on Docker Desktop is what its settings give it."""
    seen = f"{condition.memory / 1e9:.1f} GB and {condition.cpus} CPUs for the engine"
    if condition.memory >= _MEMORY_WARN:
        return Diagnosis("memory", State.OK, seen)
    state = State.FAIL if condition.memory < _MEMORY_FAIL else State.WARN
    return Diagnosis("memory", state, seen, "Give the engine 2 GB or more (Docker Desktop: Settings, Resources).")


def clock(engine: Conditioned) -> Diagnosis:
    """Compare this machine's clock with the engine's: a virtual machine that slept may be hours behind."""
    before = datetime.now(timezone.utc)
    theirs = engine.condition().clock
    after = datetime.now(timezone.utc)
    if theirs is None:
        return Diagnosis("clock", State.OK, "the engine does not tell its time")
    # Between the two is no skew: that is how long the answer took.
    skew = max((before - theirs).total_seconds(), (theirs - after).total_seconds(), 0.0)
    if skew <= _SKEW_SECONDS:
        return Diagnosis("clock", State.OK, f"the engine's differs by {skew:.1f} s")
    ahead = "ahead" if theirs > after else "behind"
    return Diagnosis(
        "clock",
        State.WARN,
        f"the engine's is {skew:.0f} s {ahead}",
        "Set this machine's clock, or restart Docker: certificates and build caches go by the time.",
    )


def limits(engine: Conditioned) -> Diagnosis:
    """Say whether a container, and on a private engine a build, can be held to its share."""
    condition = engine.condition()
    seen = f"control groups {condition.control_groups}"
    lacking = [
        kind
        for kind, has in (("memory", condition.limits_memory), ("processes", condition.limits_processes))
        if not has
    ]
    if lacking:
        return Diagnosis(
            "limits",
            State.WARN,
            f"{seen}; no limit of {' and '.join(lacking)} for containers",
            "Grade only what you trust here, or use an engine whose kernel has these controllers.",
        )
    if engine.host != private.host():
        return Diagnosis("limits", State.OK, f"{seen}; containers are limited, builds as this engine is set up")
    allowed = private.process_limit()
    if allowed is None:
        return Diagnosis(
            "limits",
            State.WARN,
            f"{seen}; builds may start any number of processes",
            "Grade only what you trust here: this machine's control groups cannot be written.",
        )
    return Diagnosis("limits", State.OK, f"{seen}; builds and containers have {allowed} processes among them")
