"""Makes one stand-in from its recipe and loads it: its name appears in the engine when it is complete.

`grader.base_images.search` decides which stand-in is needed, and whether one is needed at all.
"""

import hashlib
import secrets
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import CancelledError
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Protocol

from filelock import FileLock, Timeout

from grader.base_images.stand_ins.all_recipes import find_recipe
from grader.base_images.stand_ins.archive import PackedLayer, image_archive, pack_layer
from grader.base_images.stand_ins.fetch import MachineFetch
from grader.base_images.stand_ins.recipe import Fetch, Recipe, StandInConfig, Tell
from grader.engine.labels import STAND_IN
from grader.engine.model import BuildRequest, BuildResult, BuildStep, EngineFacts, ImageInspection
from grader.errors import MachineError
from grader.owners import own_folder
from grader.user_folders import cache_folder

MADE_FROM = f"{STAND_IN}.made-from"
"""The label that says what the files of a stand-in are."""
_POLL_SECONDS = 0.5
_FINISH_SECONDS = 1800.0


class Loading(Protocol):
    """The part of an engine that a stand-in needs."""

    @property
    def host(self) -> str:
        """Its address."""

    @property
    def facts(self) -> EngineFacts:
        """Return what it is."""

    def inspect_image(self, reference: str) -> ImageInspection | None:
        """Return what it has with this reference."""

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


def identity(recipe: Recipe) -> str:
    """Return the value of the label on an image that was made from exactly this recipe."""
    own = f"{recipe.name} {recipe.version}"
    return f"{own} on {identity(base)}" if (base := _base(recipe)) else own


def ensure_stand_in(
    engine: Loading, recipe: Recipe, reference: str, tell: Tell, is_cancelled: Callable[[], bool]
) -> None:
    """Make the stand-in, unless another process has just done so, and give it the name `reference`, tag included.

    Raises:
        UnfetchableError: its packages are not available on this machine.
        CancelledError: `is_cancelled` said so; nothing is left.

    """
    told = ""

    def tell_on(doing: str) -> None:
        nonlocal told
        if is_cancelled():
            raise CancelledError
        if doing != told:
            told = doing
            tell(doing)

    with _alone(f"{engine.host} {recipe.name}", tell_on):
        there = engine.inspect_image(recipe.name)
        label = dict(there.labels).get(STAND_IN) if there else None
        if label == identity(recipe):
            engine.tag(recipe.name, reference)
            return
        # If a real image has the recipe's own name, it keeps this name.
        names = [reference] if there and label is None else [recipe.name, reference]
        fetch = MachineFetch(engine.facts.architecture, is_cancelled)
        make_stand_in(engine, recipe, names, fetch, tell_on, is_cancelled)


def make_stand_in(
    engine: Loading,
    recipe: Recipe,
    references: Iterable[str],
    fetch: Fetch,
    tell: Tell,
    is_cancelled: Callable[[], bool] = lambda: False,
) -> None:
    """Make the image and load it under `references`; an exception from `tell` ends it.

    Raises:
        UnfetchableError: its packages are not available on this machine.
        MachineError: the engine could not finish it.

    """
    with own_folder("stand-in") as folder:
        layers, config = _layers(recipe, fetch, tell, Path(folder))
        labels = {STAND_IN: identity(recipe), MADE_FROM: config.made_from}
        tell("loading it")
        names = list(dict.fromkeys(references))
        loaded = [f"workshop/unfinished:{secrets.token_hex(8)}"] if recipe.finish else names
        archive = image_archive(loaded, layers, config, labels, fetch.architecture)
        engine.load(_telling(archive, tell))
    if recipe.finish:
        tell("finishing it")
        _finish(engine, recipe, loaded[0], names, is_cancelled)


def _finish(
    engine: Loading, recipe: Recipe, unfinished: str, names: list[str], is_cancelled: Callable[[], bool]
) -> None:
    """Build the recipe's last layer; then the names appear, and the unfinished image's name goes."""
    try:
        with own_folder("stand-in") as folder:
            (Path(folder) / "Dockerfile").write_text(f"FROM {unfinished}\n{recipe.finish}", encoding="utf-8")
            request = BuildRequest(Path(folder), tag=names[0], deadline=_FINISH_SECONDS)
            result = engine.build(request, None, is_cancelled)
        if not result.built:
            said = next((step.log.strip().splitlines()[-1:] for step in result.steps if step.error), []) or [result.end]
            raise MachineError(f"The stand-in for {recipe.name} could not be finished: {said[0]}. Try again.")
        for name in names[1:]:
            engine.tag(names[0], name)
    finally:
        engine.remove_image(unfinished)


def _telling(chunks: Iterable[bytes], tell: Tell) -> Iterator[bytes]:
    """Pass on a stream; call `tell` between its parts, because `tell` can stop it."""
    for chunk in chunks:
        tell("loading it")
        yield chunk


def _layers(recipe: Recipe, fetch: Fetch, tell: Tell, folder: Path) -> tuple[list[PackedLayer], StandInConfig]:
    """Make the layers of `recipe`, its base's first; each is a file in `folder`."""
    below: list[PackedLayer] = []
    if base := _base(recipe):
        (folder / "base").mkdir()
        below, _ = _layers(base, fetch, tell, folder / "base")
    with TemporaryDirectory(dir=folder) as scratch:
        root = Path(scratch) / "root"
        root.mkdir()
        config = recipe.make(root, fetch, tell)
        created_by = f"stand-in for {recipe.name}: {config.made_from}"
        layer = pack_layer(root, config.owners, created_by, folder / "layer.tar", lambda: tell("packing it"))
    return [*below, layer], config


def _base(recipe: Recipe) -> Recipe | None:
    return find_recipe(recipe.base) if recipe.base else None


@contextmanager
def _alone(key: str, tell: Tell) -> Iterator[None]:
    """Let only one thread of one process on this machine run the block at a time."""
    folder = cache_folder() / "locks"
    folder.mkdir(parents=True, exist_ok=True)
    lock = FileLock(folder / hashlib.sha256(key.encode()).hexdigest()[:32])
    while not lock.is_locked:
        try:
            lock.acquire(timeout=_POLL_SECONDS)
        except Timeout:  # noqa: PERF203 - it waits half a second a turn
            tell("waiting for another process, which is making it")
    try:
        yield
    finally:
        lock.release()
