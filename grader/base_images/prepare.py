"""Gives the engine its base images: from engine, registry, bundle or stand-in, in this order, several at a time.

`search.py` searches for one image; this module decides how many at once, what is reported, and what is missing.
"""

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Lock

from grader.base_images.bundle import Bundle, open_bundle
from grader.base_images.memory import Memory
from grader.base_images.registry import Registry
from grader.base_images.search import BaseEngine, Lack, Search, Unknown, origin_of
from grader.base_images.stand_ins.all_recipes import RECIPES
from grader.called import called
from grader.errors import BaseImageUnavailableError, MachineError, UsageError
from grader.user_folders import data_folder
from grader.verdict import BaseImage

AT_ONCE = 3


@dataclass(frozen=True, slots=True)
class PrepareEvent:
    """What is being done for one reference; `done` of `total` bytes, if these are known."""

    reference: str
    doing: str
    done: int | None = None
    total: int | None = None


@dataclass(frozen=True, slots=True)
class Prepared:
    """What the engine now has, in the requested order; `unknown` are references that name no image.

    Those are the learner's fault: a registry answers that there is no such image, or the name is not valid, or no
    registry answers and the name is surely misspelt. `unknown` has the name that may be meant for each, or nothing.
    """

    images: tuple[BaseImage, ...]
    unknown: Mapping[str, str]


def prepare(
    engine: BaseEngine,
    references: Sequence[str],
    on_event: Callable[[PrepareEvent], None] | None = None,
    known: Sequence[str] = (),
) -> Prepared:
    """Get every image of `references` into the engine; `on_event` is called from one thread at a time.

    `known` are references that are right: of those, and of those with a stand-in, one may be meant by a misspelt name.
    If there is a misspelt one, it does not matter that others are available nowhere.

    Raises:
        BaseImageUnavailableError: some are available nowhere; the message names them, and what is available.
        MachineError: the engine or the disk failed.

    """
    found = gather(engine, references, on_event, known)
    lacking = [answer for answer in found if isinstance(answer, Lack)]
    unknown = {answer.reference: answer.near for answer in found if isinstance(answer, Unknown)}
    if lacking and not unknown:
        raise BaseImageUnavailableError(say_lacking(lacking))
    return Prepared(
        images=tuple(answer for answer in found if isinstance(answer, BaseImage)),
        unknown=unknown,
    )


def gather(
    engine: BaseEngine,
    references: Sequence[str],
    on_event: Callable[[PrepareEvent], None] | None = None,
    known: Sequence[str] = (),
) -> tuple[BaseImage | Unknown | Lack, ...]:
    """Search for every reference once and return each result, in order. `known` are references that are right."""
    cancelled, telling = Event(), Lock()

    def tell(reference: str, doing: str, done: int | None = None, total: int | None = None) -> None:
        if on_event:
            with telling:
                on_event(PrepareEvent(reference, doing, done, total))

    search = Search(
        engine,
        tell,
        memory=Memory(engine.host),
        bundle_file=bundle_file(),
        may_pull=os.environ.get("WORKSHOP_NO_REGISTRY", "") in ("", "0"),
        cancelled=cancelled,
        mirror=mirror(),
        known=tuple(dict.fromkeys([*known, *(name for recipe in RECIPES for name in recipe.references)])),
    )
    with ThreadPoolExecutor(max_workers=AT_ONCE, thread_name_prefix="prepare") as pool:
        sought = [pool.submit(search.seek, reference) for reference in dict.fromkeys(references)]
        try:
            for ended in wait(sought, return_when=FIRST_EXCEPTION).done:
                ended.result()
            return tuple(future.result() for future in sought)
        finally:
            # On an error or Ctrl-C the others end soon and remove unfinished work; at the end this changes nothing.
            cancelled.set()
            pool.shutdown(wait=False, cancel_futures=True)


def load_bundle(
    engine: BaseEngine, file: Path, on_event: Callable[[PrepareEvent], None] = lambda _event: None
) -> tuple[BaseImage, ...]:
    """Check the checksum of the bundle `file`, then load every image of it, and return what they are.

    They are loaded one by one, and what the engine already has is skipped: so an interrupted load can continue.

    Raises:
        BundleError: the file is not a bundle, or it has changed since it was saved.

    """
    bundle = open_bundle(file)
    if bundle is None:
        raise UsageError(f"There is no file {file}.")
    checksum = bundle.verify(lambda done, total: on_event(PrepareEvent(file.name, "checking it", done, total)))
    memory = Memory(engine.host)

    def loaded(reference: str) -> BaseImage:
        image = engine.inspect_image(reference)
        if image and (image.id == bundle.image_id(reference) or memory.is_loaded(checksum, reference, image.id)):
            memory.remember_bundle(image.id)
            return BaseImage(reference, origin_of(image, memory), image.id)
        return _load(engine, bundle, checksum, reference, memory, on_event)

    return tuple(loaded(reference) for reference in bundle.references)


def _load(
    engine: BaseEngine,
    bundle: Bundle,
    checksum: str,
    reference: str,
    memory: Memory,
    on_event: Callable[[PrepareEvent], None],
) -> BaseImage:
    """Load one image and remember its id: containerd's image store gives it another id than the bundle."""
    on_event(PrepareEvent(reference, "loading it"))
    engine.load(_told(bundle, reference, on_event))
    image = engine.inspect_image(reference)
    if image is None:
        raise MachineError(
            f"The engine loaded {reference} from {bundle.file} and lost it at once. Check the engine's disk."
        )
    memory.remember_loaded(checksum, reference, image.id)
    memory.remember_bundle(image.id)
    return BaseImage(reference, origin_of(image, memory), image.id)


def _told(bundle: Bundle, reference: str, on_event: Callable[[PrepareEvent], None]) -> Iterator[bytes]:
    done, total = 0, bundle.size_of(reference)
    for chunk in bundle.archive([reference]):
        done += len(chunk)
        on_event(PrepareEvent(reference, "loading it", min(done, total), total))
        yield chunk


def say_lacking(lacking: Sequence[Lack]) -> str:
    """Say in one line which images are available nowhere, why, and what to do."""
    first, *others = lacking
    also = f" (the same is true for {', '.join(lack.reference for lack in others)})" if others else ""
    if first.reason:
        return (
            f"The base image {first.reference} is not in the engine, {first.registry}, and no stand-in can be made "
            f"here: {first.reason}{also}. Try again with a network, or load the image with "
            f"`{called()} images load FILE`."
        )
    known = ", ".join(recipe.name for recipe in RECIPES)
    return (
        f"The base image {first.reference} is not in the engine, {first.registry}, and there is no stand-in for it"
        f"{also}. These images are available here: {known}."
    )


def bundle_file() -> Path:
    """Return the path of the bundle: `WORKSHOP_BUNDLE`, else `images.tar` in the user's data folder."""
    named = os.environ.get("WORKSHOP_BUNDLE")
    return Path(named) if named else data_folder() / "images.tar"


def mirror() -> Registry | None:
    """Return the room's mirror that `WORKSHOP_MIRROR` names, or None if it is not set.

    Raises:
        UsageError: its value is not a valid address.

    """
    named = os.environ.get("WORKSHOP_MIRROR")
    return Registry(named) if named else None
