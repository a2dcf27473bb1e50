"""A room without a network: one machine's mirror and bundle give an engine with no images all that a grade needs."""

import shutil
import socket
import tempfile
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest

from grader.base_images.bundle_writing import write_bundle
from grader.base_images.mirror_images import offered, publish
from grader.base_images.mirror_server import find_server, serving
from grader.base_images.registry import Registry
from grader.dockerfile.references import Reference, parse_reference
from grader.engine import private
from grader.engine.client import Engine
from grader.engine.connection import connect
from grader.engine.labels import run_labels
from grader.engine.model import BuildRequest
from grader.errors import MachineError
from tests.cli.running import Ran, run_workshop

pytestmark = pytest.mark.engine

SERVES = """\
FROM {base}
COPY greeting.txt /www/index.html
EXPOSE 8080
CMD ["httpd", "-f", "-p", "8080", "-h", "/www"]
"""
PLAIN = "FROM {base} AS it\nFROM scratch\nCOPY --from=it / /\nENV PATH=/bin\n"
Check = Callable[..., Ran]


@pytest.fixture(scope="module")
def empty_engine() -> Iterator[Engine]:
    """A private engine of this module's own, which has no images."""
    folder = Path(tempfile.mkdtemp(prefix="workshop-", dir="/tmp"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("WORKSHOP_HOME", str(folder))
        try:
            found = connect(private.up(announce=lambda _: None))
            yield found
            found.close()
        finally:
            private.down(announce=lambda _: None, purge=True)
            shutil.rmtree(folder)


@pytest.fixture(scope="module")
def reference(
    engine: Engine, run: str, stand_in: Callable[[str], str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Reference]:
    """An image of the engine in use that is no stand-in and that no registry has."""
    folder, name = tmp_path_factory.mktemp("plain"), f"room.invalid/busybox:{run}"
    (folder / "Dockerfile").write_text(PLAIN.format(base=stand_in("busybox")), "utf-8")
    assert engine.build(BuildRequest(folder, name, labels=run_labels(run))).built
    parsed = parse_reference(name)
    assert parsed is not None
    yield parsed
    engine.remove_image(name)


@pytest.fixture
def check(empty_engine: Engine, reference: Reference, own_folders: Path) -> Check:
    """Grade an answer to exercise 01 that starts from the image, on the engine that lacks it."""
    submission = own_folders / "handed-in"
    submission.mkdir()
    (submission / "Dockerfile").write_text(SERVES.format(base=reference.familiar), "utf-8")
    empty_engine.remove_image(reference.familiar)
    settings = {"WORKSHOP_ENGINE": empty_engine.host, "WORKSHOP_NO_REGISTRY": "1"}

    def checked(**environment: str) -> Ran:
        arguments = ("check", "01", "-s", submission, "-f", "json", "-q")
        return run_workshop(*arguments, cwd=own_folders, env={**settings, **environment})

    return checked


@pytest.fixture(scope="module")
def program() -> Path:
    """The registry server."""
    return find_server(lambda _: None)


@pytest.fixture
def address() -> str:
    """An address of this machine at which nothing listens."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return f"127.0.0.1:{listening.getsockname()[1]}"


def test_an_engine_without_images_grades_from_the_rooms_mirror(
    engine: Engine, reference: Reference, check: Check, program: Path, address: str
) -> None:
    """One setting on the learner's machine, none on its engine; the verdict says that it was a registry."""
    with serving(program, address, read_only=False) as server:
        assert publish(engine, server.registry, reference.familiar, lambda *_: None)
        assert not publish(engine, server.registry, reference.familiar, lambda *_: None), "it is there already"
    with serving(program, address, read_only=True):
        verdict = check(WORKSHOP_MIRROR=address).verdict
    assert verdict["status"] == "passed", verdict
    assert origins(verdict, reference) == ["registry"]


def test_an_engine_without_images_grades_from_a_bundle(
    engine: Engine, reference: Reference, check: Check, own_folders: Path
) -> None:
    """The same from a file; a mirror that is switched off costs only its silence."""
    file, image = own_folders / "room.tar", engine.inspect_image(reference.familiar)
    assert image is not None
    write_bundle(file, {reference.familiar: image.id}, engine.save, lambda *_: None)
    verdict = check(WORKSHOP_BUNDLE=str(file), WORKSHOP_MIRROR="127.0.0.1:9").verdict
    assert verdict["status"] == "passed", verdict
    assert origins(verdict, reference) == ["bundle"]


def origins(verdict: dict[str, list[dict[str, str]]], reference: Reference) -> list[str]:
    """Where the verdict says that the image came from."""
    return [image["origin"] for image in verdict["base_images"] if image["reference"] == reference.familiar]


def test_a_mirror_that_is_served_cannot_be_changed(
    engine: Engine, reference: Reference, program: Path, address: str, own_folders: Path
) -> None:
    """Nobody in the room slips an image under a name that others pull."""
    with serving(program, address, read_only=True) as server, pytest.raises(MachineError, match="refuses"):
        publish(engine, server.registry, reference.familiar, lambda *_: None)


def test_what_was_served_once_is_there_the_next_time(
    engine: Engine, reference: Reference, program: Path, address: str, own_folders: Path
) -> None:
    """The store outlives the server."""
    with serving(program, address, read_only=False) as server:
        publish(engine, server.registry, reference.familiar, lambda *_: None)
    assert not server.registry.answers()
    with serving(program, address, read_only=True) as server:
        manifest, image = offered(server.registry, reference), engine.inspect_image(reference.familiar)
        assert manifest is not None
        assert image is not None
        assert manifest.config.digest == image.id
        assert server.registry.repositories() == ("room.invalid/busybox",)


def test_a_port_that_is_taken_is_one_line(program: Path, address: str, own_folders: Path) -> None:
    """Whether it is another mirror or anything else."""
    host, _, port = address.partition(":")
    start = partial(serving, program, address, read_only=True)
    with socket.create_server((host, int(port))), pytest.raises(MachineError, match="address already in use"), start():
        pass
    with start(), pytest.raises(MachineError, match=r"A registry already answers at"), start():
        pass
    assert not Registry(address).answers()
