"""Base images are sought in the engine, a registry, a bundle and at last made; each answer says which it was."""

import threading
from concurrent.futures import CancelledError
from dataclasses import replace
from pathlib import Path

import pytest

from grader.base_images.bundle import BundleError, open_bundle
from grader.base_images.bundle_writing import write_bundle
from grader.base_images.memory import Memory
from grader.base_images.prepare import PrepareEvent, load_bundle, prepare
from grader.base_images.stand_ins.all_recipes import find_recipe
from grader.base_images.stand_ins.archive import image_archive, pack_layer
from grader.base_images.stand_ins.make import ensure_stand_in, identity
from grader.base_images.stand_ins.recipe import Fetch, Recipe, StandInConfig, Tell
from grader.engine.labels import STAND_IN
from grader.errors import BaseImageUnavailableError
from grader.verdict import Origin
from tests.base_images.fake_engine import FakeEngine, image

pytestmark = pytest.mark.usefixtures("own_folders")


def stand_in(name: str) -> dict[str, str]:
    """The label that a stand-in made from the recipe `name` carries."""
    recipe = find_recipe(name)
    assert recipe is not None
    return {STAND_IN: identity(recipe)}


def bundle_of(folder: Path, *references: str) -> Path:
    """A bundle of images with nothing in them."""
    (folder / "empty").mkdir()
    layer = pack_layer(folder / "empty", {}, "nothing", folder / "layer.tar", lambda: None)
    file = folder / "images.tar"

    def save(reference: str) -> list[bytes]:
        return list(image_archive([reference], [layer], StandInConfig("test"), {}, "amd64"))

    write_bundle(file, dict.fromkeys(references, "sha256:it"), save, lambda _reference, _done: None)
    return file


def test_what_the_engine_has_is_taken_as_it_is() -> None:
    """Nobody else is asked, and the order is the one asked for."""
    engine = FakeEngine([image("b:1"), image("a:1")], registry=["a:1"])
    prepared = prepare(engine, ["a:1", "b:1"])
    assert [(found.reference, found.origin) for found in prepared.images] == [
        ("a:1", Origin.ENGINE),
        ("b:1", Origin.ENGINE),
    ]
    assert engine.asked == []


def test_a_stand_in_that_the_engine_has_is_called_one() -> None:
    """The label says so, and a current one is not made again."""
    engine = FakeEngine([image("alpine:latest", **stand_in("alpine:latest"))])
    assert [found.origin for found in prepare(engine, ["alpine"]).images] == [Origin.STAND_IN]
    assert (engine.asked, engine.loads) == ([], 0)


def test_what_is_missing_is_pulled() -> None:
    """A registry comes before a stand-in, and what it does is reported with bytes done and in all."""
    engine, events = FakeEngine(registry=["alpine:latest"]), list[PrepareEvent]()
    prepared = prepare(engine, ["alpine:latest"], events.append)
    assert [found.origin for found in prepared.images] == [Origin.REGISTRY]
    assert PrepareEvent("alpine:latest", "downloading", 1, 2) in events


def test_what_an_answering_registry_does_not_have_is_the_learners_typo() -> None:
    """It is reported as unknown and nothing takes its place, a stand-in of that very name aside."""
    engine = FakeEngine(registry=[])
    prepared = prepare(engine, ["alpnie:latest", "Not A Name"])
    assert prepared.unknown == {"alpnie:latest": "alpine:latest", "Not A Name": ""}
    assert prepared.images == ()
    assert engine.asked == ["alpnie:latest"], "what can be no name is asked of nobody"


def test_a_registry_that_does_not_answer_is_asked_once() -> None:
    """Ten references do not cost ten time-outs, nor does the next command; another registry is asked."""
    engine = FakeEngine([image("alpine:latest", **stand_in("alpine:latest"))])
    assert len(prepare(engine, ["alpine:3", "alpine:3.23"]).images) == 2
    assert len(engine.asked) == 1
    del engine.images["alpine:3"]
    prepare(engine, ["docker.io/library/alpine:3"])
    assert len(engine.asked) == 1
    with pytest.raises(BaseImageUnavailableError):
        prepare(engine, ["other.example/thing:1"])
    assert len(engine.asked) == 2
    Memory(engine.host).forget_silence()
    with pytest.raises(BaseImageUnavailableError):
        prepare(engine, ["ubuntu:1"])
    assert len(engine.asked) == 3


def test_registries_can_be_switched_off(monkeypatch: pytest.MonkeyPatch) -> None:
    """`WORKSHOP_NO_REGISTRY=1` has none asked, and the message says so."""
    monkeypatch.setenv("WORKSHOP_NO_REGISTRY", "1")
    engine = FakeEngine(registry=["ubuntu:1"])
    with pytest.raises(BaseImageUnavailableError, match="registries are switched off"):
        prepare(engine, ["ubuntu:1"])
    assert engine.asked == []


def test_without_a_registry_the_bundle_serves(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only what is wanted is loaded from it, and the next time it is still known where it came from."""
    monkeypatch.setenv("WORKSHOP_BUNDLE", str(bundle_of(tmp_path, "alpine:latest", "golang:1.26")))
    engine = FakeEngine()
    assert [found.origin for found in prepare(engine, ["alpine"]).images] == [Origin.BUNDLE]
    assert list(engine.images) == ["alpine:latest"]
    assert [found.origin for found in prepare(engine, ["alpine"]).images] == [Origin.BUNDLE]
    assert engine.loads == 1


def test_a_bundle_that_was_changed_is_not_loaded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One line says so; images that the engine has need no bundle."""
    file = bundle_of(tmp_path, "thing:1")
    monkeypatch.setenv("WORKSHOP_BUNDLE", str(file))
    file.write_bytes(file.read_bytes() + b"\0")
    engine = FakeEngine([image("here:1")])
    with pytest.raises(BundleError, match="checksum differs"):
        prepare(engine, ["thing:1"])
    assert engine.loads == 0
    assert prepare(engine, ["here:1"]).images


def test_a_whole_bundle_is_loaded_by_hand(tmp_path: Path) -> None:
    """All its images are there afterwards and say where they came from."""
    engine = FakeEngine()
    loaded = load_bundle(engine, bundle_of(tmp_path, "a:1", "b:1"))
    assert [(found.reference, found.origin) for found in loaded] == [("a:1", Origin.BUNDLE), ("b:1", Origin.BUNDLE)]


def test_a_load_that_broke_off_goes_on_where_it_stopped(tmp_path: Path) -> None:
    """What the engine has under the same id is ignored."""
    engine, file = FakeEngine(), bundle_of(tmp_path, "a:1", "b:1")
    bundle = open_bundle(file)
    assert bundle is not None
    engine.images["a:1"] = replace(image("a:1"), id=bundle.image_id("a:1"))
    events: list[PrepareEvent] = []
    assert len(load_bundle(engine, file, events.append)) == 2
    assert engine.loads == 1
    assert {(event.reference, event.doing) for event in events} == {
        ("images.tar", "checking it"),
        ("b:1", "loading it"),
    }
    assert events[-1].done == events[-1].total


def test_an_engine_that_gives_ids_of_its_own_is_loaded_once(tmp_path: Path) -> None:
    """With containerd's image store ids differ from the bundle's: what they became is remembered, bundle by bundle."""
    engine, file = FakeEngine(), bundle_of(tmp_path, "a:1", "b:1")
    for _ in range(2):
        load_bundle(engine, file)
    assert engine.loads == 2
    engine.images["a:1"] = replace(image("a:1"), id="sha256:another")
    load_bundle(engine, file)
    assert engine.loads == 3


def test_a_further_name_of_a_stand_in_is_only_a_name() -> None:
    """`golang:latest` is the stand-in of golang:1.26 when that is there."""
    engine = FakeEngine([image("golang:1.26", **stand_in("golang:1.26"))])
    prepared = prepare(engine, ["golang"])
    assert [(found.origin, found.id) for found in prepared.images] == [(Origin.STAND_IN, "sha256:golang:1.26")]
    assert engine.loads == 0


def test_an_image_that_is_nowhere_is_the_machines_lack() -> None:
    """One line names it, the others, and what is available; nobody loses points."""
    engine = FakeEngine()
    with pytest.raises(BaseImageUnavailableError) as raised:
        prepare(engine, ["nginx:latest", "ubuntu:24.04"])
    message = str(raised.value)
    assert message.startswith("The base image nginx:latest is not in the engine, no registry answers for docker.io")
    assert "ubuntu:24.04" in message
    assert "golang:1.26, " in message
    assert "\n" not in message
    assert raised.value.exit_code == 3


def test_a_misspelt_image_is_the_learners_fault_without_a_registry_too() -> None:
    """No machine can get it, so it does not matter that another one is only lacking here."""
    prepared = prepare(FakeEngine(), ["alpnie:latest", "ubuntu:24.04", "own-base:1"], known=["own-base:1"])
    assert prepared.unknown == {"alpnie:latest": "alpine:latest"}


def test_an_image_of_the_exercise_is_right_whatever_its_name() -> None:
    """A pack may be made for an image that nobody else knows."""
    with pytest.raises(BaseImageUnavailableError, match="own-base:1"):
        prepare(FakeEngine(), ["own-base:1"], known=["own-base:1"])


def test_where_a_stand_in_cannot_be_made_the_reason_is_told() -> None:
    """An engine of an architecture without packages is one reason."""
    engine = FakeEngine(platform="riscv64")
    with pytest.raises(BaseImageUnavailableError, match=r"no stand-in can be made here: .* the engine is riscv64"):
        prepare(engine, ["alpine"])


def test_an_older_stand_in_serves_where_a_newer_cannot_be_made() -> None:
    """It is tried once, not at every check."""
    engine = FakeEngine([image("alpine:latest", **{STAND_IN: "alpine:latest 0"})], platform="riscv64")
    for _ in range(2):
        assert [found.origin for found in prepare(engine, ["alpine:latest"]).images] == [Origin.STAND_IN]
    recipe = find_recipe("alpine")
    assert recipe is not None
    assert Memory(engine.host).is_silent(identity(recipe))


def test_events_come_from_one_thread_at_a_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who listens needs no lock, though one image is pulled while another is loaded from a bundle."""
    inside, overlaps = threading.Lock(), 0

    def listen(event: PrepareEvent) -> None:
        nonlocal overlaps
        assert event.reference
        if not inside.acquire(blocking=False):
            overlaps += 1
            return
        threading.Event().wait(0.02)
        inside.release()

    bundled = [f"thing:{number}" for number in range(4)]
    pulled = [f"r.example/thing:{number}" for number in range(4)]
    monkeypatch.setenv("WORKSHOP_BUNDLE", str(bundle_of(tmp_path, *bundled)))
    engine = FakeEngine(registry=pulled)
    Memory(engine.host).remember_silence("docker.io")
    prepare(engine, [name for pair in zip(bundled, pulled, strict=True) for name in pair], listen)
    assert set(engine.images) == {*bundled, *pulled}
    assert overlaps == 0


def test_an_interruption_ends_the_search_and_what_waits_is_not_begun() -> None:
    """Ctrl-C comes out as it is, whatever is being reported."""

    def interrupt(event: PrepareEvent) -> None:
        raise KeyboardInterrupt

    names = [f"thing:{number}" for number in range(8)]
    engine = FakeEngine(registry=names)
    with pytest.raises(KeyboardInterrupt):
        prepare(engine, names, interrupt)
    assert engine.images == {}


@pytest.mark.parametrize("moment", ["filling it", "packing it", "loading it"])
def test_making_a_stand_in_can_be_broken_off(moment: str) -> None:
    """Whatever it is doing, it ends with nothing in the engine."""
    told: list[str] = []

    def make(root: Path, fetch: Fetch, tell: Tell) -> StandInConfig:
        tell("filling it")
        (root / "one").write_bytes(bytes(3_000_000))
        (root / fetch.architecture).touch()
        tell("done with it")
        return StandInConfig("test")

    engine = FakeEngine()
    with pytest.raises(CancelledError):
        ensure_stand_in(engine, Recipe(("x:1",), "1", make), "x:1", told.append, lambda: moment in told)
    assert engine.images == {}
    assert told[-1] == moment
    ensure_stand_in(engine, Recipe(("x:1",), "1", make), "x:1", told.append, lambda: False)
    assert set(engine.images) == {"x:1"}
