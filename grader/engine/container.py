"""One running container: starting it within limits, asking it over HTTP, watching it end, removing it.

What is found is returned as facts (`Exchange`, `Exit`); whether it is good enough is for `grader.criteria`.
"""

import http.client
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any
from urllib.parse import urlsplit

from docker.api.client import APIClient
from docker.errors import APIError, NotFound
from docker.types import LogConfig
from requests.exceptions import RequestException

from grader.engine.faults import speaking
from grader.engine.listening import Listener, listeners
from grader.engine.model import Exchange, Exit, RunRequest

BODY_CAP = 1_000_000
LOG_TAIL_LINES = 200
LOG_CAP = 20_000
START_DEADLINE = 10.0
POLL = 0.03
PUBLISH_DEADLINE = 5.0


@contextmanager
def running(api: APIClient, host: str, request: RunRequest) -> Iterator["Container"]:
    """Start a container for `request`, and remove it with its volumes at the end."""
    bind = ("127.0.0.1", None) if _is_local(host) else None
    ports: dict[int | str, object] = {f"{request.port}/tcp": bind} if request.port else {}
    config = api.create_host_config(
        mem_limit=request.limits.memory,
        memswap_limit=request.limits.memory,
        pids_limit=request.limits.pids,
        nano_cpus=int(request.limits.cpus * 1e9),
        security_opt=["no-new-privileges"],
        port_bindings=ports,
        log_config=LogConfig(type=LogConfig.types.JSON, config={"max-size": "1m", "max-file": "1"}),
    )
    created = api.create_container(
        request.image,
        command=list(request.arguments) if request.arguments is not None else None,
        environment=dict(request.environment),
        labels=dict(request.labels),
        ports=[request.port] if request.port else None,
        host_config=config,
    )
    container = Container(api, created["Id"], host, request)
    try:
        container.start()
        yield container
    finally:
        with suppress(NotFound):
            api.remove_container(created["Id"], force=True, v=True)


class Container:
    """A container that was asked to start. `refused` says in the engine's words why it could not, else is empty."""

    def __init__(self, api: APIClient, identity: str, host: str, request: RunRequest) -> None:
        self.refused = ""
        self._api = api
        self._id = identity
        self._host = host
        self._address = "127.0.0.1" if _is_local(host) else urlsplit(host).hostname or host
        self._request = request
        self._started = 0.0
        self._answered = False

    def start(self) -> None:
        """Start it; a start command that does not exist or cannot be executed is kept in `refused`."""
        try:
            self._api.start(self._id)
        except APIError as error:
            explanation = " ".join((error.explanation or str(error)).split())
            if not _is_start_fault(explanation):
                raise
            self.refused = explanation
        self._started = time.monotonic()

    def get(self, path: str, *, seconds: float = 5.0) -> Exchange:
        """Ask `path` over HTTP; the first request waits for the service to come up, for `START_DEADLINE` seconds."""
        with speaking(self._host, "asking a container"):
            return self._get(path, seconds)

    def _get(self, path: str, seconds: float) -> Exchange:
        if self.refused:
            return Exchange(path, None, b"", f"the container did not start: {self.refused}")
        deadline = self._started + START_DEADLINE
        while True:
            failure, running = "its port was never published", self._is_running()
            port = self._published_port() if running else None
            if port is not None:
                answer, failure = self._ask(port, path, seconds)
                if answer is not None:
                    self._answered = True
                    return answer
            if not running:
                return Exchange(path, None, b"", self._ended_words())
            if self._answered or time.monotonic() > deadline:
                return Exchange(path, None, b"", self._silent_words(failure))
            _pause(POLL)

    def _ask(self, port: int, path: str, seconds: float) -> tuple[Exchange | None, str]:
        connection = http.client.HTTPConnection(self._address, port, timeout=seconds)
        try:
            connection.request("GET", path, headers={"Connection": "close"})
            response = connection.getresponse()
            return Exchange(path, response.status, response.read(BODY_CAP)), ""
        except TimeoutError:
            return None, f"it took the connection but gave no answer within {seconds:.0f} s"
        except (OSError, http.client.HTTPException) as error:
            return None, f"the connection failed ({type(error).__name__})"
        finally:
            connection.close()

    def listeners(self) -> tuple[Listener, ...]:
        """Where the processes listen, read from the host; empty where the host cannot see them."""
        pid = self._state().get("Pid")
        return listeners(pid if isinstance(pid, int) else 0, self._id)

    def user_ids(self) -> tuple[str, ...]:
        """The users of the container's processes as the host sees them (uid, or name where ps gives only that)."""
        with speaking(self._host, "listing a container's processes"):
            return self._user_ids()

    def _user_ids(self) -> tuple[str, ...]:
        for options in ("-eo pid,uid", None):
            with suppress(APIError):
                table = self._api.top(self._id, ps_args=options) if options else self._api.top(self._id)
                titles = [title.upper() for title in table["Titles"]]
                column = next((titles.index(name) for name in ("UID", "USER") if name in titles), None)
                if column is not None:
                    return tuple(row[column].strip() for row in table["Processes"] or ())
        return ()

    def stop(self, grace: float = 10.0) -> Exit:
        """Send the stop signal, wait `grace` seconds, then kill; return how it ended."""
        with speaking(self._host, "stopping a container"):
            return self._stop(grace)

    def _stop(self, grace: float) -> Exit:
        begun = time.monotonic()
        self._api.stop(self._id, timeout=int(grace))
        seconds = time.monotonic() - begun
        code = int(self._state().get("ExitCode", -1))
        return Exit(code, killed=code == 137 and seconds >= grace, seconds=seconds, log=self.log())  # noqa: PLR2004 - 128 + SIGKILL

    def log(self) -> str:
        """The tail of what it wrote to standard output and error."""
        with suppress(APIError, RequestException):
            raw: bytes = self._api.logs(self._id, tail=LOG_TAIL_LINES)
            return raw[-LOG_CAP:].decode("utf-8", "replace")
        return ""

    def _state(self) -> dict[str, Any]:
        state: dict[str, Any] = self._api.inspect_container(self._id)["State"]
        return state

    def _is_running(self) -> bool:
        return bool(self._state().get("Running"))

    def _published_port(self) -> int | None:
        bindings = self._api.port(self._id, self._request.port) if self._request.port else []
        return int(bindings[0]["HostPort"]) if bindings else None

    def _ended_words(self) -> str:
        state = self._state()
        words = f"the container ended by itself with exit code {state.get('ExitCode')}"
        if state.get("OOMKilled"):
            words += f" (out of memory: the limit is {self._request.limits.memory // 1_000_000} MB)"
        last = next((line for line in reversed(self.log().splitlines()) if line.strip()), "")
        return f"{words}; it last wrote: {last.strip()}" if last else f"{words} and wrote nothing"

    def _silent_words(self, failure: str) -> str:
        wanted = self._request.port
        found = self.listeners()
        on_port = [listener for listener in found if listener.port == wanted]
        if on_port and all(listener.is_loopback for listener in on_port):
            return f"the program listens on 127.0.0.1:{wanted} only, where nothing outside the container reaches it"
        if found and not on_port:
            ports = ", ".join(str(port) for port in sorted({listener.port for listener in found}))
            return f"nothing listens on port {wanted}; the program listens on {ports}"
        if not on_port:
            return f"nothing answered on port {wanted} within {START_DEADLINE:.0f} s: {failure}"
        return f"port {wanted} is open, but {failure}"


def _is_local(host: str) -> bool:
    """Whether published ports appear on this machine's loopback: so with a socket here, Docker Desktop's included."""
    return host.startswith(("unix://", "npipe://", "http+unix://"))


def _is_start_fault(explanation: str) -> bool:
    """Whether the engine blames the image's own start command (OCI runtime `exec` and `chdir` faults, no command)."""
    return any(
        words in explanation
        for words in (
            "exec:",
            "exec format error",
            "no command specified",
            "executable file not found",
            "unable to find user",
            "chdir to cwd",
            "permission denied",
            "no such file or directory",
        )
    )


def _pause(seconds: float) -> None:
    """Wait between two looks; every caller holds a deadline of its own."""
    time.sleep(seconds)
