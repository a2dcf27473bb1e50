"""One engine: loading and saving images, builds, containers, and removing what a run left behind.

Docker's dictionaries become our types here and its exceptions become `KitError`s; nothing is judged here.
"""

from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import replace
from functools import cached_property
from http import HTTPStatus
from pathlib import Path
from typing import Any

from docker.api.client import APIClient
from docker.errors import APIError, ImageNotFound, NotFound

from grader.called import called
from grader.engine import build as building
from grader.engine.build_again import build_again
from grader.engine.condition import Condition, condition_of
from grader.engine.container import Container, laid_out, running
from grader.engine.cpu_share import measured_share
from grader.engine.docker_command import DockerCommand, find_docker_command
from grader.engine.endpoint import Endpoint
from grader.engine.faults import speaking
from grader.engine.image_transfer import load, name_and_tag, pull, save
from grader.engine.labels import KIT, RUN, is_abandoned
from grader.engine.model import BuildEnd, BuildRequest, BuildResult, BuildStep, EngineFacts, ImageInspection, RunRequest
from grader.engine.tried import lists_processes, reaches_ports
from grader.errors import EngineUnavailableError


class Engine:
    """A container engine that answered. Make one with `grader.engine.connection.connect`."""

    def __init__(
        self,
        api: APIClient,
        endpoint: Endpoint,
        version: Mapping[str, Any],
        info: Mapping[str, Any],
    ) -> None:
        self.host = endpoint.host
        self._api = api
        self._endpoint = endpoint
        self._version = version
        self._info = info

    @property
    def is_podman(self) -> bool:
        """Whether it is Podman, which answers Docker's clients and has no BuildKit."""
        components = self._version.get("Components") or []
        return any("podman" in str(part.get("Name", "")).lower() for part in components)

    @cached_property
    def docker_command(self) -> DockerCommand:
        """The `docker` command that builds on this engine.

        Raises:
            EngineUnavailableError: nothing can build with BuildKit on it; the message says what to do.

        """
        if self.is_podman:
            raise EngineUnavailableError(
                f"{self.host} is Podman, which cannot build with BuildKit, and the exercises are about BuildKit",
                f"Start Docker and name it in WORKSHOP_ENGINE, or run `{called()} engine up` (Linux, as root) for a "
                "private one.",
            )
        return find_docker_command(self._endpoint)

    @cached_property
    def facts(self) -> EngineFacts:
        """What this engine is."""
        return EngineFacts(
            name="podman" if self.is_podman else "docker",
            version=str(self._version.get("Version", "")),
            api_version=str(self._version.get("ApiVersion", "")),
            builder="buildkit",
            builder_version=self.docker_command.version,
            operating_system=str(self._info.get("OperatingSystem", "")),
            architecture=str(self._version.get("Arch", "")),
            storage_driver=str(self._info.get("Driver", "")),
        )

    def condition(self) -> Condition:
        """Return the state of its machine at this moment."""
        with self._speaking("looking at its machine"):
            return condition_of(self._version, self._api.info(), self._data_root, is_podman=self.is_podman)

    def _speaking(self, doing: str) -> AbstractContextManager[None]:
        return speaking(self.host, doing)

    def inspect_image(self, reference: str) -> ImageInspection | None:
        """Return what the engine reports about the image, or None if it has none with that reference."""
        with self._speaking(f"looking for {reference}"):
            try:
                raw: dict[str, Any] = self._api.inspect_image(reference)  # type: ignore[no-untyped-call]
            except ImageNotFound:
                return None
        config = raw.get("Config") or {}
        return ImageInspection(
            id=raw["Id"],
            diff_ids=tuple((raw.get("RootFS") or {}).get("Layers") or ()),
            entrypoint=tuple(config.get("Entrypoint") or ()),
            command=tuple(config.get("Cmd") or ()),
            environment=tuple(_pair(item) for item in config.get("Env") or ()),
            labels=tuple((config.get("Labels") or {}).items()),
            architecture=raw.get("Architecture", ""),
            tags=tuple(raw.get("RepoTags") or ()),
            size=int(raw.get("Size") or 0),
        )

    def image_references(self) -> tuple[str, ...]:
        """All `name:tag` references that the engine has."""
        with self._speaking("listing images"):
            images = self._api.images()
        return tuple(tag for image in images for tag in image.get("RepoTags") or () if tag != "<none>:<none>")

    def save(self, reference: str) -> Generator[bytes, None, None]:
        """Stream the image as `docker save` writes it; the stream has no way back, but can be closed early."""
        return save(self._api, self.host, reference)

    def load(self, chunks: Iterable[bytes]) -> None:
        """Load an archive as `docker save` writes it; its names appear when all of it has been read.

        An exception from reading `chunks` is passed on unchanged.
        """
        load(self._api, self.host, chunks)

    def pull(
        self, reference: str, *, deadline: float, on_progress: Callable[[str, int, int], None] | None = None
    ) -> None:
        """Pull `reference`; `on_progress` gets a layer's status, its bytes done, and its total bytes.

        Raises:
            ImageNotFoundError: a registry answers and has no such image.
            RegistryUnreachableError: no registry answers, or it sends nothing for `deadline` seconds.
            EngineUnavailableError: the engine went away.

        """
        pull(self._api, self._endpoint, reference, deadline, on_progress)

    def tag(self, reference: str, new: str) -> None:
        """Give the image `reference` the further name `new`."""
        with self._speaking(f"naming {new}"):
            self._api.tag(reference, *name_and_tag(new), force=True)

    def remove_image(self, reference: str) -> None:
        """Remove the image; it is no error if it is already gone."""
        with self._speaking(f"removing {reference}"), suppress(NotFound):
            self._api.remove_image(reference, force=True)

    def build(
        self,
        request: BuildRequest,
        on_step: Callable[[BuildStep], None] | None = None,
        is_cancelled: Callable[[], bool] = lambda: False,
    ) -> BuildResult:
        """Build with BuildKit; see `grader.engine.build`. An image without a layer is removed: nothing can read it."""
        share = lambda: measured_share(self.run, request)  # noqa: E731 - asked if its processes cannot be seen
        build = lambda request: building.build(  # noqa: E731 - tried again if it cannot start a process
            self.docker_command, request, on_step, self._data_root, is_cancelled, share
        )
        result = build_again(build, request, self.remove_image)
        image = self.inspect_image(request.tag) if result.built else None
        if image is None or image.diff_ids:
            return result
        self.remove_image(request.tag)
        return replace(result, end=BuildEnd.EMPTY, image_id=None)

    @property
    def _data_root(self) -> Path | None:
        """Where the engine keeps its data, if that is a folder of this machine."""
        root = Path(str(self._info.get("DockerRootDir") or "/nowhere"))
        return root if self.host.startswith("unix://") and root.is_dir() else None

    @contextmanager
    def run(self, request: RunRequest) -> Iterator[Container]:
        """Start a container; it is removed at the end, whatever happens in between."""
        cpus = int(self._info.get("NCPU") or 1)
        with running(self._api, self.host, request, cpus, lambda: self.reaches_ports) as container:
            yield container

    @cached_property
    def reaches_ports(self) -> bool | None:
        """Whether a port that it publishes can be reached from here; None if that cannot be tried."""
        return reaches_ports(self.host, self.image_references(), self._start)

    @cached_property
    def lists_processes(self) -> bool | None:
        """Whether the users of a container's processes can be seen; None if there is no image to try it with."""
        return lists_processes(self.image_references(), self._start)

    def _start(self, request: RunRequest) -> AbstractContextManager[Container]:
        return running(self._api, self.host, request)

    @contextmanager
    def lay_out(self, request: RunRequest) -> Iterator[Container]:
        """Create a container that is never started, to read files of its image; it is removed at the end."""
        with laid_out(self._api, self.host, request) as container:
            yield container

    def remove_leftovers(self, run: str | None = None) -> int:
        """Remove the containers and images of `run`, or of all processes that are gone; return how many."""
        wanted = {"label": f"{RUN}={run}" if run else KIT}
        with self._speaking("removing leftovers"):
            containers = _abandoned(self._api.containers(all=True, filters=wanted), run)
            count = sum(self._removed(self._api.remove_container, identity, v=True) for identity in containers)
            images = _abandoned(self._api.images(filters=wanted), run)
            return count + sum(self._removed(self._api.remove_image, identity) for identity in images)

    def _removed(self, remove: Callable[..., object], identity: str, **options: bool) -> bool:
        """Remove one thing, unless another process still uses it, has removed it, or is removing it."""
        try:
            remove(identity, force=True, **options)
        except APIError as error:
            if error.status_code in (HTTPStatus.NOT_FOUND, HTTPStatus.CONFLICT):
                return False
            raise
        return True

    def close(self) -> None:
        """Close the connections."""
        self._api.close()


def _abandoned(found: Iterable[Mapping[str, Any]], run: str | None) -> list[str]:
    return [raw["Id"] for raw in found if run or is_abandoned(raw.get("Labels") or {})]


def _pair(item: str) -> tuple[str, str]:
    name, _, value = item.partition("=")
    return name, value
