"""One build as a command line and an environment."""

import re
from pathlib import Path
from typing import Any

import pytest

from grader.engine.build_command import BuildInvocation, invocation
from grader.engine.docker_command import DockerCommand
from grader.engine.endpoint import Endpoint
from grader.engine.model import BuildRequest
from grader.errors import MachineError

CLI = DockerCommand("/x/docker", "cli", "20.10.24", Endpoint("unix:///e.sock"))
BUILDX = DockerCommand("/x/docker", "buildx", "0.13.1", Endpoint("unix:///e.sock"))


def made(command: DockerCommand = CLI, **options: Any) -> BuildInvocation:
    """Return the command of a build of /context."""
    with invocation(command, BuildRequest(Path("/context"), "name:tag", **options)) as found:
        return found


def test_all_that_is_asked_for_is_on_the_command_line() -> None:
    """In the docker command's words."""
    labels = {"a": "b=c"}
    found = made(target="t", platform="linux/arm64", no_cache=True, labels=labels, dockerfile="sub/D")
    arguments = found.arguments
    assert arguments[:3] == ("/x/docker", "build", "--progress=plain")
    assert arguments[-1] == "/context"
    wanted = {"--target=t", "--platform=linux/arm64", "--no-cache", "--label=a=b=c", "--file=/context/sub/D"}
    assert wanted | {"--tag=name:tag", "--network=none"} <= set(arguments)
    assert not {part.partition("=")[0] for part in made().arguments} & {
        "--target",
        "--platform",
        "--no-cache",
        "--label",
    }


def test_buildx_is_told_how_to_build() -> None:
    """By the engine's own builder, without a statement of provenance, its progress as data."""
    wanted = ("/x/docker", "buildx", "build", "--builder=default", "--progress=rawjson", "--provenance=false")
    assert made(BUILDX).arguments[:6] == wanted
    plugin = DockerCommand("/x/docker-buildx", "buildx", "0.9.1", Endpoint("unix:///e.sock"))
    assert made(plugin).arguments[:4] == ("/x/docker-buildx", "build", "--builder=default", "--progress=plain")


def test_values_of_build_arguments_are_not_on_the_command_line(monkeypatch: pytest.MonkeyPatch) -> None:
    """Except where the name means something to the docker command itself."""
    monkeypatch.setenv("TAKEN", "x")
    found = made(build_args={"NONCE": "n1", "TAKEN": "n2", "DOCKER_HOST": "n3", "http_proxy": "n4"})
    assert "--build-arg=NONCE" in found.arguments
    assert found.environment["NONCE"] == "n1"
    assert {"--build-arg=TAKEN=n2", "--build-arg=DOCKER_HOST=n3", "--build-arg=http_proxy=n4"} <= set(found.arguments)
    assert found.environment["DOCKER_HOST"] == "unix:///e.sock"
    assert found.environment["TAKEN"] == "x"


def test_secrets_are_files_that_only_we_may_read_and_are_removed() -> None:
    """Neither their content nor its length is on the command line."""
    with invocation(CLI, BuildRequest(Path("/c"), "n:t", secrets={"token": b"hidden"})) as found:
        [option] = [argument for argument in found.arguments if argument.startswith("--secret=")]
        path = Path(option.partition("src=")[2])
        assert option.startswith("--secret=id=token,")
        assert path.read_bytes() == b"hidden"
        assert (path.stat().st_mode & 0o777, path.parent.stat().st_mode & 0o777) == (0o600, 0o700)
    assert not path.parent.exists()


def test_a_cache_mount_namespace_is_a_build_argument() -> None:
    """That is how BuildKit takes it."""
    assert "--build-arg=BUILDKIT_CACHE_MOUNT_NS=n" in made(cache_mount_namespace="n").arguments


@pytest.mark.parametrize(
    "name",
    [
        "BUILDKIT_HOST",
        "BUILDKIT_PROGRESS",
        "BUILDX_BUILDER",
        "DOCKER_CONTENT_TRUST",
        "DOCKER_CONTEXT",
        "DOCKER_DEFAULT_PLATFORM",
        "OTEL_EXPORTER",
        "SOURCE_DATE_EPOCH",
    ],
)
def test_a_user_s_settings_do_not_change_how_is_built(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """Two machines must give one verdict."""
    monkeypatch.setenv(name, "x")
    monkeypatch.setenv("DOCKER_CONFIG", "kept")
    environment = made().environment
    assert name not in environment
    assert environment["DOCKER_CONFIG"] == "kept"
    assert environment["DOCKER_BUILDKIT"] == "1"


def test_the_image_s_id_is_what_the_command_left(tmp_path: Path) -> None:
    """Or nothing, if it left none or nonsense."""
    file = tmp_path / "iid"
    found = BuildInvocation((), {}, file)
    assert found.image_id() is None
    for content, expected in ((b"", None), (b"\xff", None), (b"sha256:ab\n", "sha256:ab")):
        file.write_bytes(content)
        assert found.image_id() == expected


def test_a_folder_that_cannot_be_written_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """One line, not a traceback."""
    monkeypatch.setattr("tempfile.tempdir", "/nowhere")
    with pytest.raises(MachineError, match=r"\ATemporary files for a build cannot be written: [^\n]*\Z"):
        made()


def test_no_setting_of_the_user_s_shell_leads_to_another_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each of these would make the docker command refuse, or ask elsewhere."""
    for name in ("TLS_VERIFY", "TLS", "CERT_PATH", "API_VERSION", "CONTEXT"):
        monkeypatch.setenv(f"DOCKER_{name}", "/nowhere")
    environment = made().environment
    assert not [name for name in environment if re.match(r"DOCKER_(TLS|CERT|API|CONTEXT)", name)]
    assert environment["DOCKER_HOST"] == "unix:///e.sock"
    far = DockerCommand("/x/docker", "cli", "20.10.24", Endpoint("tcp://far:2376", "/certificates"))
    assert made(far).environment["DOCKER_CERT_PATH"] == "/certificates"
    assert made(far).environment["DOCKER_TLS_VERIFY"] == "1"


def test_a_missing_program_for_credentials_is_not_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The command gets the user's other settings and plugins."""
    (tmp_path / "cli-plugins").mkdir()
    (tmp_path / "cli-plugins" / "docker-buildx").touch()
    (tmp_path / "config.json").write_text('{"credsStore": "gone", "proxies": {}}')
    monkeypatch.setenv("DOCKER_CONFIG", str(tmp_path))
    with invocation(CLI, BuildRequest(Path("/c"), "n:t")) as found:
        folder = Path(found.environment["DOCKER_CONFIG"])
        assert (folder / "config.json").read_text() == '{"proxies": {}}'
        assert (folder / "cli-plugins" / "docker-buildx").is_file()
    assert not folder.exists()
