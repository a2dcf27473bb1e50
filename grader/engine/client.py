"""One engine: images in and out, builds, containers, and what a run left behind.

Docker's dictionaries become our types here and its exceptions become `KitError`s; nothing is judged here.
"""

import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from functools import cached_property
from typing import Any

from docker.api.client import APIClient
from docker.errors import APIError, DockerException, ImageNotFound, NotFound
from requests.exceptions import RequestException
from urllib3.exceptions import HTTPError

from grader.engine import build as building
from grader.engine.container import Container, running
from grader.engine.docker_command import DockerCommand, find_docker_command
from grader.engine.faults import RegistryUnreachableError, machine_error, pull_error, speaking
from grader.engine.labels import KIT, is_abandoned
from grader.engine.model import BuildRequest, BuildResult, BuildStep, EngineFacts, ImageInspection, RunRequest

SAVE_CHUNK = 1 << 20


class Engine:
    """A container engine that answered. Make one with `grader.engine.connection.connect`."""

    def __init__(self, api: APIClient, host: str, version: Mapping[str, Any], info: Mapping[str, Any]) -> None:
        self.host = host
        self._api = api
        self._version = version
        self._info = info

    @cached_property
    def docker_command(self) -> DockerCommand:
        """The `docker` command that builds on this engine."""
        return find_docker_command(self.host)

    @cached_property
    def facts(self) -> EngineFacts:
        """What this engine is."""
        components = self._version.get("Components") or []
        podman = any("podman" in str(part.get("Name", "")).lower() for part in components)
        return EngineFacts(
            name="podman" if podman else "docker",
            version=str(self._version.get("Version", "")),
            api_version=str(self._version.get("ApiVersion", "")),
            builder="buildkit",
            builder_version=self.docker_command.version,
            operating_system=str(self._info.get("OperatingSystem", "")),
            architecture=str(self._version.get("Arch", "")),
            storage_driver=str(self._info.get("Driver", "")),
        )

    def _speaking(self, doing: str) -> AbstractContextManager[None]:
        return speaking(self.host, doing)

    def inspect_image(self, reference: str) -> ImageInspection | None:
        """Return what the engine says of the image, or None if it has none under that reference."""
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
        )

    def image_references(self) -> tuple[str, ...]:
        """All `name:tag` references that the engine has."""
        with self._speaking("listing images"):
            images = self._api.images()
        return tuple(tag for image in images for tag in image.get("RepoTags") or () if tag != "<none>:<none>")

    def save(self, reference: str) -> Iterator[bytes]:
        """Stream the image as `docker save` writes it; the stream cannot be rewound."""
        with self._speaking(f"saving {reference}"):
            yield from self._api.get_image(reference, chunk_size=SAVE_CHUNK)

    def load(self, chunks: Iterable[bytes]) -> None:
        """Load an archive as `docker save` writes it; its names appear once all of it has been read."""
        with self._speaking("loading an image"):
            for message in self._api.load_image(_Chunked(chunks)):  # type: ignore[no-untyped-call]
                if "error" in message:
                    raise machine_error(str(message["error"]), "loading an image")

    def pull(
        self, reference: str, *, deadline: float, on_progress: Callable[[str, int, int], None] | None = None
    ) -> None:
        """Pull `reference`; `on_progress` gets a layer's status with its bytes done and in all.

        Raises:
            ImageNotFoundError: a registry answers and has no such image.
            RegistryUnreachableError: no registry answers, or not within `deadline` seconds between two messages.

        """
        repository, _, tag = reference.rpartition(":")
        if not repository or "/" in tag:
            repository, tag = reference, "latest"
        timeout, self._api.timeout = self._api.timeout, math.ceil(deadline)
        try:
            for message in self._api.pull(repository, tag=tag, stream=True, decode=True):
                if "error" in message:
                    raise pull_error(str(message["error"]), reference)
                detail = message.get("progressDetail") or {}
                if on_progress:
                    on_progress(message.get("status", ""), detail.get("current", 0), detail.get("total", 0))
        except APIError as error:
            raise pull_error(error.explanation or str(error), reference) from error
        except (DockerException, RequestException, HTTPError, OSError) as error:
            raise RegistryUnreachableError(f"no registry answered for {reference} within {deadline:.0f} s") from error
        finally:
            self._api.timeout = timeout

    def tag(self, reference: str, new: str) -> None:
        """Give the image `reference` the further name `new`."""
        repository, _, tag = new.rpartition(":")
        with self._speaking(f"naming {new}"):
            self._api.tag(reference, repository, tag, force=True)

    def remove_image(self, reference: str) -> None:
        """Remove the image; one that is already gone is fine."""
        with self._speaking(f"removing {reference}"):
            try:
                self._api.remove_image(reference, force=True)
            except NotFound:
                return

    def build(self, request: BuildRequest, on_step: Callable[[BuildStep], None] | None = None) -> BuildResult:
        """Build with BuildKit; see `grader.engine.build`."""
        return building.build(self.docker_command, request, on_step)

    @contextmanager
    def run(self, request: RunRequest) -> Iterator[Container]:
        """Start a container; it is removed at the end, whatever happens in between."""
        with self._speaking("running a container"), running(self._api, self.host, request) as container:
            yield container

    def remove_leftovers(self, run: str | None = None) -> int:
        """Remove the containers and images of `run`, or of all processes that are gone; return how many."""
        wanted = {"label": f"workshop.run={run}" if run else KIT}
        count = 0
        with self._speaking("removing leftovers"):
            for raw in self._api.containers(all=True, filters=wanted):
                if run or is_abandoned(raw.get("Labels") or {}):
                    self._api.remove_container(raw["Id"], force=True, v=True)
                    count += 1
            for raw in self._api.images(filters=wanted):
                if run or is_abandoned(raw.get("Labels") or {}):
                    self._api.remove_image(raw["Id"], force=True)
                    count += 1
        return count

    def close(self) -> None:
        """Close the connections."""
        self._api.close()


class _Chunked:
    """What docker-py's `load_image` takes: an iterable body without a length, sent in HTTP chunks."""

    def __init__(self, chunks: Iterable[bytes]) -> None:
        self._chunks = chunks

    def __iter__(self) -> Iterator[bytes]:
        return iter(self._chunks)


def _pair(item: str) -> tuple[str, str]:
    name, _, value = item.partition("=")
    return name, value
