"""Searches for one base image: in the engine, a room's mirror, its registry, a bundle; else makes a stand-in here.

`prepare.py` decides how many searches run at once, and what happens if an image is available nowhere.
"""

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import CancelledError
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Lock
from typing import Protocol

from grader.base_images.bundle import open_bundle
from grader.base_images.memory import Memory
from grader.base_images.mirror_images import archive_from, offered
from grader.base_images.registry import Registry
from grader.base_images.right_names import cannot_be_right, nearest
from grader.base_images.stand_ins.all_recipes import find_recipe
from grader.base_images.stand_ins.fetch import UnfetchableError
from grader.base_images.stand_ins.make import ensure_stand_in, identity
from grader.base_images.stand_ins.recipe import Recipe
from grader.dockerfile.references import Reference, parse_reference
from grader.engine.faults import ImageNotFoundError, RegistryUnreachableError
from grader.engine.labels import STAND_IN
from grader.engine.model import BuildRequest, BuildResult, BuildStep, EngineFacts, ImageInspection
from grader.engine.streaming import until_cancelled
from grader.verdict import BaseImage, Origin

PULL_DEADLINE = 15.0
"""Seconds for which a registry may send nothing."""


class BaseEngine(Protocol):
    """The part of an engine that base images need."""

    @property
    def host(self) -> str:
        """Its address."""

    @property
    def facts(self) -> EngineFacts:
        """Return what it is."""

    def inspect_image(self, reference: str) -> ImageInspection | None:
        """Return what it has with this reference."""

    def pull(
        self, reference: str, *, deadline: float, on_progress: Callable[[str, int, int], None] | None = None
    ) -> None:
        """Pull from a registry."""

    def load(self, chunks: Iterable[bytes]) -> None:
        """Load an archive."""

    def tag(self, reference: str, new: str) -> None:
        """Give an image a further name."""

    def build(
        self,
        request: BuildRequest,
        on_step: Callable[[BuildStep], None] | None = None,
        is_cancelled: Callable[[], bool] = lambda: False,
    ) -> BuildResult:
        """Build an image."""

    def remove_image(self, reference: str) -> None:
        """Remove a name, and with its last name the image."""


class Telling(Protocol):
    """Gets what is being done for a reference."""

    def __call__(self, reference: str, doing: str, done: int | None = None, total: int | None = None) -> None:
        """Get it."""


@dataclass(frozen=True, slots=True)
class Unknown:
    """There is no such image anywhere; this is not a fault of this machine. `near` is one that may be meant."""

    reference: str
    near: str = ""


@dataclass(frozen=True, slots=True)
class Lack:
    """The image is available nowhere. `registry` says what the registry did, `reason` why no stand-in was made.

    `reason` is empty if there is no recipe.
    """

    reference: str
    registry: str
    reason: str = ""


def origin_of(image: ImageInspection, memory: Memory) -> Origin:
    """Return where an image of the engine came from, if this is known."""
    if STAND_IN in dict(image.labels):
        return Origin.STAND_IN
    return Origin.BUNDLE if memory.is_from_bundle(image.id) else Origin.ENGINE


class Search:
    """The search for several references in one engine; `seek` may run in several threads."""

    def __init__(
        self,
        engine: BaseEngine,
        tell: Telling,
        *,
        memory: Memory,
        bundle_file: Path,
        may_pull: bool,
        cancelled: Event,
        mirror: Registry | None = None,
        known: Sequence[str] = (),
    ) -> None:
        self._known = known
        self._engine = engine
        self._tell = tell
        self._memory = memory
        self._bundle_file = bundle_file
        self._may_pull = may_pull
        self._cancelled = cancelled
        self._mirror = mirror
        self._pulling = Lock()
        self._loading = Lock()
        self._bundle_is_sound = False

    def seek(self, reference: str) -> BaseImage | Unknown | Lack:
        """Get one image into the engine and return where it came from, or why it is not available."""
        parsed = parse_reference(reference)
        if parsed is None:
            return self._unknown(reference)
        recipe = find_recipe(reference)
        image = self._engine.inspect_image(reference)
        if image is not None:
            return self._in_engine(reference, image, recipe)
        return self._from_outside(reference, parsed, recipe)

    def _from_outside(self, reference: str, parsed: Reference, recipe: Recipe | None) -> BaseImage | Unknown | Lack:
        try:
            if self._mirrored(reference, parsed) or self._pull(reference, parsed):
                return self._having(reference, Origin.REGISTRY)
        except ImageNotFoundError:
            return self._unknown(reference)
        if self._load(reference, parsed):
            return self._having(reference, Origin.BUNDLE)
        return self._stand_in(reference, parsed, recipe)

    def _in_engine(self, reference: str, image: ImageInspection, recipe: Recipe | None) -> BaseImage:
        """Use what is there; a stand-in of an older recipe is made again, or kept if this is not possible."""
        if recipe is not None and self._is_outdated(image, recipe) and not self._memory.is_silent(identity(recipe)):
            try:
                self._make(reference, recipe)
            except UnfetchableError:
                self._memory.remember_silence(identity(recipe))
            image = self._engine.inspect_image(reference) or image
        return BaseImage(reference, origin_of(image, self._memory), image.id)

    @staticmethod
    def _is_outdated(image: ImageInspection, recipe: Recipe) -> bool:
        label = dict(image.labels).get(STAND_IN)
        return label is not None and label != identity(recipe)

    def _having(self, reference: str, origin: Origin) -> BaseImage | Lack:
        """Look at the image that just arrived; its label decides, because a bundle may contain stand-ins."""
        image = self._engine.inspect_image(reference)
        if image is None:
            return Lack(reference, "it arrived and was lost", "the engine lost it at once")
        if origin is Origin.BUNDLE:
            self._memory.remember_bundle(image.id)
        stand_in = STAND_IN in dict(image.labels)
        return BaseImage(reference, Origin.STAND_IN if stand_in else origin, image.id)

    # From a mirror --------------------------------------------------------------------------------------------

    def _mirrored(self, reference: str, parsed: Reference) -> bool:
        """Get it from the room's mirror, if there is one that has it; return whether the engine now has it."""
        mirror = self._mirror
        if mirror is None or self._memory.is_silent(mirror.address):
            return False
        self._tell(reference, f"asking the mirror at {mirror.address}")
        try:
            manifest = offered(mirror, parsed)
            if manifest is None:
                return False

            def tell(done: int, total: int) -> None:
                self._tell(reference, "fetching it from the mirror", done, total)

            archive = archive_from(mirror, parsed, manifest, tell)
            self._engine.load(until_cancelled(archive, self._cancelled.is_set))
        except RegistryUnreachableError:
            self._memory.remember_silence(mirror.address)
            return False
        return True

    # From a registry ------------------------------------------------------------------------------------------

    def _pull(self, reference: str, parsed: Reference) -> bool:
        """Pull; return whether the engine now has it. One pull at a time: a dead registry costs only one time-out."""
        if not self._may_pull:
            return False
        with self._pulling:
            if self._cancelled.is_set():
                raise CancelledError
            if self._memory.is_silent(parsed.registry):
                return False
            self._tell(reference, "asking the registry")
            try:
                self._engine.pull(reference, deadline=PULL_DEADLINE, on_progress=self._on_pull(reference))
            except RegistryUnreachableError:
                self._memory.remember_silence(parsed.registry)
                return False
        return True

    def _on_pull(self, reference: str) -> Callable[[str, int, int], None]:
        def on_progress(status: str, done: int, total: int) -> None:
            if self._cancelled.is_set():
                raise CancelledError
            known = total > 0
            self._tell(reference, status.lower() or "pulling", done if known else None, total if known else None)

        return on_progress

    # From a bundle --------------------------------------------------------------------------------------------

    def _load(self, reference: str, parsed: Reference) -> bool:
        with self._loading:
            bundle = open_bundle(self._bundle_file)
            if bundle is None or parsed.familiar not in bundle.references:
                return False
            self._tell(reference, f"loading it from {bundle.file}")
            if not self._bundle_is_sound:
                bundle.verify()
                self._bundle_is_sound = True
            self._engine.load(until_cancelled(bundle.archive([parsed.familiar]), self._cancelled.is_set))
        return True

    # Made here ------------------------------------------------------------------------------------------------

    def _stand_in(self, reference: str, parsed: Reference, recipe: Recipe | None) -> BaseImage | Unknown | Lack:
        registry = f"no registry answers for {parsed.registry}" if self._may_pull else "registries are switched off"
        if self._mirror:
            silent = self._memory.is_silent(self._mirror.address)
            fault = "does not answer" if silent else "does not have it"
            registry = f"the mirror at {self._mirror.address} {fault}, {registry}"
        if recipe is None and cannot_be_right(reference, self._known):
            return self._unknown(reference)
        if recipe is None:
            return Lack(reference, registry)
        try:
            self._make(reference, recipe)
        except UnfetchableError as error:
            return Lack(reference, registry, str(error))
        return self._having(reference, Origin.STAND_IN)

    def _unknown(self, reference: str) -> Unknown:
        return Unknown(reference, nearest(reference, self._known))

    def _make(self, reference: str, recipe: Recipe) -> None:
        parsed = parse_reference(reference)
        name = parsed.familiar if parsed else reference

        def tell(doing: str) -> None:
            self._tell(reference, f"making a stand-in: {doing}")

        ensure_stand_in(self._engine, recipe, name, tell, self._cancelled.is_set)
