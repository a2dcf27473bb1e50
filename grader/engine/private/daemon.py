"""One dockerd: starting it so that it outlives the command, asking whether it answers, ending it and all it left.

`configuration.py` separates it from other engines; `lifecycle.py` decides who may start it and when.
"""

import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from docker.transport import UnixHTTPAdapter
from filelock import FileLock
from requests import Session
from requests.exceptions import RequestException

from grader.engine.private import bridge, configuration, control_group, processes, storage
from grader.engine.private.places import Places
from grader.errors import MachineError

ADDRESSES_LOCK = "/run/workshop-addresses.lock"
START_SECONDS = 90.0
TELL_SECONDS = 5.0
STOP_SECONDS = 30.0
KILL_SECONDS = 10.0
PING_SECONDS = 2
_SYSTEM_FOLDERS = ("/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin")


def search_path() -> str:
    """PATH with the folders that contain engines, which root's own PATH may lack."""
    return os.pathsep.join([*filter(None, [os.environ.get("PATH")]), *_SYSTEM_FOLDERS])


def find_dockerd() -> str | None:
    """Return where dockerd is, or None."""
    return shutil.which("dockerd", path=search_path())


def answering_version(places: Places) -> str | None:
    """Return the version that the engine answers with, or None if it does not answer.

    docker-py's client would read the user's settings, which are for other engines and may be wrong.
    """
    if not places.socket.exists():
        return None
    try:
        with Session() as session:
            session.trust_env = False
            adapter = UnixHTTPAdapter(f"http+unix://{places.socket}", PING_SECONDS)
            session.mount("http+docker://", adapter)
            return str(session.get("http+docker://localhost/version", timeout=PING_SECONDS).json()["Version"])
    except (RequestException, OSError, ValueError, LookupError, TypeError):
        return None


def start(places: Places, dockerd: str, announce: Callable[[str], None]) -> None:
    """Start the daemon and wait until it answers; after any error nothing half-started stays.

    Raises:
        MachineError: it did not start; the message has the last line of its log, and the log's path.

    """
    _clear(places)
    try:
        with _choosing_alone():
            bridge.make_bridge(places.name, configuration.choose_address())
        is_limited = control_group.make_limit(places)
        if not is_limited:
            announce("this machine's control groups cannot be written: builds may start any number of processes")
        configuration.write_configuration(places, is_limited=is_limited)
        pid = _spawn(places, dockerd)
        wait_for_answer(places, pid, announce)
    except BaseException:
        end(places, KILL_SECONDS, force=True)
        raise


@contextmanager
def _choosing_alone() -> Iterator[None]:
    """Make sure that two engines that start at the same moment, each with its own home, take different addresses."""
    lock = FileLock(ADDRESSES_LOCK)
    try:
        lock.acquire(timeout=START_SECONDS)
    except OSError as error:
        raise MachineError(
            f"{ADDRESSES_LOCK} cannot be locked ({error}). End the program that uses it, then try again."
        ) from error
    try:
        yield
    finally:
        lock.release()


def end(places: Places, seconds: float, *, force: bool = False) -> bool:
    """Ask the daemon to end, wait `seconds`, then kill it if `force`; return whether it and all it left are gone."""
    pid = processes.find_daemon(places)
    if pid is not None and not _end_process(places, pid, signal.SIGTERM, seconds):
        if not force:
            return False
        _end_process(places, pid, signal.SIGKILL, seconds)
    _clear(places)
    bridge.remove_bridge(places.name)
    control_group.remove_limit(places)
    return True


def _end_process(places: Places, pid: int, sign: signal.Signals, seconds: float) -> bool:
    with suppress(ProcessLookupError):
        os.kill(pid, sign)
    return processes.wait_until(lambda: not processes.is_daemon(places, pid), seconds)


def _clear(places: Places) -> None:
    """Remove what a crashed daemon left behind, so that the next one starts from a clean state."""
    processes.end_orphans(places)
    storage.unmount_leftovers(places.exec_root, places.data_root)
    places.pidfile.unlink(missing_ok=True)
    places.socket.unlink(missing_ok=True)
    shutil.rmtree(places.exec_root, ignore_errors=True)


def _spawn(places: Places, dockerd: str) -> int:
    namespaces = (f"--containerd-namespace={places.name}", f"--containerd-plugins-namespace={places.name}-plugins")
    detach = [sys.executable, "-I", "-W", "ignore", str(Path(__file__).with_name("detach.py"))]
    started = subprocess.run(
        [*detach, str(places.log), dockerd, "--config-file", str(places.config), *namespaces],
        env={**os.environ, "PATH": search_path()},
        capture_output=True,
        text=True,
        check=False,
        timeout=START_SECONDS,
    )
    if started.returncode != 0:
        reason = (started.stderr.strip().splitlines() or ["it gave no reason"])[-1]
        raise MachineError(f"{dockerd} cannot be started: {reason}.")
    return int(started.stdout)


def wait_for_answer(places: Places, pid: int, announce: Callable[[str], None]) -> None:
    """Wait until the daemon `pid` answers.

    Raises:
        MachineError: it ended, or does not answer; the message has the last line of its log.

    """
    waited = 0.0
    while waited < START_SECONDS:
        settled = processes.wait_until(
            lambda: processes.has_ended(places, pid) or answering_version(places) is not None, TELL_SECONDS
        )
        if processes.has_ended(places, pid):
            raise MachineError(f"The private engine ended during its start: {last_words(places)} (log: {places.log}).")
        if settled:
            return
        waited += TELL_SECONDS
        announce(f"waiting for the engine to answer ({waited:.0f} s) ...")
    raise MachineError(
        f"The private engine does not answer after {START_SECONDS:.0f} s: {last_words(places)} (log: {places.log})."
    )


def last_words(places: Places) -> str:
    """Return the most useful line from the end of the log: the reason that dockerd gives, else its last error."""
    try:
        lines = places.log.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return "it has no log"
    lines = [line for line in lines if line.strip()]
    for telling in ("failed to start", "level=fatal", "level=error"):
        for line in reversed(lines):
            if telling in line:
                return _message(line)
    return _message(lines[-1]) if lines else "its log is empty"


def _message(line: str) -> str:
    match = re.search(r'msg="((?:[^"\\]|\\.)*)"', line)
    return (match[1].replace('\\"', '"') if match else line).strip().rstrip(".")
