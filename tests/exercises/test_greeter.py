"""The greeter itself, built and run on a real engine: its own tests, its answers, and how it stops."""

import secrets
from collections.abc import Iterator
from pathlib import Path

import pytest

from grader.base_images.prepare import prepare
from grader.engine.client import Engine
from grader.engine.connection import connect
from grader.engine.container import Container
from grader.engine.labels import run_labels
from grader.engine.model import BuildRequest, RunRequest
from grader.exercise.catalogue import find_exercise
from grader.exercise.source import copy_source

pytestmark = pytest.mark.engine

SOURCE = "go-multi-stage"
SHOP = "capstone/api"
"""The greeter with a shop added: its exercise, and the folder there."""
TESTS = "FROM golang:{version}\nWORKDIR /src\nCOPY . .\nRUN gofmt -l . | tee /dev/stderr | wc -l | grep -qx 0\n"
TESTS += "RUN go vet . && go test .\n"
SERVER = """FROM golang:1.26 AS builder
WORKDIR /src
COPY . .
RUN CGO_ENABLED=0 go build -tags timetzdata -ldflags "-X main.version=4.5.6" -o /greeter .
FROM scratch
COPY --from=builder /greeter /greeter
ENV COLOR=blue
ENTRYPOINT ["/greeter"]
CMD ["one", "two words"]
"""


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    """Connect to the engine, and remove what these tests made at the end."""
    engine = connect()
    yield engine
    engine.close()


def build(engine: Engine, folder: Path, dockerfile: str, source: str = SOURCE) -> str:
    """Build the greeter with this Dockerfile; return the image's tag."""
    exercise, _, inner = source.partition("/")
    copy_source(find_exercise(exercise), folder)
    folder /= inner
    (folder / "Dockerfile").write_text(dockerfile, encoding="utf-8")
    bases = [line.split()[1] for line in dockerfile.splitlines() if line.startswith("FROM") and "scratch" not in line]
    prepare(engine, tuple(bases), lambda _: None)
    run = secrets.token_hex(4)
    tag = f"workshop/greeter-test:{run}"
    result = engine.build(BuildRequest(folder, tag, labels=run_labels(run)))
    assert result.built, [step.log for step in result.steps if step.error] or result.error
    return tag


@pytest.mark.parametrize("source", [SOURCE, SHOP])
@pytest.mark.parametrize("version", ["1.22", "1.26"])
def test_its_own_tests_pass(source: str, version: str, engine: Engine, tmp_path: Path) -> None:
    """With the oldest and the newest Go that exercises name; it is formatted, and vet finds nothing."""
    tag = build(engine, tmp_path / "context", TESTS.format(version=version), source)
    engine.remove_image(tag)


@pytest.fixture(scope="module")
def greeter(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Container]:
    """Run the greeter on scratch, where it has only itself."""
    tag = build(engine, tmp_path_factory.mktemp("greeter") / "context", SERVER)
    with engine.run(RunRequest(tag, port=8080, labels=run_labels(tag.rpartition(":")[2]))) as container:
        yield container
    engine.remove_image(tag)


@pytest.mark.parametrize(
    ("path", "status", "holds"),
    [
        ("/", 200, "Good day from the container!"),
        ("/healthz", 200, "ok"),
        ("/version", 200, "4.5.6"),
        ("/args", 200, "one\ntwo words"),
        ("/env?name=COLOR", 200, "blue"),
        ("/env?name=SHAPE", 500, "SHAPE"),
        ("/tz?name=Europe/Berlin", 200, "+0"),
        ("/tz?name=No/Where", 500, "unknown time zone No/Where"),
        ("/tls", 500, "no root certificates found"),
        ("/write", 500, "/tmp"),
        ("/other", 404, "not found"),
    ],
)
def test_each_path_tells_what_the_container_has(greeter: Container, path: str, status: int, holds: str) -> None:
    """What is missing is an error that names it: criteria and learners read these words."""
    exchange = greeter.get(path)
    assert (exchange.status, holds in exchange.text) == (status, True), exchange.text or exchange.silence


def test_it_stops_when_told_to(greeter: Container) -> None:
    """SIGTERM: one line in the log, exit code 0, and no need to kill it. It comes last: the container is gone then."""
    assert greeter.get("/healthz").status == 200
    before = greeter.log()
    ended = greeter.stop()
    assert (ended.code, ended.killed) == (0, False)
    assert ended.log.removeprefix(before).count("\n") == 1
    assert "told to stop" in ended.log
