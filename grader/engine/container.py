"""One running container: starting it within limits, asking it over HTTP, watching it end, removing it.

What is found is returned as facts (`Exchange`, `Exit`); `grader.criteria` decides whether it is good enough.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

from docker.api.client import APIClient
from docker.errors import APIError, NotFound
from requests.exceptions import RequestException

from grader.engine.container_clock import own_time_of
from grader.engine.container_creation import creation_settings
from grader.engine.container_door import Door, is_local
from grader.engine.container_files import FILE_CAP, content, modified
from grader.engine.container_users import users_of
from grader.engine.faults import speaking
from grader.engine.http_question import NoAnswerError
from grader.engine.listening import Listener, listeners
from grader.engine.model import Exchange, Exit, RunRequest
from grader.engine.own_time import OwnTime
from grader.engine.plain_text import plain_text
from grader.engine.silence import Ended, HttpFailure, HttpFault, NotStarted, Silence, StartRefusal, silence_of_running
from grader.engine.start_faults import cause, start_refusal
from grader.errors import MachineError
from grader.languages.known import last_error_in

LOG_TAIL_LINES = 200
LOG_CAP = 20_000
LAST_LINE_CAP = 300
START_DEADLINE = 10.0
POLL = 0.03
NEVER_STARTED = 125
"""The exit code of `docker run` if there is no container (https://docs.docker.com/reference/cli/docker/container/run/)."""


@contextmanager
def laid_out(api: APIClient, host: str, request: RunRequest) -> Iterator["Container"]:
    """Create a container for `request` that is never started, to read its files; remove it at the end."""
    container = Container(api, host, request)
    try:
        with speaking(host, "creating a container"):
            container.create()
        yield container
    finally:
        with speaking(host, "removing a container"):
            container.remove()


@contextmanager
def running(
    api: APIClient,
    host: str,
    request: RunRequest,
    cpus: int = 1,
    reaches_ports: Callable[[], bool | None] = lambda: None,
) -> Iterator["Container"]:
    """Start a container for `request` on an engine that has `cpus`; remove it with its volumes at the end.

    `reaches_ports` is asked when no connection is possible: whether one ever is, on this engine.
    """
    container = Container(api, host, request, reaches_ports)
    try:
        with speaking(host, "starting a container"):
            container.start(cpus)
        yield container
    finally:
        with speaking(host, "removing a container"):
            container.remove()


class Container:
    """A container that was asked to start. `refusal` says why the image could not be started; None if it could."""

    def __init__(
        self, api: APIClient, host: str, request: RunRequest, reaches_ports: Callable[[], bool | None] = lambda: None
    ) -> None:
        self.refusal: StartRefusal | None = None
        self._api = api
        self._id = ""
        self._host = host
        self._door = Door(api, host, request.port or 0, reaches_ports)
        self._request = request
        self._answered = False

    def create(self) -> None:
        """Create it without starting it. What it would start does not matter: the image may lack a command."""
        created = self._api.create_container(
            self._request.image, command=["-"], labels=dict(self._request.labels), network_disabled=True
        )
        self._id = str(created["Id"])

    def start(self, cpus: int) -> None:
        """Create and start it; a refusal that is the image's fault is kept in `refusal`."""
        try:
            self._id = self._create(cpus)
            self._api.start(self._id)
        except APIError as error:
            self.refusal = start_refusal(str(error.explanation or error))
            if self.refusal is None:
                raise

    def _create(self, cpus: int) -> str:
        settings = creation_settings(self._api, self._request, cpus, is_local=is_local(self._host))
        return str(self._api.create_container(**settings)["Id"])

    def remove(self) -> None:
        """Remove it, running or not, with its volumes."""
        if self._id:
            with suppress(NotFound):
                self._api.remove_container(self._id, force=True, v=True)

    @property
    def identity(self) -> str:
        """The engine's id of it; empty if it could not be created."""
        return self._id

    @contextmanager
    def paused(self) -> Iterator[None]:
        """Stop all its processes for a while: they are there and their ports are open, but nothing answers.

        Does nothing if it does not run.
        """
        with speaking(self._host, "pausing a container"):
            running = self._is_running()
            if running:
                self._api.pause(self._id)
        try:
            yield
        finally:
            if running:
                with speaking(self._host, "letting a container go on"), suppress(NotFound):
                    self._api.unpause(self._id)

    def get(self, path: str, *, seconds: float = 5.0) -> Exchange:
        """Ask `path` over HTTP; the first request waits until the service has used `START_DEADLINE` seconds to come up.

        Seconds are the program's own, see `grader.engine.own_time`.
        """
        with speaking(self._host, "asking a container"):
            return self._get(path, seconds)

    def _get(self, path: str, seconds: float) -> Exchange:
        if self.refusal:
            return Exchange(path, None, silence=NotStarted(self.refusal))
        # A service that has answered before is asked again: a lost request on a busy machine must not decide a grade.
        limit = 2 * seconds if self._answered else START_DEADLINE
        with self._own_time() as clock:
            while True:
                failure = HttpFailure(HttpFault.NOT_PUBLISHED)
                with clock.on_hold():
                    running = self._is_running()
                    port = self._door.published_port(self._id) if running else None
                if port is not None:
                    try:
                        answer = self._door.ask(self._id, port, path, seconds, clock)
                    except NoAnswerError as error:
                        failure = error.failure
                    else:
                        self._answered = True
                        return answer
                if not running:
                    return Exchange(path, None, silence=self._ended())
                if clock.is_late(limit):
                    return Exchange(path, None, silence=self._silence(failure))
                _pause(POLL)

    @contextmanager
    def _own_time(self) -> Iterator[OwnTime]:
        """Count the time that what runs in the container uses itself."""
        with own_time_of(self._api, self._id, self._state().get("Pid") or 0).counting() as clock:
            yield clock

    def health(self, *, seconds: float = 0.0, failures: int = 0) -> str:
        """Return the state of the image's HEALTHCHECK: `healthy`, `unhealthy`, `starting`, or empty without one.

        While it is `starting`, wait until what runs in the container has used `seconds`. It also waits while it is
        `unhealthy`, until that many more checks have failed: those before it was asked may have been too early.
        """
        before = None
        with speaking(self._host, "asking for a container's health"), self._own_time() as clock:
            while True:
                state = self._state()
                health = state.get("Health") or {}
                status, failed = str(health.get("Status", "")), int(health.get("FailingStreak") or 0)
                before = failed if before is None else before
                waits = status == "starting" or (status == "unhealthy" and failed - before < failures)
                if not waits or not state.get("Running") or clock.is_late(seconds):
                    return "" if status == "none" else status
                _pause(POLL)

    def health_words(self) -> str:
        """What the last health check wrote, safe to show; empty if there was none yet."""
        with speaking(self._host, "asking for a container's health"):
            checks = (self._state().get("Health") or {}).get("Log") or []
        return cause(plain_text(str(checks[-1].get("Output", "")))) if checks else ""

    def listeners(self) -> tuple[Listener, ...] | None:
        """Where the processes listen, read from the host; None if the host cannot see them."""
        with speaking(self._host, "looking at a container"):
            pid = self._state().get("Pid")
        return listeners(pid if isinstance(pid, int) else 0, self._id)

    def user_ids(self) -> tuple[str, ...]:
        """The users of the container's processes as the host sees them (uid, or the name if ps gives no uid)."""
        with speaking(self._host, "listing a container's processes"):
            return self._user_ids() if self._id and self._is_running() else ()

    def _user_ids(self) -> tuple[str, ...]:
        seen = users_of(self._api, self._id)
        if not seen and self._is_running():
            raise MachineError(
                f"The engine at {self._host} cannot list a container's processes",
                "Install `ps` where it runs: the package is called procps, or procps-ng.",
            )
        return seen

    def stop(self, grace: float = 10.0) -> Exit:
        """Send the stop signal, wait until `grace` of its own seconds have passed, then kill; return how it ended."""
        if self.refusal:
            code = self._state().get("ExitCode") if self._id else None
            code = code if code in (126, 127) else NEVER_STARTED
            return Exit(code, killed=False, seconds=0.0, log="", refusal=self.refusal)
        with speaking(self._host, "stopping a container"):
            return self._stop(grace)

    def _stop(self, grace: float) -> Exit:
        # `docker stop` has a deadline of its own, which a busy machine lets pass.
        with self._own_time() as clock:
            with clock.on_hold(), suppress(APIError):  # it has just ended by itself
                self._api.kill(self._id, signal=self._stop_signal())
            return self._end(clock, grace)

    def wait(self, seconds: float) -> Exit:
        """Wait until it ends by itself; kill it once it has used `seconds` of its own. Return how it ended."""
        if self.refusal:
            return self.stop()
        with speaking(self._host, "waiting for a container"), self._own_time() as clock:
            return self._end(clock, seconds)

    def _end(self, clock: OwnTime, seconds: float) -> Exit:
        """Wait until it has ended, or has used `seconds`; then kill it."""
        while self._still_runs(clock) and not clock.is_late(seconds):
            _pause(POLL)
        used, killed = clock.seconds, self._is_running()
        if killed:
            self._api.stop(self._id, timeout=0)
        code = int(self._state().get("ExitCode", -1))
        return Exit(code, killed, used, self.log())

    def _still_runs(self, clock: OwnTime) -> bool:
        with clock.on_hold():
            return self._is_running()

    def _stop_signal(self) -> str:
        """Return the signal of the image's STOPSIGNAL, or Docker's default."""
        return str(self._api.inspect_container(self._id)["Config"].get("StopSignal") or "SIGTERM")

    def read_file(self, path: str, cap: int = FILE_CAP) -> bytes | None:
        """Return the first `cap` bytes of a regular file, running or not; None if there is no such file."""
        with speaking(self._host, "reading a file of a container"):
            return content(self._api, self._id, path, cap) if self._id else None

    def modified(self, path: str) -> str | None:
        """Return when a file was last modified, in RFC 3339, as exactly as the engine knows it; None without a file."""
        with speaking(self._host, "looking at a file of a container"):
            return modified(self._api, self._id, path) if self._id else None

    def log(self) -> str:
        """The tail of what it wrote to standard output and error, safe to show."""
        with suppress(APIError, RequestException):
            raw: bytes = self._api.logs(self._id, tail=LOG_TAIL_LINES) if self._id else b""
            return plain_text(raw[-LOG_CAP:].decode("utf-8", "replace"))
        return ""

    def _state(self) -> dict[str, Any]:
        state: dict[str, Any] = self._api.inspect_container(self._id)["State"]
        return state

    def _is_running(self) -> bool:
        return bool(self._state().get("Running"))

    def _ended(self) -> Ended:
        state = self._state()
        return Ended(
            exit_code=int(state.get("ExitCode", -1)),
            out_of_memory=bool(state.get("OOMKilled")),
            memory_limit=self._request.limits.memory,
            last_words=last_error_in(self.log())[:LAST_LINE_CAP],
        )

    def _silence(self, failure: HttpFailure) -> Silence:
        self._door.check(failure)
        return silence_of_running(self._request.port or 0, failure, START_DEADLINE, self.listeners())


def _pause(seconds: float) -> None:
    """Wait between two looks; every caller has its own deadline."""
    time.sleep(seconds)
