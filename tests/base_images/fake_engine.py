"""An engine as far as the search for base images goes: what it has, what a registry gives it, and what it was asked."""

import io
import json
import tarfile
from collections.abc import Callable, Iterable
from dataclasses import replace

from grader.dockerfile.references import parse_reference
from grader.engine.faults import ImageNotFoundError, RegistryUnreachableError
from grader.engine.model import BuildEnd, BuildRequest, BuildResult, BuildStep, EngineFacts, ImageInspection

FACTS = EngineFacts("docker", "27.0", "1.46", "buildkit", "", "Linux", "amd64", "overlay2")


def image(name: str, **labels: str) -> ImageInspection:
    """An image as an engine describes it; labels are written with `_` for `.` and `-`."""
    return ImageInspection(f"sha256:{name}", (), (), (), (), tuple(labels.items()), "amd64", (name,))


class FakeEngine:
    """Implements `grader.base_images.search.BaseEngine` in memory."""

    host = "fake://engine"

    def __init__(
        self, images: Iterable[ImageInspection] = (), *, registry: Iterable[str] | None = None, platform: str = "amd64"
    ) -> None:
        self.images = {name: found for found in images for name in found.tags}
        self.registry = registry
        self.asked: list[str] = []
        self.loads = 0
        self.built_on: list[str] = []
        self.builds_fail = False
        self.facts = replace(FACTS, architecture=platform)

    def inspect_image(self, reference: str) -> ImageInspection | None:
        """Say what it has, however it is written."""
        parsed = parse_reference(reference)
        return self.images.get(parsed.familiar if parsed else reference)

    def pull(
        self, reference: str, *, deadline: float, on_progress: Callable[[str, int, int], None] | None = None
    ) -> None:
        """Take it from the registry, if there is one and it has it."""
        self.asked.append(reference)
        if self.registry is None:
            raise RegistryUnreachableError(f"no registry within {deadline} s")
        if on_progress:
            on_progress("Downloading", 1, 2)
        if reference not in self.registry:
            raise ImageNotFoundError("no such image")
        self.images[reference] = image(reference)

    def load(self, chunks: Iterable[bytes]) -> None:
        """Take what the archive names."""
        self.loads += 1
        with tarfile.open(fileobj=io.BytesIO(b"".join(chunks))) as tar:
            manifest = json.loads(tar.extractfile("manifest.json").read())  # type: ignore[union-attr]
            for entry in manifest:
                config = json.loads(tar.extractfile(entry["Config"]).read())  # type: ignore[union-attr]
                for name in entry["RepoTags"]:
                    self.images[name] = image(name, **(config["config"]["Labels"] or {}))

    def tag(self, reference: str, new: str) -> None:
        """Give a further name."""
        self.images[new] = self.images[reference]

    def build(
        self,
        request: BuildRequest,
        on_step: Callable[[BuildStep], None] | None = None,
        is_cancelled: Callable[[], bool] = lambda: False,
    ) -> BuildResult:
        """Build on the image that the FROM names, which must be there; `builds_fail` says how it ends."""
        del on_step, is_cancelled
        base = (request.context / request.dockerfile).read_text("utf-8").splitlines()[0].removeprefix("FROM ")
        self.built_on.append(base)
        if self.builds_fail:
            step = BuildStep(
                "[2/2] RUN", "", 2, "RUN", cached=False, seconds=0.0, log="no room\n", error="exit code: 1"
            )
            return BuildResult(BuildEnd.FAILED, None, (step,), 0.0, "exit code: 1")
        self.images[request.tag] = replace(self.images[base], tags=(request.tag,))
        return BuildResult(BuildEnd.BUILT, "sha256:built", (), 0.0)

    def remove_image(self, reference: str) -> None:
        """Take a name away."""
        self.images.pop(reference, None)
