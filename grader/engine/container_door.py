"""How the service in a container is reached over HTTP: at the port that the engine publishes, or at its own address."""

from collections.abc import Callable
from urllib.parse import urlsplit

from docker.api.client import APIClient

from grader.engine.http_question import NoAnswerError, ask
from grader.engine.model import Exchange
from grader.engine.own_time import OwnTime, wall_limit
from grader.engine.silence import HttpFailure, HttpFault
from grader.errors import MachineError

_NO_CONNECTION = (HttpFault.REFUSED, HttpFault.UNREACHABLE)


class Door:
    """The way to a container's TCP `port`. `reaches_ports` says whether a published port can be reached from here."""

    def __init__(self, api: APIClient, host: str, port: int, reaches_ports: Callable[[], bool | None]) -> None:
        self._api = api
        self._host = host
        self._port = port
        self._reaches_ports = reaches_ports
        self._address = "127.0.0.1" if is_local(host) else urlsplit(host).hostname or host

    def published_port(self, container_id: str) -> int | None:
        """Return the port of the engine's machine that leads to the container's; None if there is none yet."""
        bindings = self._api.port(container_id, self._port) if self._port else []
        return int(bindings[0]["HostPort"]) if bindings else None

    def ask(self, container_id: str, port: int, path: str, seconds: float, clock: OwnTime) -> Exchange:
        """Ask at the published `port`, else at the container's own address: a container that asks another reaches that.

        Raises:
            NoAnswerError: neither gives an answer; says what happened at the published port.

        """
        try:
            return _ask_at(self._address, port, path, seconds, clock)
        except NoAnswerError as error:
            address = self._own_address(container_id) if error.failure.kind in _NO_CONNECTION else ""
            if not address:
                raise
            try:
                return _ask_at(address, self._port, path, seconds, clock)
            except NoAnswerError:
                raise error from None

    def check(self, failure: HttpFailure) -> None:
        """See to it that `failure` is the program's.

        Raises:
            MachineError: no published port can be reached from here.

        """
        if failure.kind in _NO_CONNECTION and self._reaches_ports() is False:
            raise MachineError(
                f"The ports that the engine at {self._host} publishes cannot be reached at {self._address}: it is in "
                "another network than the workshop",
                "Run the workshop where the engine runs, or in a container with `--network host`.",
            )

    def _own_address(self, container_id: str) -> str:
        """Return its address in the engine's network; empty if that is on another machine."""
        settings = self._api.inspect_container(container_id)["NetworkSettings"] if is_local(self._host) else {}
        networks = (settings.get("Networks") or {}).values()
        return next((str(network["IPAddress"]) for network in networks if network.get("IPAddress")), "")


def is_local(host: str) -> bool:
    """Whether published ports appear on this machine's loopback: true for a socket here, also Docker Desktop's."""
    return host.startswith(("unix://", "npipe://", "http+unix://"))


def _ask_at(address: str, port: int, path: str, seconds: float, clock: OwnTime) -> Exchange:
    asked = clock.seconds
    is_over = lambda: clock.seconds - asked >= seconds or clock.is_hopeless(seconds)  # noqa: E731 - a question
    return ask(address, port, path, seconds, wall_limit(seconds), is_over)
