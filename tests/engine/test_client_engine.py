"""Images in and out of a real engine, and what `clean` takes."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from uuid import uuid4

import pytest

from grader.engine.client import Engine
from grader.engine.faults import RegistryUnreachableError
from grader.engine.labels import KIT, OWNER, run_labels
from grader.engine.model import RunRequest
from grader.errors import MachineError

pytestmark = pytest.mark.engine
Image = Callable[..., str]
COMMAND_SECONDS = 60


# Images -------------------------------------------------------------------------------------------------------------


def test_an_image_is_inspected(engine: Engine, image: Image, base: str) -> None:
    """What the engine says of it, in our words."""
    lines = 'ENV WHO="a=b"\nLABEL k=v\nENTRYPOINT ["/bin/sh"]\nCMD ["-c", "true"]\n'
    reference = image(f"FROM BASE\n{lines}")
    found, below = engine.inspect_image(reference), engine.inspect_image(base)
    assert found is not None
    assert below is not None
    assert found.tags == (reference,)
    assert (found.entrypoint, found.command) == (("/bin/sh",), ("-c", "true"))
    assert dict(found.environment)["WHO"] == "a=b"
    assert dict(found.labels)["k"] == "v"
    assert found.diff_ids == below.diff_ids
    assert found.architecture == engine.facts.architecture
    assert engine.inspect_image("workshop-test/none:1") is None


def test_an_image_is_given_a_further_name_and_removed_by_name(engine: Engine, image: Image) -> None:
    """The other name stays; removing what is gone is fine."""
    first, second = image(f"FROM BASE\nLABEL k={uuid4().hex}\n"), f"workshop-test/named:{uuid4().hex[:12]}"
    engine.tag(first, second)
    assert {first, second} <= set(engine.image_references())
    engine.remove_image(first)
    assert first not in engine.image_references()
    engine.remove_image(second)
    engine.remove_image(second)
    assert engine.inspect_image(second) is None


def test_an_image_that_is_saved_can_be_loaded(engine: Engine, image: Image) -> None:
    """Bundles and the reading of images hang on it."""
    reference = image(f"FROM BASE\nRUN echo {uuid4().hex} > /f\n")
    before = engine.inspect_image(reference)
    archive = list(engine.save(reference))
    engine.remove_image(reference)
    engine.load(archive)
    assert engine.inspect_image(reference) == before


def test_a_stream_that_is_left_half_read_is_closed(engine: Engine, image: Image) -> None:
    """One learns enough from the beginning; ResourceWarnings are errors here."""
    with closing(engine.save(image("FROM BASE\nRUN head -c 20000000 /dev/urandom > /f\n"))) as stream:
        assert next(stream)
    assert engine.image_references()


def test_saving_what_is_not_there_is_told(engine: Engine) -> None:
    """In the engine's words."""
    with pytest.raises(MachineError, match=r"such image|not found|does not exist"):
        list(engine.save("workshop-test/none:1"))


def test_loading_what_is_no_archive_is_told(engine: Engine) -> None:
    """A bundle that was cut off, or is none."""
    with pytest.raises(MachineError, match=r"\A[^\n]*loading an image[^\n]*\Z"):
        engine.load([b"this is no archive" * 1000])


def test_what_reading_an_archive_raises_comes_out_as_it_is(engine: Engine) -> None:
    """A bundle that cannot be read is not the engine's doing."""

    def unreadable() -> Iterator[bytes]:
        yield b"x"
        raise PermissionError("the bundle")

    with pytest.raises(PermissionError, match="the bundle"):
        engine.load(unreadable())


def test_a_pull_without_a_registry_is_told_at_once(engine: Engine) -> None:
    """The name is reserved: nothing answers to it anywhere."""
    with pytest.raises(RegistryUnreachableError, match=r"\A[^\n]*registry\.invalid/name:1[^\n]*\Z"):
        engine.pull("registry.invalid/name:1", deadline=20.0)


# What a crash left --------------------------------------------------------------------------------------------------


@pytest.fixture
def dead() -> str:
    """The owner's label of a process that has ended."""
    done = subprocess.run(
        [sys.executable, "-c", "from grader.engine.labels import *; print(run_labels('x')[OWNER])"],
        capture_output=True,
        text=True,
        check=True,
        timeout=COMMAND_SECONDS,
    )
    return done.stdout.strip()


def test_leftovers_of_the_dead_are_removed_and_nothing_else(engine: Engine, image: Image, run: str, dead: str) -> None:
    """Not what a living process owns, and nothing that is not the kit's."""
    name = uuid4().hex

    def labelled(labels: dict[str, str]) -> str:
        return image(f"FROM BASE\nLABEL t={name}\nCMD sleep 3600\n", labels=labels)

    gone = labelled({KIT: "1", OWNER: dead})
    alive = labelled(run_labels(run))
    elsewhere = labelled({KIT: "1", OWNER: "another-host:1"})
    with (
        engine.run(RunRequest(alive, labels={KIT: "1", OWNER: dead})) as abandoned,
        engine.run(RunRequest(alive, labels=run_labels(run))) as kept,
        engine.run(RunRequest(alive, labels={})) as foreign,
    ):
        assert engine.remove_leftovers() >= 2
        with pytest.raises(MachineError):
            abandoned.user_ids()
        assert kept.user_ids()
        assert foreign.user_ids()
    assert engine.inspect_image(gone) is None
    assert engine.inspect_image(alive)
    assert engine.inspect_image(elsewhere)
    engine.remove_image(elsewhere)


def test_all_of_a_run_is_removed_by_its_name(engine: Engine, image: Image, run: str) -> None:
    """Alive or not: who ends a run removes what it made."""
    label = f"{run}-own"
    reference = image("FROM BASE\nCMD sleep 3600\n", labels=run_labels(label))
    assert engine.remove_leftovers(label) == 1
    assert engine.inspect_image(reference) is None
