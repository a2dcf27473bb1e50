"""Reads what the docker command keeps for its user: config.json and the contexts. No engine is asked anything here.

Sources: https://docs.docker.com/reference/cli/docker/#docker-cli-configuration-file-configjson-properties, and the
folders `contexts/meta` and `contexts/tls`, whose names are SHA-256 of a context's name.
"""

import hashlib
import json
import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from docker.auth import parse_auth
from docker.errors import DockerException

from grader.codec import FormError, parse_json
from grader.engine.endpoint import Endpoint
from grader.errors import MachineError

FOLDER = "DOCKER_CONFIG"
CONTEXT = "DOCKER_CONTEXT"
_DEFAULT = "default"
_CREDENTIALS = ("credsStore", "credHelpers")
_TEXT_KEYS = ("currentContext", "credsStore")
_TABLE_KEYS = ("auths", "credHelpers", "proxies")


class DockerSettingsError(MachineError):
    """What the user has set for Docker's clients is wrong; the message names the variable or the file to change."""


@dataclass(frozen=True, slots=True)
class DockerConfig:
    """The settings in `file`; there may be none."""

    file: Path
    settings: Mapping[str, Any] = field(default_factory=dict)

    @property
    def missing_helpers(self) -> tuple[str, ...]:
        """The credential helpers that are named and are not on PATH, as programs."""
        named = [self.settings.get("credsStore"), *self.settings.get("credHelpers", {}).values()]
        programs = dict.fromkeys(f"docker-credential-{name}" for name in named if name)
        return tuple(program for program in programs if shutil.which(program) is None)

    def without_credentials(self) -> str:
        """Return the file's text without the helpers that keep credentials."""
        return json.dumps({name: value for name, value in self.settings.items() if name not in _CREDENTIALS})


@dataclass(frozen=True, slots=True)
class Context:
    """The context in use, other than the default one. `named_by` is the variable or the file that names it."""

    name: str
    named_by: str
    endpoint: Endpoint

    @property
    def advice(self) -> str:
        """How to use another one."""
        return _advice(self.named_by)


def config_folder() -> Path:
    """Return the folder of the user's settings; it need not be there, as for a user without a home."""
    named = os.environ.get(FOLDER)
    if named:
        return Path(named)
    try:
        return Path.home() / ".docker"
    except RuntimeError:
        return Path("/nonexistent/.docker")


def read_config() -> DockerConfig:
    """Read config.json. One that cannot be opened counts as none, as for the docker command.

    Raises:
        DockerSettingsError: it is not what the docker command writes.

    """
    file = config_folder() / "config.json"
    try:
        text = file.read_bytes()
    except OSError:
        return DockerConfig(file)
    try:
        settings = parse_json(text or b"{}")
    except FormError as error:
        raise _wrong(file, str(error)) from error
    reason = _what_is_wrong(settings)
    if reason:
        raise _wrong(file, reason)
    return DockerConfig(file, settings)


def _what_is_wrong(settings: Any) -> str:
    """Return what Docker's clients cannot read; empty if they can read all."""
    if not isinstance(settings, dict):
        return "it is not a JSON object"
    wrong = [f"`{name}` is not a text" for name in _TEXT_KEYS if not isinstance(settings.get(name, ""), str)]
    wrong += [f"`{name}` is not an object" for name in _TABLE_KEYS if not isinstance(settings.get(name, {}), dict)]
    return next(iter(wrong), "") or _what_is_wrong_inside(settings)


def _what_is_wrong_inside(settings: Mapping[str, Any]) -> str:
    """Look at what is in the tables."""
    if not all(isinstance(name, str) for name in settings.get("credHelpers", {}).values()):
        return "`credHelpers` has a value that is not a text"
    if not all(isinstance(proxy, dict) for proxy in settings.get("proxies", {}).values()):
        return "`proxies` has a value that is not an object"
    try:
        parse_auth(settings.get("auths", {}), raise_on_error=True)
    except (DockerException, ValueError, AttributeError, TypeError):
        return "`auths` has an entry that is not a login"
    return ""


def _wrong(file: Path, reason: str) -> DockerSettingsError:
    return DockerSettingsError(
        f"{file} cannot be read as Docker's settings: {reason}", f"Correct it, or name another folder in {FOLDER}."
    )


def context_in_use(config: DockerConfig) -> Context | None:
    """Return the context that the user has chosen; None for the default one.

    Raises:
        DockerSettingsError: there is no such context, or its file is wrong.

    """
    name = os.environ.get(CONTEXT)
    named_by = CONTEXT if name else str(config.file)
    name = name or str(config.settings.get("currentContext", ""))
    if name in ("", _DEFAULT):
        return None
    contexts, key = config.file.parent / "contexts", hashlib.sha256(os.fsencode(name)).hexdigest()
    file = contexts / "meta" / key / "meta.json"
    try:
        meta = parse_json(file.read_bytes())
        docker = meta["Endpoints"]["docker"]
        host, skips = docker["Host"], bool(docker.get("SkipTLSVerify"))
    except OSError as error:
        raise DockerSettingsError(
            f"There is no docker context `{name}`, which {named_by} names ({file}: {error.strerror})", _advice(named_by)
        ) from error
    except (FormError, LookupError, TypeError, AttributeError) as error:
        raise DockerSettingsError(f"{file} does not describe the docker context `{name}`", _advice(named_by)) from error
    if not isinstance(host, str) or not host:
        raise DockerSettingsError(f"{file} names no address for the docker context `{name}`", _advice(named_by))
    certificates = contexts / "tls" / key / "docker"
    uses_tls = skips or certificates.is_dir()
    return Context(name, named_by, Endpoint(host, str(certificates) if uses_tls else "", is_verified=not skips))


def _advice(named_by: str) -> str:
    if named_by == CONTEXT:
        return f"Start that engine, or change or unset {CONTEXT}."
    return "Start that engine, or choose another one: `docker context use default`."
