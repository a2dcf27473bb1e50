"""Which engine is asked, and what is said when none answers."""

import gc
import json
import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from socketserver import ThreadingUnixStreamServer

import pytest

from grader.engine.connection import connect
from grader.engine.docker_config import DockerSettingsError
from grader.engine.private.daemon import answering_version
from grader.engine.private.places import Places
from grader.errors import EngineUnavailableError
from tests.engine.test_docker_config import write_context

pytestmark = pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning")  # docker-py drops them unclosed


@pytest.fixture(autouse=True)
def nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Name no engine, and have no context."""
    for name in (
        "WORKSHOP_ENGINE",
        "DOCKER_HOST",
        "DOCKER_CONTEXT",
        "DOCKER_CONFIG",
        "DOCKER_TLS_VERIFY",
        "DOCKER_TLS",
        "DOCKER_CERT_PATH",
    ):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("WORKSHOP_HOME", "/tmp/wk-none")
    yield
    gc.collect()


@pytest.fixture
def silent(tmp_path: Path) -> str:
    """A socket on which nobody answers any more."""
    path = tmp_path / "s"
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(path))
    return f"unix://{path}"


def test_an_engine_that_is_named_is_the_only_one_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    """By argument, then by the kit's own variable, then by Docker's."""
    monkeypatch.setenv("DOCKER_HOST", "unix:///nowhere/third.sock")
    with pytest.raises(EngineUnavailableError, match=r"\ANo container engine answers at unix:///nowhere/third\.sock "):
        connect()
    monkeypatch.setenv("WORKSHOP_ENGINE", "unix:///nowhere/second.sock")
    with pytest.raises(EngineUnavailableError, match=r"nowhere/second\.sock \(there is no such socket\)"):
        connect()
    with pytest.raises(EngineUnavailableError, match=r"answers at unix:///nowhere/first\.sock [^\n]*Start it[^\n]*\Z"):
        connect("unix:///nowhere/first.sock")


@pytest.mark.parametrize(
    ("host", "words"),
    [
        ("tcp://127.0.0.1:1", "nothing listens"),
        ("ssh://nobody@127.0.0.1", "forward its socket"),
        ("nonsense://x", "Invalid bind address protocol"),
        ("unix:///etc", "at unix:///etc"),
    ],
)
def test_why_an_engine_does_not_answer_is_said(host: str, words: str) -> None:
    """In one line."""
    with pytest.raises(EngineUnavailableError, match=rf"\A[^\n]*{words}[^\n]*\Z"):
        connect(host)


def test_a_socket_that_a_dead_engine_left_is_told(silent: str) -> None:
    """It is there, and nobody listens."""
    with pytest.raises(EngineUnavailableError, match="nothing listens"):
        connect(silent)


def test_an_engine_that_one_may_not_use_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """The usual stumbling block on Linux: not in the group."""

    def refuse(self: Path) -> None:
        raise PermissionError(13, "Permission denied", str(self))

    monkeypatch.setattr(Path, "stat", refuse)
    with pytest.raises(EngineUnavailableError, match="you have no permission to use it"):
        connect("unix:///run/engine.sock")


def test_without_a_name_the_message_says_what_was_tried_and_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    """The default socket and the private engine's."""
    monkeypatch.setattr("grader.engine.connection.DEFAULT", "unix:///nowhere/default.sock")
    with pytest.raises(EngineUnavailableError, match=r"\A[^\n]*default\.sock[^\n]*wk-none[^\n]*engine up[^\n]*\Z"):
        connect()


def test_a_context_that_does_not_answer_is_not_replaced(
    tmp_path: Path, podman: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another engine answers, at the usual address: it is not the one that was chosen."""
    monkeypatch.setattr("grader.engine.connection.DEFAULT", podman)
    write_context(tmp_path / ".docker", "lab", {"Host": "unix:///nowhere/lab.sock", "SkipTLSVerify": False})
    monkeypatch.setenv("DOCKER_CONTEXT", "lab")
    with pytest.raises(DockerSettingsError, match=r"\A[^\n]*lab\.sock[^\n]*`lab` that DOCKER_CONTEXT names[^\n]*\Z"):
        connect()
    monkeypatch.setenv("DOCKER_HOST", podman)
    connect().close()


@pytest.mark.parametrize("there", [(), ("ca.pem", "cert.pem"), ("ca.pem", "key.pem")])
def test_a_certificate_that_is_not_there_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, there: tuple[str, ...]
) -> None:
    """With the variables that ask for it."""
    for name in there:
        (tmp_path / name).touch()
    monkeypatch.setenv("DOCKER_TLS_VERIFY", "1")
    monkeypatch.setenv("DOCKER_CERT_PATH", str(tmp_path))
    with pytest.raises(DockerSettingsError, match=rf"DOCKER_TLS_VERIFY is set[^\n]*{tmp_path}/\w+\.pem[^\n]*CERT_PATH"):
        connect("tcp://127.0.0.1:1")


def test_certificates_do_not_matter_for_a_socket(podman: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """They are for another engine of the same user."""
    monkeypatch.setenv("DOCKER_TLS_VERIFY", "1")
    monkeypatch.setenv("DOCKER_CERT_PATH", "/nowhere")
    connect(podman).close()


class _Podman(BaseHTTPRequestHandler):
    """Answers what Podman's service answers to a Docker client that connects."""

    def do_GET(self) -> None:
        """Say who it is."""
        about = {"Version": "4.3.1", "ApiVersion": "1.41", "Arch": "amd64", "Components": [{"Name": "Podman Engine"}]}
        body = json.dumps(about).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002 - the library's name
        """Be quiet."""


@pytest.fixture
def podman(tmp_path: Path) -> Iterator[str]:
    """An address at which something answers that says it is Podman."""
    with ThreadingUnixStreamServer(str(tmp_path / "podman.sock"), _Podman) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        yield f"unix://{tmp_path / 'podman.sock'}"
        server.shutdown()
        thread.join()


def test_podman_is_passed_over_and_the_reason_is_said(podman: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """It answers at Docker's address on many a machine, and cannot build as the exercises need it."""
    monkeypatch.setattr("grader.engine.connection.DEFAULT", podman)
    with pytest.raises(EngineUnavailableError, match=r"podman\.sock \(it is Podman, which has no BuildKit\)"):
        connect()


def test_podman_that_is_named_is_taken_and_refuses_to_build(podman: str) -> None:
    """Its images can be read; a build would be judged by rules that are not its own."""
    engine = connect(podman)
    with pytest.raises(EngineUnavailableError, match=r"\A[^\n]*is Podman[^\n]*engine up[^\n]*\Z"):
        engine.docker_command  # noqa: B018 - asking is the point
    engine.close()


def test_the_private_engine_is_asked_without_the_user_s_settings(
    tmp_path: Path, podman: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They are for other engines; if they are wrong, it would seem not to answer."""
    (tmp_path / "config.json").write_text('{"auths": {"x": 1}}')
    (tmp_path / "docker.sock").symlink_to(podman.removeprefix("unix://"))
    monkeypatch.setenv("DOCKER_CONFIG", str(tmp_path))
    assert answering_version(Places("name", tmp_path, tmp_path / "data")) == "4.3.1"
