"""Requests to an engine and its answers, as data. Docker's dictionaries become these at the border."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path

from grader.engine.plain_text import plain_text
from grader.engine.silence import Silence, StartRefusal


class BuildEnd(str, Enum):
    """How a build ended. All values but `BUILT` are the submission's fault; the machine's faults are raised."""

    BUILT = "built"
    FAILED = "failed"
    DEADLINE = "deadline"
    LOG_FLOOD = "log-flood"
    EMPTY = "empty"
    """Every step was made, and there is no layer: nothing was put onto an empty base."""


@dataclass(frozen=True, slots=True)
class BuildRequest:
    """One build. `dockerfile` is relative to `context`; times are seconds, sizes bytes; secrets map id to content.

    `deadline` is how much time the build's steps may use themselves, see `grader.engine.own_time`. `bases` are images
    that it starts from: one with a shell serves to measure how busy an engine is that cannot be looked into.
    """

    context: Path
    tag: str
    dockerfile: str = "Dockerfile"
    target: str | None = None
    platform: str | None = None
    build_args: Mapping[str, str] = field(default_factory=dict)
    secrets: Mapping[str, bytes] = field(default_factory=dict)
    labels: Mapping[str, str] = field(default_factory=dict)
    network: str = "none"
    no_cache: bool = False
    cache_mount_namespace: str | None = None
    deadline: float = 300.0
    bases: tuple[str, ...] = ()
    log_cap: int = 4_000_000


@dataclass(frozen=True, slots=True)
class BuildStep:
    """One vertex of the build graph that stands for an instruction.

    `stage` is the stage's name as BuildKit prints it (`builder`, `stage-1`), `number` the step number within it,
    `instruction` the text after the bracket. `log` is the step's output, cut at the cap, without control characters.
    `ended` is false for a step that was still running when the build was cancelled.
    """

    name: str
    stage: str
    number: int | None
    instruction: str
    cached: bool
    seconds: float
    log: str
    error: str = ""
    ended: bool = True


@dataclass(frozen=True, slots=True)
class BuildResult:
    """How a build went. `error` is BuildKit's own message and `line` the Dockerfile line that it names, if any.

    `seconds` is wall time; `used` are the seconds that count for its deadline.
    """

    end: BuildEnd
    image_id: str | None
    steps: tuple[BuildStep, ...]
    seconds: float
    error: str = ""
    line: int | None = None
    used: float = 0.0

    @property
    def built(self) -> bool:
        """Whether there is an image."""
        return self.end is BuildEnd.BUILT

    @property
    def cached(self) -> int:
        """How many steps came from the layer cache."""
        return sum(step.cached for step in self.steps)


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits of a container: bytes of memory, processes, CPUs."""

    memory: int = 512_000_000
    pids: int = 256
    cpus: float = 2.0


@dataclass(frozen=True, slots=True)
class RunRequest:
    """One container. `port` is the container's TCP port to publish on loopback.

    `arguments` replace the image's CMD and `entrypoint` its ENTRYPOINT; None keeps the image's.
    `health_interval` is the number of seconds between two health checks: if it is set, checks may take long, and three
    failures in a row count from the start. None keeps the image's own pace. Without `networked` the container only has
    its own loopback. `beside` is the id of a running container: the new one sees its network and its processes.
    """

    image: str
    port: int | None = None
    arguments: tuple[str, ...] | None = None
    entrypoint: tuple[str, ...] | None = None
    environment: Mapping[str, str] = field(default_factory=dict)
    labels: Mapping[str, str] = field(default_factory=dict)
    limits: Limits = field(default_factory=Limits)
    health_interval: float | None = None
    networked: bool = True
    beside: str = ""


@dataclass(frozen=True, slots=True)
class Exchange:
    """One HTTP request and what came back; without a `status` there was no answer, and `silence` says what happened."""

    path: str
    status: int | None
    body: bytes = b""
    silence: Silence | None = None

    @property
    def text(self) -> str:
        """The body as text that is safe to show: bytes that are not UTF-8 are replaced, terminal escapes taken out."""
        return plain_text(self.body.decode("utf-8", "replace"))


@dataclass(frozen=True, slots=True)
class Exit:
    """How a container ended: exit code, whether it was killed after the grace period, seconds it took itself, log.

    A container that was never started has a `refusal` and no log; its code is that of `docker run`: 125 to 127.
    """

    code: int
    killed: bool
    seconds: float
    log: str
    refusal: StartRefusal | None = None


@dataclass(frozen=True, slots=True)
class EngineFacts:
    """What an engine is. `name` is `docker` or `podman`, `builder_version` is the building command's."""

    name: str
    version: str
    api_version: str
    builder: str
    builder_version: str
    operating_system: str
    architecture: str
    storage_driver: str


@dataclass(frozen=True, slots=True)
class ImageInspection:
    """What the engine reports about an image it has; nothing here needs the image to be saved.

    `size` is in bytes as the engine counts them. Only show it, never compare it: image stores count differently.
    """

    id: str
    diff_ids: tuple[str, ...]
    entrypoint: tuple[str, ...]
    command: tuple[str, ...]
    environment: tuple[tuple[str, str], ...]
    labels: tuple[tuple[str, str], ...]
    architecture: str
    tags: tuple[str, ...]
    size: int = 0
