"""What the docker command keeps for its user: settings that are wrong are named with their file, contexts are found."""

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from grader.engine.docker_config import DockerSettingsError, config_folder, context_in_use, read_config
from grader.engine.endpoint import Endpoint


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder of settings that is not the usual one."""
    monkeypatch.setenv("DOCKER_CONFIG", str(tmp_path))
    monkeypatch.delenv("DOCKER_CONTEXT", raising=False)
    return tmp_path


def write_context(folder: Path, name: str, docker: Any) -> Path:
    """Write a context as the docker command does; return its key's folder of certificates, which is not made."""
    key = hashlib.sha256(name.encode()).hexdigest()
    meta = folder / "contexts" / "meta" / key / "meta.json"
    meta.parent.mkdir(parents=True)
    meta.write_text(json.dumps({"Name": name, "Metadata": {}, "Endpoints": {"docker": docker}}))
    return folder / "contexts" / "tls" / key / "docker"


def test_without_a_file_nothing_is_set(folder: Path) -> None:
    """As on a new machine."""
    assert read_config().settings == {}
    assert context_in_use(read_config()) is None


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('{"a": ', "it is not JSON"),
        ("[]", "it is not a JSON object"),
        ('{"currentContext": 1}', "`currentContext` is not a text"),
        ('{"credHelpers": 3}', "`credHelpers` is not an object"),
        ('{"credHelpers": {"x": 3}}', "`credHelpers` has a value"),
        ('{"proxies": []}', "`proxies` is not an object"),
        ('{"proxies": {"default": 1}}', "`proxies` has a value"),
        ('{"auths": {"x": 1}}', "`auths` has an entry"),
        ('{"auths": {"x": {"auth": "%%%"}}}', "`auths` has an entry"),
    ],
)
def test_what_docker_s_clients_cannot_read_is_named(folder: Path, text: str, words: str) -> None:
    """In one line, with the file and what to do."""
    (folder / "config.json").write_text(text)
    with pytest.raises(DockerSettingsError, match=rf"\A{folder}/config\.json[^\n]*{words}[^\n]*DOCKER_CONFIG\.\Z"):
        read_config()


def test_a_file_that_cannot_be_opened_counts_as_none(folder: Path) -> None:
    """As for the docker command."""
    (folder / "config.json").mkdir()
    assert read_config().settings == {}


@pytest.mark.parametrize("text", ["", '{"auths": {"x": {}}, "HttpHeaders": {}, "unknown": [1]}', '{"auths": {}}'])
def test_what_they_can_read_is_taken(folder: Path, text: str) -> None:
    """Settings that are not known here are theirs."""
    (folder / "config.json").write_text(text)
    read_config()


def test_helpers_that_are_not_on_this_machine_are_known(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each once; one that is there is not among them."""
    monkeypatch.setenv("PATH", str(folder))
    (folder / "docker-credential-there").touch(mode=0o755)
    settings = {"credsStore": "gone", "credHelpers": {"a": "there", "b": "gone", "c": "away"}, "proxies": {}}
    (folder / "config.json").write_text(json.dumps(settings))
    config = read_config()
    assert config.missing_helpers == ("docker-credential-gone", "docker-credential-away")
    assert json.loads(config.without_credentials()) == {"proxies": {}}


class TestContext:
    """The one that the user has chosen."""

    def test_the_variable_names_it_without_any_config_json(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """The folder of contexts is enough."""
        write_context(folder, "lab", {"Host": "unix:///lab.sock", "SkipTLSVerify": False})
        monkeypatch.setenv("DOCKER_CONTEXT", "lab")
        context = context_in_use(read_config())
        assert context is not None
        assert (context.endpoint, context.named_by) == (Endpoint("unix:///lab.sock"), "DOCKER_CONTEXT")

    def test_the_variable_is_stronger_than_the_file(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """As for the docker command, also where it names the default one."""
        (folder / "config.json").write_text('{"currentContext": "gone"}')
        monkeypatch.setenv("DOCKER_CONTEXT", "default")
        assert context_in_use(read_config()) is None

    def test_certificates_beside_it_are_used(self, folder: Path) -> None:
        """The docker command keeps them there."""
        (folder / "config.json").write_text('{"currentContext": "far"}')
        write_context(folder, "far", {"Host": "tcp://far:2376", "SkipTLSVerify": False}).mkdir(parents=True)
        context = context_in_use(read_config())
        assert context is not None
        assert context.endpoint.environment["DOCKER_CERT_PATH"].endswith("/docker")
        assert context.endpoint.environment["DOCKER_TLS_VERIFY"] == "1"

    @pytest.mark.parametrize("by_variable", [True, False])
    def test_one_that_is_not_there_is_named_with_what_names_it(
        self,
        folder: Path,
        monkeypatch: pytest.MonkeyPatch,
        by_variable: bool,  # noqa: FBT001 - a parameter
    ) -> None:
        """The variable, or the file."""
        if by_variable:
            monkeypatch.setenv("DOCKER_CONTEXT", "gone")
        else:
            (folder / "config.json").write_text('{"currentContext": "gone"}')
        named_by = "DOCKER_CONTEXT" if by_variable else f"{folder}/config.json"
        with pytest.raises(DockerSettingsError, match=rf"\AThere is no docker context `gone`, which {named_by} names"):
            context_in_use(read_config())

    @pytest.mark.parametrize("docker", [None, [], {}, {"Host": ""}, {"Host": 3}, "text"])
    def test_one_whose_file_is_wrong_is_named(self, folder: Path, monkeypatch: pytest.MonkeyPatch, docker: Any) -> None:
        """With the file."""
        write_context(folder, "odd", docker)
        monkeypatch.setenv("DOCKER_CONTEXT", "odd")
        with pytest.raises(DockerSettingsError, match=r"meta\.json [^\n]*`odd`[^\n]*DOCKER_CONTEXT"):
            context_in_use(read_config())


def test_a_user_without_a_home_has_no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    """Python then knows no home folder."""
    monkeypatch.delenv("DOCKER_CONFIG")

    def no_home() -> Path:
        raise RuntimeError

    monkeypatch.setattr(Path, "home", no_home)
    assert not config_folder().exists()
    assert read_config().settings == {}
