"""Which docker command builds, found among programs that the tests write."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from grader.engine import docker_command
from grader.engine.docker_command import OVERRIDE, DockerCommand, Route, find_docker_command
from grader.engine.endpoint import Endpoint
from grader.errors import EngineUnavailableError

HERE = Endpoint("unix:///engine.sock")
BUILDX = "github.com/docker/buildx 0.13.1+ds1 0.13.1+ds1-3"
Put = Callable[..., Path]


@pytest.fixture
def put(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Put:
    """Write a program that answers `version` and `buildx version`; nothing else of this machine is found."""
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("PATH", "")
    monkeypatch.delenv(OVERRIDE, raising=False)
    monkeypatch.setattr(docker_command, "_USUAL_PLACES", ())

    def put(folder: str, version: str = "", buildx: str = "", name: str = "docker") -> Path:
        path = tmp_path / folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(
            f"#!/bin/sh\necho asked >> {tmp_path}/asked\n"
            f"case \"$*\" in\n  --version) echo '{version}' ;;\n"
            f"  *version) [ -n '{buildx}' ] && echo '{buildx}' || exit 1 ;;\n  *) exit 1 ;;\nesac\n"
        )
        path.chmod(0o755)
        monkeypatch.setenv("PATH", ":".join(sorted(str(found.parent) for found in tmp_path.glob("*/docker"))))
        return path

    return put


@pytest.mark.parametrize(
    ("version", "buildx", "route", "number"),
    [
        ("Docker version 20.10.24+dfsg1, build 297e128", "", "cli", "20.10.24+dfsg1"),
        ("Docker version 18.09.1, build x", "", "cli", "18.09.1"),
        ("Docker version 20.10.24, build x", BUILDX, "buildx", "0.13.1+ds1"),
        ("Docker version 28.2.2, build x", "github.com/docker/buildx v0.24.0 d0e5e86", "buildx", "0.24.0"),
    ],
)
def test_a_command_that_can_build_is_found(put: Put, version: str, buildx: str, route: Route, number: str) -> None:
    """With buildx where it is there, else by what an older command carries itself."""
    path = put("a", version, buildx)
    assert find_docker_command(HERE) == DockerCommand(str(path), route, number, HERE)


@pytest.mark.parametrize(
    "version",
    ["Docker version 28.2.2, build x", "Docker version 23.0.0", "Docker version 17.05.0", "podman version 5", ""],
)
def test_a_command_that_cannot_build_is_passed_over(put: Put, version: str) -> None:
    """A newer one without the plugin, one that is too old, another program of that name."""
    put("a", version)
    good = put("b", "Docker version 20.10.1, build x")
    assert find_docker_command(HERE).path == str(good)


def test_without_any_the_message_says_what_to_install(put: Put) -> None:
    """One line, with what was tried."""
    with pytest.raises(EngineUnavailableError, match=r"\AThere is no docker command[^\n]*buildx[^\n]*\Z"):
        find_docker_command(HERE)
    path = put("a", "Docker version 28.2.2")
    with pytest.raises(EngineUnavailableError, match=rf"\ANo docker command here[^\n]*{path}[^\n]*buildx[^\n]*\Z"):
        find_docker_command(HERE)


def test_the_one_that_is_named_is_the_only_one_tried(put: Put, monkeypatch: pytest.MonkeyPatch) -> None:
    """It may be the plugin itself."""
    put("a", "Docker version 20.10.1, build x")
    plugin = put("plugins", buildx=BUILDX, name="docker-buildx")
    monkeypatch.setenv(OVERRIDE, str(plugin))
    found = find_docker_command(HERE)
    assert (found.route, found.program) == ("buildx", (str(plugin),))
    monkeypatch.setenv(OVERRIDE, str(put("c", "Docker version 28.0.0")))
    with pytest.raises(EngineUnavailableError, match=rf"\A{OVERRIDE}=[^\n]* cannot build[^\n]*\Z"):
        find_docker_command(HERE)


def test_what_was_found_is_remembered_until_the_file_changes(put: Put, tmp_path: Path) -> None:
    """Asking costs as much as a small build."""
    put("a", "Docker version 20.10.1, build x")
    asked = tmp_path / "asked"
    find_docker_command(HERE)
    before = asked.read_text()
    assert find_docker_command(Endpoint("unix:///another.sock")).host == "unix:///another.sock"
    assert asked.read_text() == before
    put("a", "Docker version 20.10.22222, build x")
    assert find_docker_command(HERE).version == "20.10.22222"


@pytest.mark.parametrize("content", ["", "[]", "{", json.dumps({"x": {"path": 1}}), json.dumps({"x": 1})])
def test_a_damaged_memory_is_no_fault(put: Put, tmp_path: Path, content: str) -> None:
    """It is only a cache."""
    put("a", "Docker version 20.10.1, build x")
    file = tmp_path / "cache" / "workshop" / "docker-commands.json"
    file.parent.mkdir(parents=True)
    file.write_text(content)
    assert find_docker_command(HERE).version == "20.10.1"


@pytest.mark.parametrize(
    ("route", "version", "rawjson", "provenance"),
    [
        ("cli", "20.10.24", False, False),
        ("buildx", "0.8.2", False, False),
        ("buildx", "0.10.0", False, True),
        ("buildx", "0.13.1+ds1", True, True),
        ("buildx", "1.0.0", True, True),
        ("buildx", "unknown", False, False),
    ],
)
def test_what_a_version_can(route: Route, version: str, rawjson: bool, provenance: bool) -> None:  # noqa: FBT001 - parameters
    """Progress as data came with buildx 0.13, statements of provenance with 0.10."""
    command = DockerCommand("/x/docker", route, version, HERE)
    assert (command.has_rawjson, command.has_provenance) == (rawjson, provenance)
