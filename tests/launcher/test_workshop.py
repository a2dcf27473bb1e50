"""The launcher `./workshop`: the environment is made once, completely or not at all, and its words are few."""

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from grader.engine.private.processes import wait_until
from tests.launcher.launching import Clone

WAIT_SECONDS = 60
Remove = Callable[[Clone, str], None]
Add = Callable[[Clone, str, str], None]


@contextmanager
def command_of(real: Clone, text: str) -> Iterator[None]:
    """Put other text into the environment's command for a while."""
    assert real.run("list").returncode == 0
    path = real.venv / "bin" / "workshop"
    before = path.read_text("utf-8")
    path.write_text(text, encoding="utf-8")
    try:
        yield
    finally:
        path.write_text(before, encoding="utf-8")


class TestWithARealPython:
    """A clone in a folder with a blank in its name, called from another folder."""

    def test_it_makes_an_environment_once(self, real: Clone, tmp_path: Path) -> None:
        """The first call says what it makes; the second, through a link, says nothing and does not call pip."""
        link = tmp_path / "linked"
        link.symlink_to(real.root / "workshop")
        first = real.run("list", "two words")
        assert (first.returncode, first.stdout) == (0, "called with list two words\n"), first.stderr
        assert len(first.stderr.splitlines()) == 3
        log = (real.venv / "workshop-setup.log").stat().st_mtime_ns
        second = real.run("--version", script=link)
        assert (second.returncode, second.stdout, second.stderr) == (0, "called with --version\n", "")
        assert (real.venv / "workshop-setup.log").stat().st_mtime_ns == log

    @pytest.mark.parametrize("text", ["import grader_that_is_not_there", "this is no Python"])
    def test_a_package_that_cannot_be_imported_is_one_line(self, real: Clone, text: str) -> None:
        """What to do is said, and no traceback is shown."""
        with command_of(real, text):
            ran = real.run("list")
        assert (ran.returncode, ran.stdout, ran.stderr.count("\n")) == (3, "", 1)
        assert f"delete {real.venv} and try again" in ran.stderr

    def test_an_error_of_the_command_itself_is_left_alone(self, real: Clone) -> None:
        """So are its arguments, its exit code, and modules next to the learner's files."""
        (real.root.parent / "small.py").write_text("raise SystemExit('the wrong one')")
        with command_of(real, "import sys, small\nsys.exit(f'{sys.argv[1:]} 9')"):
            ran = real.run("list", "a b")
        assert (ran.returncode, ran.stderr) == (1, "['list', 'a b'] 9\n")

    def test_a_half_made_environment_is_made_anew(self, real: Clone) -> None:
        """One whose set-up was cut short has no stamp: it is thrown away, also when it looks as if it would do."""
        real.run("list")
        (real.venv / "workshop.stamp").unlink()
        (real.venv / "rubbish").touch()
        again = real.run("list")
        assert again.stdout == "called with list\n", again.stderr
        assert "not finished" in again.stderr
        assert not (real.venv / "rubbish").exists()


class TestWhenSomethingChanged:
    """What asks for a new installation."""

    def test_a_new_lock_is_installed_into_the_same_environment(self, clone: Clone) -> None:
        """One more call of pip; the environment itself stays."""
        clone.run("list")
        (clone.venv / "kept").touch()
        (clone.root / "requirements.lock").write_text("# another\n", encoding="utf-8")
        assert clone.run("list").stdout == "called with list\n"
        assert clone.called("pip install") == 2
        assert (clone.venv / "kept").exists()

    def test_the_tests_get_the_developers_tools(self, clone: Clone) -> None:
        """`test` installs the developers' lock besides; then both commands are quick."""
        clone.run("list")
        clone.run("test")
        assert clone.called("requirements-dev.lock") == 1
        for command in ("test", "list"):
            assert clone.run(command).stderr == ""

    @pytest.mark.parametrize("words", [("test", "--help"), ("test", "-h"), ("test", "-q", "--help")])
    def test_help_for_the_tests_installs_nothing(self, clone: Clone, words: tuple[str, ...]) -> None:
        """Whoever only reads has time for the developers' tools later."""
        ran = clone.run(*words)
        assert (ran.returncode, ran.stderr) == (0, "")
        assert "Usage: " in ran.stdout
        assert not clone.venv.exists()
        clone.run("list")
        assert clone.run(*words).stdout == f"called with {' '.join(words)}\n"
        assert clone.called("requirements-dev.lock") == 0

    def test_a_moved_clone_is_installed_anew(self, clone: Clone) -> None:
        """The environment remembers where the clone was."""
        clone.run("list")
        moved = Clone(clone.root.rename(clone.root.with_name("moved")), clone.environment, clone.calls)
        assert moved.run("list").stdout == "called with list\n"
        assert clone.called("pip install") == 2

    def test_an_environment_can_be_elsewhere(self, clone: Clone, tmp_path: Path) -> None:
        """`WORKSHOP_VENV` names the place."""
        assert clone.run("list", WORKSHOP_VENV=str(tmp_path / "there")).returncode == 0
        assert (tmp_path / "there" / "workshop.stamp").exists()
        assert not clone.venv.exists()

    def test_the_command_knows_how_it_was_called(self, clone: Clone, tmp_path: Path) -> None:
        """Its messages name what can be typed here: the link, not the file that it leads to."""
        link = tmp_path / "link-to-it"
        link.symlink_to(clone.root / "workshop")
        clone.run("list")
        clone.run("list", script=link)
        assert clone.called(f"launched as {clone.root / 'workshop'}") == 1
        assert clone.called(f"launched as {link}") == 1

    def test_an_environment_without_the_command_is_made_again(self, clone: Clone) -> None:
        """Python would say that a file cannot be opened, with the exit code of a usage error."""
        clone.run("list")
        (clone.venv / "bin" / "workshop").unlink()
        assert clone.run("list").returncode == 0
        assert clone.called("pip install") == 2


class TestWithoutPython:
    """Each is one line that says what to install, and exit code 3."""

    def test_there_is_none(self, clone: Clone, without: Remove, adding: Add) -> None:
        """Where there is apt-get, its command is named."""
        without(clone, "python3")
        adding(clone, "apt-get", "#!/bin/sh\n")
        assert complaint(clone) == (
            "workshop: Python 3.10 or later is needed and was not found: "
            "run `apt-get install python3 python3-venv` as root, then try again."
        )

    def test_it_is_too_old(self, clone: Clone) -> None:
        """It counts as none."""
        assert "Python 3.10 or later is needed" in complaint(clone, TOO_OLD="1")

    def test_it_can_make_no_environments(self, clone: Clone, adding: Add) -> None:
        """Debian keeps that in a package of its own."""
        adding(clone, "apt-get", "#!/bin/sh\n")
        assert "`apt-get install python3-venv`" in complaint(clone, WITHOUT_VENV="1")
        assert not clone.venv.exists()


class TestWhenPipFails:
    """The reason is shown, and nothing half-made counts as finished."""

    def test_its_last_words_are_shown(self, clone: Clone) -> None:
        """What pip said, then what to do; the next call starts again."""
        said = "WARNING: Retrying (Retry(total=0)): Name or service not known"
        done = clone.run("list", LOCK_FAILS="1", LOCK_SAYS=said)
        assert done.returncode == 3
        assert done.stdout == ""
        assert f"  {said}\n" in done.stderr
        assert "see that a package index can be reached" in done.stderr
        assert "not finished" in clone.run("list").stderr

    def test_a_locked_version_that_is_gone_is_replaced(self, clone: Clone) -> None:
        """What pyproject.toml allows is taken, and one line says so."""
        done = clone.run("list", LOCK_FAILS="1", LOCK_SAYS="ERROR: No matching distribution found for click==0")
        assert done.stdout == "called with list\n"
        assert "are not available here; taking what pyproject.toml allows" in done.stderr
        assert clone.run("list").stderr == ""

    def test_no_version_at_all_is_the_end(self, clone: Clone) -> None:
        """When the ranges fail too, so does the launcher."""
        done = clone.run("list", LOCK_FAILS="1", RANGES_FAIL="1", LOCK_SAYS="ERROR: No matching distribution")
        assert done.returncode == 3
        assert not (clone.venv / "workshop.stamp").exists()


class TestTwoAtOnce:
    """One makes the environment, the other waits."""

    def test_the_second_waits_for_the_first(self, clone: Clone) -> None:
        """Both run their command; pip was called once."""
        hold = Path(clone.environment["WAITS"])
        hold.touch()
        with clone.start("list") as first:
            assert wait_until(lambda: clone.called("-m venv") == 1, WAIT_SECONDS)
            with clone.start("demo") as second:
                assert second.stderr is not None
                assert "waiting for it" in second.stderr.readline()
                hold.unlink()
                outputs = [one.communicate(timeout=WAIT_SECONDS)[0] for one in (first, second)]
        assert outputs == ["called with list\n", "called with demo\n"]
        assert clone.called("pip install") == 1
        assert not list(clone.root.glob(".venv.lock*"))

    def test_one_that_died_is_not_waited_for(self, clone: Clone) -> None:
        """Its lock is taken over."""
        gone = subprocess.Popen(["true"])
        gone.wait(timeout=WAIT_SECONDS)
        lock = clone.root / ".venv.lock"
        lock.mkdir()
        (lock / "pid").write_text(f"{gone.pid}\n", encoding="ascii")
        assert clone.run("list").stdout == "called with list\n"
        assert not lock.exists()

    def test_one_that_is_interrupted_leaves_no_lock(self, clone: Clone) -> None:
        """Ctrl-C ends it with its exit code; the next one starts again."""
        hold = Path(clone.environment["WAITS"])
        hold.touch()
        with clone.start("list") as first:
            assert wait_until(lambda: clone.called("-m venv") == 1, WAIT_SECONDS)
            first.terminate()
            hold.unlink()
            first.communicate(timeout=WAIT_SECONDS)
        assert first.returncode == 143
        assert not (clone.root / ".venv.lock").exists()
        assert "not finished" in clone.run("list").stderr


class TestOtherPeoplesFolders:
    """What the launcher did not make it does not delete."""

    def test_a_folder_that_is_no_environment_stays(self, clone: Clone) -> None:
        """One line names the way out."""
        clone.venv.mkdir()
        (clone.venv / "thesis.txt").touch()
        assert "is no Python environment" in complaint(clone)
        assert [item.name for item in clone.venv.iterdir()] == ["thesis.txt"]

    def test_an_environment_made_by_hand_is_used(self, clone: Clone) -> None:
        """What is needed is installed into it."""
        (clone.venv / "bin").mkdir(parents=True)
        (clone.venv / "pyvenv.cfg").touch()
        (clone.venv / "mine").touch()
        shutil.copy(Path(clone.environment["PATH"]) / "python3", clone.venv / "bin" / "python")
        assert clone.run("list").stdout == "called with list\n"
        assert clone.called("-m venv") == 0
        assert (clone.venv / "mine").exists()


def test_uv_is_used_where_there_is_one(with_uv: Clone) -> None:
    """It makes the environment and installs; pip is not called."""
    done = with_uv.run("list")
    assert done.stdout == "called with list\n", done.stderr
    assert with_uv.called("uv venv") == 1
    assert with_uv.called("uv pip install") == 1
    assert with_uv.called("-m pip") == 0


def test_it_is_written_for_any_posix_shell(repository: Path) -> None:
    """It can be executed, names plain `sh`, and dash reads it."""
    script = repository / "workshop"
    assert os.access(script, os.X_OK)
    assert script.read_text(encoding="utf-8").startswith("#!/bin/sh\n")
    for shell in filter(None, map(shutil.which, ("dash", "sh", "bash"))):
        subprocess.run([shell, "-n", str(script)], check=True, timeout=WAIT_SECONDS)


def complaint(clone: Clone, **environment: str) -> str:
    """The one line with which the launcher refuses."""
    done = clone.run("list", script=None, **environment)
    assert done.returncode == 3, done.stderr
    assert done.stdout == ""
    [line] = done.stderr.splitlines()
    return line
