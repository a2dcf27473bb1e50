"""Base images: which are there, which are available and how, which are nowhere. Nothing is fetched or made."""

import os
import shutil
from collections.abc import Iterator, Sequence
from typing import Protocol

from grader.base_images.bundle import BundleError, open_bundle
from grader.base_images.memory import Memory
from grader.base_images.mirror_images import offered
from grader.base_images.prepare import bundle_file
from grader.base_images.prepare import mirror as named_mirror
from grader.base_images.registry import Registry
from grader.base_images.stand_ins.all_recipes import find_recipe
from grader.called import called
from grader.dockerfile.references import parse_reference
from grader.doctor.engine_state import Conditioned
from grader.doctor.finding import Diagnosis, State
from grader.engine.faults import RegistryUnreachableError
from grader.engine.model import ImageInspection

_MADE_FOR = ("amd64", "arm64")
NOWHERE = "nowhere"


class ImageHolder(Conditioned, Protocol):
    """The part of an engine that has images."""

    def inspect_image(self, reference: str) -> ImageInspection | None:
        """Say what it has under this reference."""


def base_images(engine: ImageHolder, references: Sequence[str]) -> Sequence[Diagnosis]:
    """Say of every image where it is or could come from."""
    sources = {reference: _source(engine, reference) for reference in references}
    here = [reference for reference, source in sources.items() if source == "here"]
    if len(here) == len(sources):
        return [Diagnosis("base images", State.OK, f"all {len(here)} are there: {', '.join(here)}")]
    nowhere = [reference for reference, source in sources.items() if source == NOWHERE]
    missing = [f"{reference} ({source})" for reference, source in sources.items() if source != "here"]
    seen = f"{len(here)} of {len(sources)} are there; not: {', '.join(missing)}"
    if nowhere:
        advice = (
            f"Find a network, or carry a bundle here: `{called()} images save FILE` elsewhere, then "
            f"`{called()} images load FILE` here."
        )
        return [Diagnosis("base images", State.FAIL, seen, advice)]
    return [Diagnosis("base images", State.WARN, seen, f"Before the class: `{called()} images prepare`.")]


def mirror() -> Sequence[Diagnosis]:
    """Say whether the room's mirror answers, if there is one."""
    named = named_mirror()
    if named is None:
        return []
    if named.answers():
        count = len(named.repositories())
        return [Diagnosis("mirror", State.OK, f"{named.address} answers and has {count} repositories")]
    advice = (
        f"See that `{called()} images mirror` runs there, that its --listen is not 127.0.0.1, and no firewall between."
    )
    return [Diagnosis("mirror", State.WARN, f"{named.address} does not answer", advice)]


def bundle() -> Sequence[Diagnosis]:
    """Say what the bundle contains, if one is named or there."""
    file = bundle_file()
    try:
        found = open_bundle(file)
    except BundleError:
        return [Diagnosis("bundle", State.WARN, f"{file} is no bundle, or cut short", "Copy it again.")]
    if found:
        return [Diagnosis("bundle", State.OK, f"{file} contains {', '.join(found.references)}")]
    if os.environ.get("WORKSHOP_BUNDLE"):
        return [Diagnosis("bundle", State.WARN, f"there is no file {file}", "Name another one in WORKSHOP_BUNDLE.")]
    return []


def _source(engine: ImageHolder, reference: str) -> str:
    if engine.inspect_image(reference):
        return "here"
    return next(_ways(engine, reference), NOWHERE)


def _ways(engine: ImageHolder, reference: str) -> Iterator[str]:
    """In which ways it could be had, in the order in which they are tried."""
    parsed = parse_reference(reference)
    if parsed is None:
        return
    registry = named_mirror()
    if registry and _has(registry, reference):
        yield "on the mirror"
    if os.environ.get("WORKSHOP_NO_REGISTRY", "") in ("", "0") and not Memory(engine.host).is_silent(parsed.registry):
        yield "a registry has to be asked"
    found = open_bundle(bundle_file())
    if found and parsed.familiar in found.references:
        yield "in the bundle"
    if find_recipe(reference) and shutil.which("apt-get") and engine.condition().architecture in _MADE_FOR:
        yield "a stand-in can be made"


def _has(registry: Registry, reference: str) -> bool:
    parsed = parse_reference(reference)
    try:
        return parsed is not None and offered(registry, parsed) is not None
    except RegistryUnreachableError:
        return False
