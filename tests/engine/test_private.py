"""The private engine itself: a second one, with a home of its own, is started and stopped next to the one in use."""

import gc
import http.client
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest

from grader.engine import private
from grader.engine.client import Engine
from grader.engine.connection import connect
from grader.engine.container import Container
from grader.engine.labels import run_labels
from grader.engine.model import BuildEnd, BuildRequest, RunRequest
from grader.engine.private import control_group, processes
from grader.engine.private.bridge import bridge_exists
from grader.engine.private.places import Places, places
from grader.errors import MachineError

pytestmark = [
    pytest.mark.engine,
    pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning"),  # docker-py drops them when none answers
]

COMMAND_SECONDS = 120
SERVING = 'FROM {base}\nRUN ["/bin/busybox", "mkdir", "/www"]\nRUN ["/bin/busybox", "touch", "/www/{page}"]\n'
TOO_MANY = "i=0; while [ $i -lt {count} ]; do sleep 600 & i=$((i+1)); done; true"
FORK_BOMB = "breed() { breed & breed; }; breed"
SERVE = ("/bin/busybox", "httpd", "-f", "-p", "8080", "-h", "/www")


@pytest.fixture
def home(monkeypatch: pytest.MonkeyPatch) -> Iterator[Places]:
    """The places of a private engine of this test's own; whatever the test leaves of it is removed."""
    folder = Path(tempfile.mkdtemp(prefix="workshop-", dir="/tmp"))
    monkeypatch.setenv("WORKSHOP_HOME", str(folder))
    here = places()
    try:
        yield here
        private.down(announce=quietly, purge=here.marker.exists())
        gc.collect()
    finally:
        shutil.rmtree(folder)


def quietly(line: str) -> None:
    """Announce nothing."""
    del line


def all_processes() -> list[int]:
    """The ids of this machine's processes."""
    return [int(folder.name) for folder in Path("/proc").iterdir() if folder.name.isdigit()]


@contextmanager
def serving(engine: Engine, folder: Path, base: str, page: str, run: str) -> Iterator[Container]:
    """Build an image that serves an empty `page` on `engine`, and run it."""
    reference = f"workshop-test/serving:{page}"
    (folder / "Dockerfile").write_text(SERVING.format(base=base, page=page), encoding="utf-8")
    built = engine.build(BuildRequest(folder, reference, labels=run_labels(run)))
    assert built.built, built.error
    with engine.run(RunRequest(reference, port=8080, arguments=SERVE, labels=run_labels(run))) as container:
        yield container


def firewall() -> list[str]:
    """The machine's lasting firewall rules: without those of single containers and of networks made meanwhile."""
    iptables = shutil.which("iptables-save", path="/usr/sbin:/sbin")
    if iptables is None:
        return []
    said = subprocess.run([iptables], capture_output=True, text=True, check=True, timeout=COMMAND_SECONDS).stdout
    rules = [re.sub(r"\[\d+:\d+\]", "", line) for line in said.splitlines()]
    return [rule for rule in rules if not rule.startswith("#") and "/32" not in rule and "br-" not in rule]


def interfaces() -> set[str]:
    """The names of the machine's network interfaces, those of single containers aside."""
    return {name for _, name in socket.if_nameindex() if not name.startswith(("veth", "workshop-", "br-"))}


def workshop(*arguments: str, environment: Mapping[str, str] | None = None) -> subprocess.Popen[str]:
    """Start the `workshop` command."""
    return subprocess.Popen(
        [sys.executable, "-m", "grader.cli.main", *arguments],
        env={**os.environ, **(environment or {})},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def pretend_dockerd(folder: Path, script: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Put a program named dockerd first on PATH."""
    program = folder / "bin" / "dockerd"
    program.parent.mkdir()
    program.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}{os.pathsep}{os.environ['PATH']}")


class TestUp:
    """`engine up`."""

    def test_that_is_asked_twice_starts_one_engine(self, home: Places) -> None:
        """The second call returns the same address and leaves the same process running."""
        said: list[str] = []
        assert private.up(announce=said.append) == home.host
        first = private.status()
        assert private.up(announce=said.append) == home.host
        assert private.status().pid == first.pid
        assert first.running
        assert first.version
        assert len(said) == 1
        assert str(home.data_root) in said[0]

    def test_asked_by_two_commands_at_once_starts_one_engine(self, home: Places) -> None:
        """Both succeed, and one process is there."""
        commands = [workshop("engine", "up") for _ in range(2)]
        with ThreadPoolExecutor() as pool:
            ends = list(pool.map(lambda command: command.communicate(timeout=COMMAND_SECONDS), commands))
        assert [command.returncode for command in commands] == [0, 0], ends
        assert sum("starting /" in errors for _, errors in ends) == 1
        assert [processes.is_daemon(home, pid) for pid in all_processes()].count(True) == 1

    def test_passes_over_a_pidfile_whose_number_now_is_another_process(self, home: Places) -> None:
        """The engine counts as stopped, comes up, and the other process lives."""
        home.run.mkdir()
        home.socket.touch()
        with subprocess.Popen(["sleep", str(COMMAND_SECONDS)]) as bystander:
            home.pidfile.write_text(str(bystander.pid), encoding="ascii")
            assert not private.status().running
            private.up(announce=quietly)
            assert private.status().version
            assert bystander.poll() is None
            bystander.kill()

    def test_mends_an_engine_that_was_killed(
        self, home: Places, base: str, run: str, tmp_path: Path, engine: Engine
    ) -> None:
        """It counts as stopped; the next one has its images, and nothing of the killed one still runs."""
        private.up(announce=quietly)
        killed = private.status().pid
        assert killed is not None
        with closing_connection(home.host) as second:
            copy_image(engine, second, base)
            with serving(second, tmp_path, base, "killed", run):
                orphans = processes.dependants(home)
                assert any(b"httpd" in Path(f"/proc/{pid}/cmdline").read_bytes() for pid in orphans)
                os.kill(killed, signal.SIGKILL)
                assert processes.wait_until(lambda: not private.status().running, COMMAND_SECONDS)
                private.up(announce=quietly)
                assert private.status().pid != killed
                assert not [pid for pid in orphans if Path(f"/proc/{pid}/exe").exists()]
                assert second.inspect_image(base) is not None

    def test_says_why_the_engine_ended(self, home: Places, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """One line with the daemon's own reason and where its log is; no bridge and no pidfile stays."""
        reason = "failed to start daemon: the moon is in the wrong house"
        pretend_dockerd(tmp_path, f"echo starting; echo '{reason}'; echo bye; exit 1", monkeypatch)
        with pytest.raises(MachineError) as caught:
            private.up(announce=quietly)
        assert str(caught.value) == f"The private engine ended during its start: {reason} (log: {home.log})."
        assert not bridge_exists(home.name)
        assert not home.pidfile.exists()

    def test_that_is_interrupted_leaves_no_engine(
        self, home: Places, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Ctrl-C while it waits: the daemon is ended, the bridge removed, the exit code 130."""
        pretend_dockerd(tmp_path, "while :; do sleep 0.1; done", monkeypatch)
        command = workshop("engine", "up")
        assert processes.wait_until(lambda: processes.find_daemon(home) is not None, COMMAND_SECONDS)
        command.send_signal(signal.SIGINT)
        _, errors = command.communicate(timeout=COMMAND_SECONDS)
        assert command.returncode == 130, errors
        assert processes.find_daemon(home) is None
        assert not bridge_exists(home.name)


class TestTwo:
    """Two private engines, each with a home of its own."""

    def test_that_start_at_once_take_different_addresses(self, home: Places) -> None:
        """Both answer, and ending one leaves the other as it is."""
        with home_beside(home) as beside:
            homes = [here.run.parent for here in (home, beside)]
            commands = [workshop("engine", "up", environment={"WORKSHOP_HOME": str(folder)}) for folder in homes]
            ends = [command.communicate(timeout=COMMAND_SECONDS) for command in commands]
            assert [command.returncode for command in commands] == [0, 0], ends
            routes = Path("/proc/net/route").read_text(encoding="ascii").splitlines()
            networks = [line.split()[1] for line in routes if line.split()[0] in (home.name, beside.name)]
            assert len(set(networks)) == 2, routes
            private.down(announce=quietly)
            with closing_connection(beside.host) as second:
                assert second.image_references() == ()
            assert bridge_exists(beside.name)


@contextmanager
def home_beside(first: Places) -> Iterator[Places]:
    """The places of a second private engine; what is left of it is removed."""
    folder = Path(tempfile.mkdtemp(prefix="workshop-", dir="/tmp"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("WORKSHOP_HOME", str(folder))
        here = places()
    assert here.name != first.name
    try:
        yield here
    finally:
        ended = workshop("engine", "down", "--purge", environment={"WORKSHOP_HOME": str(folder)})
        assert ended.wait(COMMAND_SECONDS) == 0
        ended.communicate()
        shutil.rmtree(folder)


class TestLimits:
    """What builds may not do to the machine."""

    def test_a_fork_bomb_is_the_learners_failed_build(
        self, home: Places, base: str, run: str, tmp_path: Path, engine: Engine
    ) -> None:
        """It ends by itself for want of processes, long before the deadline, and the engine builds on."""
        private.up(announce=quietly)
        allowed = control_group.processes_allowed()
        assert private.status().process_limit == allowed
        with closing_connection(home.host) as second:
            copy_image(engine, second, base)
            for script in (TOO_MANY.format(count=allowed + 1), FORK_BOMB):
                (tmp_path / "Dockerfile").write_text(f"FROM {base}\nRUN {script}\n", encoding="utf-8")
                request = BuildRequest(tmp_path, "workshop-test/bomb:1", labels=run_labels(run), deadline=120)
                ended = second.build(request)
                assert ended.end is BuildEnd.FAILED, ended
                assert "fork" in "".join(step.log for step in ended.steps)
            with serving(second, tmp_path, base, "afterwards", run) as container:
                assert container.get("/afterwards").status == http.client.OK
        private.down(announce=quietly)
        assert not list(control_group.CGROUPS.glob(f"*/{home.name}"))

    def test_where_control_groups_cannot_be_written_it_goes_on_without(self, home: Places, tmp_path: Path) -> None:
        """As in a container that may not: no limit is claimed, and nothing is left."""
        (tmp_path / "pids").write_text("a read-only tree has no folder here", encoding="utf-8")
        assert not control_group.make_limit(home, tmp_path)
        assert control_group.read_limit(home, tmp_path) is None


class TestBesideAnotherEngine:
    """What the engine that was there first notices: nothing."""

    def test_its_container_bridge_and_firewall_stay(
        self, home: Places, engine: Engine, base: str, run: str, tmp_path: Path
    ) -> None:
        """They are the same while the private one, started twice, serves a container, and after it is gone."""
        folders = [tmp_path / name for name in ("first", "second")]
        for folder in folders:
            folder.mkdir()
        with serving(engine, folders[0], base, "first", run) as container:
            assert container.get("/first").status == http.client.OK
            before = (firewall(), interfaces())
            private.up(announce=quietly)
            private.down(announce=quietly)
            private.up(announce=quietly)
            with closing_connection(home.host) as second:
                copy_image(engine, second, base)
                with serving(second, folders[1], base, "second", run) as other:
                    assert other.get("/second").status == http.client.OK
                    assert container.get("/first").status == http.client.OK
                    assert (firewall(), interfaces()) == before
            private.down(announce=quietly)
            assert container.get("/first").status == http.client.OK
            assert (firewall(), interfaces()) == before


class TestDown:
    """`engine down`."""

    def test_removes_all_but_the_images(self, home: Places) -> None:
        """Process, socket, pidfile and bridge go; the data stays, and goes with `--purge`."""
        private.up(announce=quietly)
        pid = private.status().pid
        assert bridge_exists(home.name)
        said: list[str] = []
        private.down(announce=said.append)
        assert said == ["The private engine is stopped."]
        assert not Path(f"/proc/{pid}/exe").exists()
        assert not home.socket.exists()
        assert not home.pidfile.exists()
        assert not bridge_exists(home.name)
        assert private.status().disk_bytes > 0
        private.down(announce=said.append, purge=True)
        assert not home.data_root.exists()

    def test_purges_nothing_that_is_not_its_own(self, home: Places) -> None:
        """A folder of that name which the workshop did not make stays, and a line says so."""
        home.data_root.mkdir(parents=True)
        (home.data_root / "thesis.txt").touch()
        with pytest.raises(MachineError, match="was not made by the workshop"):
            private.down(announce=quietly, purge=True)
        assert (home.data_root / "thesis.txt").exists()


@contextmanager
def closing_connection(host: str) -> Iterator[Engine]:
    """Connect, and close the connection at the end."""
    found = connect(host)
    try:
        yield found
    finally:
        found.close()


def copy_image(source: Engine, target: Engine, reference: str) -> None:
    """Load the image of one engine into another."""
    target.load(source.save(reference))
