"""The registry's client goes on where a line broke off, believes no byte unseen, and says what does not answer."""

import hashlib
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from grader.base_images.memory import Memory
from grader.base_images.prepare import prepare
from grader.base_images.registry import Blob, Registry, repository_in_mirror
from grader.dockerfile.references import parse_reference
from grader.engine.faults import RegistryUnreachableError
from grader.errors import BaseImageUnavailableError, MachineError, UsageError
from grader.verdict import Origin
from tests.base_images.fake_engine import FakeEngine

CONTENT = bytes(range(256)) * 4000
CONFIG = json.dumps({"config": {"Labels": None}}).encode()


def digest(content: bytes) -> str:
    """A blob's name."""
    return f"sha256:{hashlib.sha256(content).hexdigest()}"


class Rooms(ThreadingHTTPServer):
    """A registry with one image, `library/thing:1`, whose line breaks off now and then."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answer)
        self.blobs = {digest(content): content for content in (CONTENT, CONFIG)}
        self.at_most = len(CONTENT)
        self.asked: list[str] = []

    @property
    def address(self) -> str:
        """Where it listens."""
        return f"127.0.0.1:{self.server_address[1]}"


class Answer(BaseHTTPRequestHandler):
    """One answer of it."""

    server: Rooms

    def do_GET(self) -> None:
        """Give a manifest, or as much of a blob as the line allows."""
        self.server.asked.append(self.path)
        if self.path == "/v2/library/thing/manifests/1":
            blobs: list[dict[str, Any]] = [
                {"digest": digest(content), "size": len(content)} for content in (CONFIG, CONTENT)
            ]
            self._give(200, json.dumps({"config": blobs[0], "layers": blobs[1:]}).encode())
        elif "/blobs/" in self.path:
            start = int(self.headers.get("Range", "bytes=0-")[6:-1])
            content = self.server.blobs[self.path.rpartition("/")[2]][start:]
            self._give(206 if start else 200, content, self.server.at_most)
        else:
            self._give(404, b"")

    def _give(self, status: int, body: bytes, at_most: int = 1 << 30) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body[:at_most])

    def log_message(self, format: str, *arguments: Any) -> None:  # noqa: A002 - the library's own name
        """Say nothing."""


@pytest.fixture
def rooms() -> Iterator[Rooms]:
    """A registry that answers."""
    with Rooms() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def test_a_blob_that_breaks_off_is_gone_on_with(rooms: Rooms) -> None:
    """Not a byte is fetched twice, and all of it is what it should be."""
    rooms.at_most = 300_000
    blob = Blob(digest(CONTENT), len(CONTENT))
    assert b"".join(Registry(rooms.address).blob("library/thing", blob)) == CONTENT
    assert len(rooms.asked) == 4


def test_a_line_that_gives_nothing_any_more_is_given_up(rooms: Rooms) -> None:
    """It does not ask for ever."""
    rooms.at_most = 0
    with pytest.raises(RegistryUnreachableError, match=rooms.address):
        list(Registry(rooms.address).blob("library/thing", Blob(digest(CONTENT), len(CONTENT))))


def test_other_bytes_than_promised_are_refused(rooms: Rooms) -> None:
    """A damaged mirror puts no image into an engine, and the message says who is at fault."""
    rooms.blobs[digest(CONTENT)] = CONTENT[:-1] + b"!"
    engine = FakeEngine()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("WORKSHOP_MIRROR", rooms.address)
        with pytest.raises(MachineError, match=f"The registry at {rooms.address} is damaged"):
            prepare(engine, ["thing:1"])
    assert engine.images == {}


@pytest.mark.usefixtures("own_folders")
class TestSearch:
    """The mirror among the other places where a base image may come from."""

    def test_what_the_mirror_has_is_taken_from_there(self, rooms: Rooms, monkeypatch: pytest.MonkeyPatch) -> None:
        """Even with registries switched off, and no other one is asked."""
        monkeypatch.setenv("WORKSHOP_MIRROR", rooms.address)
        monkeypatch.setenv("WORKSHOP_NO_REGISTRY", "1")
        engine = FakeEngine()
        assert [found.origin for found in prepare(engine, ["thing:1"]).images] == [Origin.REGISTRY]
        assert list(engine.images) == ["thing:1"]
        assert engine.asked == []

    def test_what_the_mirror_lacks_is_sought_elsewhere(self, rooms: Rooms, monkeypatch: pytest.MonkeyPatch) -> None:
        """A registry is asked for it, and the message names both where neither has it."""
        monkeypatch.setenv("WORKSHOP_MIRROR", rooms.address)
        engine = FakeEngine(registry=["other:1"])
        assert [found.origin for found in prepare(engine, ["other:1"]).images] == [Origin.REGISTRY]
        monkeypatch.setenv("WORKSHOP_NO_REGISTRY", "1")
        with pytest.raises(BaseImageUnavailableError, match=f"the mirror at {rooms.address} does not have it, registr"):
            prepare(engine, ["somebody/third:1"])

    def test_a_mirror_that_does_not_answer_is_asked_once(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """The search goes on without it, now and for some minutes."""
        monkeypatch.setenv("WORKSHOP_MIRROR", "127.0.0.1:9")
        engine = FakeEngine(registry=["thing:1"])
        assert len(prepare(engine, ["thing:1"]).images) == 1
        assert Memory(engine.host).is_silent("127.0.0.1:9")
        with pytest.raises(BaseImageUnavailableError, match=r"the mirror at 127\.0\.0\.1:9 does not answer"):
            prepare(FakeEngine(), ["somebody/third:1"])


@pytest.mark.parametrize(
    ("reference", "repository"),
    [
        ("golang:1.26", "library/golang"),
        ("somebody/thing", "somebody/thing"),
        ("gcr.io/distroless/static-debian12", "gcr.io/distroless/static-debian12"),
        ("localhost:5000/a", "localhost_5000/a"),
    ],
)
def test_a_mirror_has_the_images_of_every_registry(reference: str, repository: str) -> None:
    """Docker Hub's are where `docker pull MIRROR/library/golang:1.26` looks for them, others below their registry."""
    parsed = parse_reference(reference)
    assert parsed is not None
    assert repository_in_mirror(parsed) == repository


@pytest.mark.parametrize("address", ["", "room:port", "ftp://room:5000", "room:5000/path", "http://"])
def test_what_is_no_address_is_a_usage_error(address: str) -> None:
    """One line says how it is written."""
    with pytest.raises(UsageError, match="Write it as HOST:PORT"):
        Registry(address)
