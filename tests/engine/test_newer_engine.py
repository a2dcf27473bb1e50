"""The newest Docker, next to this machine's own, with both of its image stores: it builds, runs, saves and ends."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from grader.engine.client import Engine
from grader.engine.labels import run_labels
from grader.engine.model import BuildRequest, RunRequest
from grader.image.reader import read_image
from tests.engine.conftest import BASE_DOCKERFILE, write_context
from tests.engine.support.newer_engine import STORES, running_newer_engine

pytestmark = pytest.mark.engine
NEEDLE = b"wk5hp0123456789abcdef0123"
PACKED = "docker.io/workshop-test/zstd:1"
ZSTD = b"\x28\xb5\x2f\xfd"


@pytest.fixture(scope="module", params=STORES)
def newer(request: pytest.FixtureRequest) -> Iterator[Engine]:
    """A newer engine that runs next to the usual one."""
    with running_newer_engine(request.param) as engine:
        yield engine


def test_it_builds_runs_and_saves(newer: Engine, busybox: bytes, tmp_path: Path) -> None:
    """A file of the build is in the image as it is read, and the container's program serves it."""
    dockerfile = BASE_DOCKERFILE + "COPY index.html /\nRUN ls /index.html\n"
    context = write_context(tmp_path / "context", dockerfile, {"busybox": busybox, "index.html": NEEDLE})
    built = newer.build(BuildRequest(context, "workshop-test/newer:1", labels=run_labels("newer")))
    assert built.built, built.error
    image = read_image(newer.save("workshop-test/newer:1"), (NEEDLE,))
    assert [str(match.path) for match in image.matches] == ["index.html"]
    arguments = ("httpd", "-f", "-p", "8080", "-h", "/")
    with newer.run(RunRequest("workshop-test/newer:1", arguments=arguments, port=8080)) as container:
        assert container.get("/index.html").body.strip() == NEEDLE


@pytest.mark.parametrize("newer", ["containerd"], indirect=True)
def test_an_image_with_zstd_layers_is_read(newer: Engine, tmp_path: Path) -> None:
    """This store keeps layers as they came, and saves them so; the classic one unpacks them."""
    context = write_context(tmp_path / "context", "FROM scratch\nCOPY text /\n", {"text": NEEDLE * 9})
    made = tmp_path / "made.tar"
    output = f"type=oci,compression=zstd,force-compression=true,name={PACKED},dest={made}"
    command = [*newer.docker_command.program, "build", "--builder=default", "--provenance=false", "--output", output]
    environment = {**os.environ, "DOCKER_HOST": newer.host}
    subprocess.run([*command, str(context)], env=environment, check=True, capture_output=True, timeout=60)
    newer.load([made.read_bytes()])
    saved = b"".join(newer.save(PACKED))
    assert ZSTD in saved
    image = read_image(iter([saved]), (NEEDLE,))
    newer.remove_image(PACKED)
    assert [str(match.path) for match in image.matches] == ["text"]


def test_without_ps_the_users_of_processes_are_read_from_proc(
    busybox: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Engines run on machines that do not have it."""
    monkeypatch.setenv("WITHOUT_PS", "1")
    context = write_context(tmp_path / "context", BASE_DOCKERFILE + "USER 1234\n", {"busybox": busybox})
    with running_newer_engine("classic") as engine:
        built = engine.build(BuildRequest(context, "workshop-test/newer:1"))
        assert built.built, built.error
        request = RunRequest("workshop-test/newer:1", arguments=("sleep", "60"), networked=False)
        with engine.run(request) as container:
            assert container.user_ids() == ("1234",)


def test_it_ends_and_leaves_no_process_and_no_bridge() -> None:
    """As if it had never been there."""
    with running_newer_engine("classic") as engine:
        home = Path(engine.host.removeprefix("unix://")).parent.parent
        assert homes(home)
    assert not homes(home)
    assert not home.exists()


def homes(home: Path) -> list[bytes]:
    """Return the command lines in which that home is named."""
    return [line for line in map(command_line, Path("/proc").glob("[0-9]*")) if os.fsencode(home) in line]


def command_line(process: Path) -> bytes:
    """Return a process's arguments; a process that has ended has none."""
    try:
        return (process / "cmdline").read_bytes()
    except OSError:
        return b""
