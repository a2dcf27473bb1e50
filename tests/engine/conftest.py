"""What tests of the engine share: an engine, the two kinds of docker command, a small base image, builds by text."""

import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from grader.engine.client import Engine
from grader.engine.connection import connect
from grader.engine.container import Container
from grader.engine.docker_command import OVERRIDE, find_docker_command
from grader.engine.endpoint import Endpoint
from grader.engine.labels import run_labels
from grader.engine.model import BuildRequest, BuildResult, RunRequest
from grader.errors import EngineUnavailableError

SUPPORT = Path(__file__).parent / "support"
FETCH_SECONDS = 600
BASE_DOCKERFILE = 'FROM scratch\nCOPY busybox /bin/busybox\nRUN ["/bin/busybox", "--install", "-s", "/bin"]\n'


def fetched(part: str) -> Path:
    """Return a program that this machine lacks, out of the user's cache or a Debian package."""
    arguments = [sys.executable, str(SUPPORT / "fetch_docker.py"), part]
    done = subprocess.run(arguments, capture_output=True, text=True, check=False, timeout=FETCH_SECONDS)
    assert done.returncode == 0, done.stderr
    return Path(done.stdout.strip().partition(": ")[2])


def docker_command_of(route: str, host: str) -> str:
    """Return a docker command that builds by `route`: one of this machine's, else one that is fetched."""
    for candidate in dict.fromkeys((shutil.which("docker"), "/usr/bin/docker")):
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv(OVERRIDE, candidate or "/nowhere")
            try:
                found = find_docker_command(Endpoint(host))
            except EngineUnavailableError:
                continue
            if found.route == route:
                return found.path
    return str(fetched("buildx" if route == "buildx" else "cli"))


@pytest.fixture(scope="session")
def engine() -> Iterator[Engine]:
    """The engine that the environment names, or the first that answers."""
    found = connect()
    yield found
    found.close()


@pytest.fixture(scope="session")
def run(engine: Engine) -> Iterator[str]:
    """The name of this test run; what carries it is removed at the end."""
    name = f"test-{uuid4().hex[:12]}"
    yield name
    engine.remove_leftovers(name)


@pytest.fixture(scope="session")
def busybox() -> bytes:
    """A static busybox: a complete userland in one file."""
    return fetched("busybox").read_bytes()


@pytest.fixture(scope="session", params=["cli", "buildx"])
def builder(request: pytest.FixtureRequest, engine: Engine) -> Iterator[Engine]:
    """The same engine, built on by one kind of docker command and then by the other."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(OVERRIDE, docker_command_of(request.param, engine.host))
        found = connect(engine.host)
        assert found.docker_command.route == request.param
    yield found
    found.close()


@pytest.fixture(scope="session")
def base(engine: Engine, run: str, busybox: bytes, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The reference of an image with busybox and its applets in /bin."""
    reference = f"workshop-test/base:{run}"
    context = write_context(tmp_path_factory.mktemp("base"), BASE_DOCKERFILE, {"busybox": busybox})
    result = engine.build(BuildRequest(context, reference, labels=run_labels(run)))
    assert result.built, result.error
    return reference


@pytest.fixture
def build(builder: Engine, base: str, run: str, tmp_path: Path) -> Callable[..., BuildResult]:
    """Build a Dockerfile's text, in which BASE stands for the base image, on `builder`."""
    return building(builder, base, run, tmp_path)


@pytest.fixture
def image(engine: Engine, base: str, run: str, tmp_path: Path) -> Callable[..., str]:
    """Make an image out of a Dockerfile's text, in which BASE stands for the base image; return its reference."""
    build_there = building(engine, base, run, tmp_path)

    def make(dockerfile: str, **options: Any) -> str:
        reference = f"workshop-test/image:{uuid4().hex[:12]}"
        result = build_there(dockerfile, tag=reference, **options)
        assert result.built, result.error
        return reference

    return make


@pytest.fixture
def start(engine: Engine, base: str, run: str) -> Callable[..., AbstractContextManager[Container]]:
    """Start a shell script, or the command of an image, in a container of its own."""

    def starting(script: str | None = None, image: str = base, **options: Any) -> AbstractContextManager[Container]:
        arguments = ("sh", "-c", script) if script is not None else None
        settings: dict[str, Any] = {"port": 8080, "arguments": arguments, "labels": run_labels(run), **options}
        return engine.run(RunRequest(image, **settings))

    return starting


def building(engine: Engine, base: str, run: str, folder: Path) -> Callable[..., BuildResult]:
    """Return a function that builds a Dockerfile's text on `engine`."""

    def build(
        dockerfile: str, files: Mapping[str, str | bytes] | None = None, on_step: Any = None, **options: Any
    ) -> BuildResult:
        context = write_context(folder / uuid4().hex[:12], dockerfile.replace("BASE", base), files or {})
        options = {"tag": f"workshop-test/built:{uuid4().hex[:12]}", "labels": run_labels(run), **options}
        return engine.build(BuildRequest(context, **options), on_step)

    return build


def write_context(folder: Path, dockerfile: str, files: Mapping[str, str | bytes]) -> Path:
    """Write a build context."""
    folder.mkdir(exist_ok=True)
    for name, content in {"Dockerfile": dockerfile, **files}.items():
        path = folder / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        path.chmod(0o755)
    return folder
