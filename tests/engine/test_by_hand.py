"""What a docker command that somebody types needs to reach the kit's engine."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from grader.engine.by_hand import by_hand
from grader.engine.docker_command import DockerCommand
from grader.engine.endpoint import Endpoint


@dataclass(frozen=True)
class Engine:
    """Implements the protocol of `by_hand` in memory."""

    host: str
    docker_command: DockerCommand


@pytest.fixture
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The only `docker` that the shell finds; no engine is named, and there is no context."""
    path = tmp_path / "my bin" / "docker"
    path.parent.mkdir()
    path.touch(mode=0o755)
    monkeypatch.setenv("PATH", str(path.parent))
    monkeypatch.setenv("HOME", str(tmp_path))
    for name in ("DOCKER_HOST", "DOCKER_CONTEXT", "DOCKER_BUILDKIT"):
        monkeypatch.delenv(name, raising=False)
    return path


def engine(program: Path, host: str, route: str = "buildx") -> Engine:
    """Return an engine at `host` on which `program` builds."""
    return Engine(host, DockerCommand(str(program), "cli" if route == "cli" else "buildx", "20.10", Endpoint(host)))


def test_where_docker_works_already_nothing_is_needed(program: Path) -> None:
    """The engine is the one that docker itself finds."""
    assert by_hand(engine(program, "unix:///var/run/docker.sock")).export_line == ""


def test_an_address_that_the_shell_has_is_not_said_again(program: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It was typed already."""
    monkeypatch.setenv("DOCKER_HOST", "unix:///run/workshop/docker.sock")
    assert by_hand(engine(program, "unix:///run/workshop/docker.sock")).export_line == ""
    assert by_hand(engine(program, "tcp://room:2376")).export_line == "export DOCKER_HOST=tcp://room:2376"


def test_another_way_to_the_same_socket_is_the_same_engine(
    program: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On many machines /var/run is a link to /run."""
    (tmp_path / "run").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "run")
    monkeypatch.setenv("DOCKER_HOST", f"unix://{tmp_path}/link/docker.sock")
    assert by_hand(engine(program, f"unix://{tmp_path}/run/docker.sock")).variables == {}


def test_a_private_engine_is_named(program: Path) -> None:
    """Or docker says that it cannot connect."""
    found = by_hand(engine(program, "unix:///run/workshop/docker.sock"))
    assert found.export_line == "export DOCKER_HOST=unix:///run/workshop/docker.sock"


def test_an_old_docker_command_must_be_asked_for_buildkit(program: Path) -> None:
    """Before version 23 it has BuildKit and uses it only if a variable asks for it."""
    found = by_hand(engine(program, "unix:///run/workshop/docker.sock", route="cli"))
    assert found.variables == {"DOCKER_HOST": "unix:///run/workshop/docker.sock", "DOCKER_BUILDKIT": "1"}


def test_another_docker_command_than_the_shells_comes_first(
    program: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first one on the way cannot build with BuildKit; a path with a blank is quoted."""
    other = tmp_path / "other" / "docker"
    other.parent.mkdir()
    other.touch(mode=0o755)
    monkeypatch.setenv("PATH", f"{other.parent}:{program.parent}")
    line = by_hand(engine(program, "unix:///var/run/docker.sock")).export_line
    assert line == f"export PATH='{program.parent}':\"$PATH\""


def test_a_plugin_that_is_named_is_no_docker_command(program: Path) -> None:
    """WORKSHOP_DOCKER may name it; what people type is the `docker` that their shell finds."""
    plugin = program.with_name("docker-buildx")
    assert by_hand(engine(plugin, "unix:///var/run/docker.sock")).program == str(program)
