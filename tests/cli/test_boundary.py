"""Whatever a command did not foresee is one line, a log and exit code 3; so is output that does not arrive."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from grader.cli.commands import COMMANDS
from grader.logs import KEPT
from tests.cli.running import ARGUMENTS, DEADLINE, Ran, Workshop, environment

MACHINE = 3
READER_GONE = 141
needs_full = pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no device that is full")
FULL = "workshop: standard output cannot be written: No space left on device.\n"
TALKING = (
    *(("--help",), ("--version",), ("list",), ("next",), ("hint", "02"), ("solution", "02", "--yes"), ("reset", "02")),
    *(("init", "elsewhere"), ("site",), ("engine", "status")),
    *((entry.name, "--help") for entry in COMMANDS),
)
"""Commands that say something on standard output and need no engine."""
BREAKS = """
import sys
import threading
import grader.cli.list_exercises as module

def thread(*arguments):
    started = threading.Thread(target=breaks)
    started.start()
    started.join()
    return every(*arguments)

def deep(*_):
    return deep()

def breaks(*_):
    {statement}

every = module.all_exercises
module.{name} = {function}
sys.argv = ["workshop", "list"]
from grader.cli.main import main
main()
"""
WITHOUT = """
import sys
sys.modules[{missing!r}] = None
sys.argv = ["workshop", "list"]
from grader.cli.main import main
main()
"""
Breaking = Callable[..., Ran]


@pytest.fixture
def workspace(workshop: Workshop, tmp_path: Path) -> Path:
    """A learner's folder with all exercises."""
    assert workshop("init", tmp_path / "mine").code == 0
    return tmp_path / "mine"


@pytest.fixture
def logs(tmp_path: Path) -> Path:
    """Where logs go while a test asks for it."""
    return tmp_path / "state" / "workshop" / "log"


@pytest.fixture
def broken(tmp_path: Path, logs: Path) -> Breaking:
    """Run `workshop list` with one of its functions replaced by what breaks."""

    def run(statement: str, *, name: str = "all_exercises", function: str = "breaks", **more: str) -> Ran:
        program = BREAKS.format(statement=statement, name=name, function=function)
        return python(program, tmp_path, XDG_STATE_HOME=str(logs.parent.parent), **more)

    return run


def python(program: str, folder: Path, **more: str) -> Ran:
    """Run a program to its end."""
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=folder,
        env=environment(more),
        capture_output=True,
        timeout=DEADLINE,
        check=False,
    )
    return Ran(done.returncode, done.stdout.decode(), done.stderr.decode())


def with_streams(redirections: str, *arguments: str | Path, cwd: Path) -> Ran:
    """Run a command as a shell does that was given these redirections."""
    shell = f'exec "$@" {redirections}'
    done = subprocess.run(
        ["sh", "-c", shell, "sh", *ARGUMENTS, *map(str, arguments)],
        cwd=cwd,
        env=environment(),
        capture_output=True,
        timeout=DEADLINE,
        check=False,
    )
    return Ran(done.returncode, done.stdout.decode(), done.stderr.decode())


def log_of(ran: Ran) -> str:
    """Return the log that the one line of a broken command names."""
    assert (ran.code, ran.err.count("\n")) == (MACHINE, 1), ran
    assert "Traceback" not in ran.out + ran.err
    return Path(ran.err.rstrip("\n").rpartition("The details are in ")[2]).read_text()


class TestWhatIsNotForeseen:
    """Nobody reads a traceback, and nobody is said to have failed."""

    @pytest.mark.parametrize(
        ("statement", "kind"),
        [
            ("1 / 0", "ZeroDivisionError"),
            ("deep()", "RecursionError"),
            ("raise MemoryError", "MemoryError"),
            ("bytearray(1 << 62)", "MemoryError"),
            ("import not_there", "ModuleNotFoundError"),
            ("open('not-there')", "FileNotFoundError"),
            ("raise BrokenPipeError(32, 'of a socket')", "BrokenPipeError"),
            ("raise EOFError('of a file')", "EOFError"),
            ("sys.exit('words')", "SystemExit"),
            ("sys.exit(1)", "SystemExit"),
            ("raise BaseException('two\\nlines')", "BaseException"),
        ],
    )
    def test_is_one_line_and_a_log(self, broken: Breaking, statement: str, kind: str) -> None:
        """The line names the log, and the traceback is in there; a lost connection is no reader that went away."""
        ran = broken(statement)
        said = log_of(ran)
        assert kind in ran.err
        assert ran.out == ""
        assert "Traceback" in said
        assert "in breaks" in said

    def test_in_another_thread_counts_too(self, broken: Breaking) -> None:
        """The command has ended as if all was well, but something in it failed."""
        ran = broken("raise ValueError('in a thread')", function="thread")
        assert "in a thread" in log_of(ran)

    def test_while_something_is_rendered_counts_too(self, broken: Breaking) -> None:
        """What was written before stays, and the code says that it is not all."""
        assert "IndexError" in log_of(broken("raise IndexError", name="_summary"))

    @pytest.mark.parametrize("missing", ["click", "msgspec", "grader.cli.list_exercises"])
    def test_a_part_that_cannot_be_imported_is_named(self, tmp_path: Path, missing: str) -> None:
        """A damaged installation."""
        ran = python(WITHOUT.format(missing=missing), tmp_path, XDG_STATE_HOME=str(tmp_path / "state"))
        assert missing in log_of(ran)

    def test_the_log_is_in_the_temporary_folder_if_the_other_one_is_not_known(self, tmp_path: Path) -> None:
        """The module that knows it may be what is missing."""
        program = f"import sys\nsys.modules['platformdirs'] = None\n{WITHOUT.format(missing='click')}"
        ran = python(program, tmp_path, TMPDIR=str(tmp_path))
        assert str(tmp_path / "workshop-") in ran.err
        assert "click" in log_of(ran)

    def test_a_folder_that_was_deleted_under_the_shell(self, tmp_path: Path) -> None:
        """Nothing is replaced here: the operating system itself says no."""
        gone = tmp_path / "gone"
        gone.mkdir()
        command = ["sh", "-c", f'cd "{gone}" && rmdir "{gone}" && exec "$@"', "sh", *ARGUMENTS, "list"]
        env = environment({"XDG_STATE_HOME": str(tmp_path / "state")})
        done = subprocess.run(
            command,
            env=env,
            capture_output=True,
            timeout=DEADLINE,
            check=False,
            text=True,
        )
        assert "FileNotFoundError" in log_of(Ran(done.returncode, done.stdout, done.stderr))

    def test_no_more_logs_are_kept_than_anyone_reads(self, broken: Breaking, logs: Path) -> None:
        """The oldest ones go."""
        logs.mkdir(parents=True)
        for age in range(KEPT + 5):
            (logs / f"{age}.log").touch()
            os.utime(logs / f"{age}.log", (age, age))
        log_of(broken("1 / 0"))
        kept = {path.name for path in logs.iterdir()}
        assert len(kept) == KEPT + 1
        assert not {f"{age}.log" for age in range(5)} & kept

    def test_a_log_that_can_be_kept_nowhere_is_said(self, logs: Path, tmp_path: Path) -> None:
        """The line comes anyway."""
        logs.parent.parent.touch()
        program = BREAKS.format(statement="1 / 0", name="all_exercises", function="breaks")
        program = f"import tempfile\ntempfile.tempdir = {str(logs)!r}\n{program}"
        ran = python(program, tmp_path, XDG_STATE_HOME=str(logs.parent.parent))
        assert ran.code == MACHINE
        assert "ZeroDivisionError" in ran.err
        assert "No log of it could be written." in ran.err


class TestOutput:
    """What a command says has to arrive, or its exit code says that it did not."""

    @needs_full
    @pytest.mark.parametrize("arguments", TALKING, ids=" ".join)
    def test_a_full_disk_is_the_machines_fault(self, workspace: Path, arguments: tuple[str, ...]) -> None:
        """One line says so."""
        assert with_streams(">/dev/full", *arguments, cwd=workspace) == Ran(MACHINE, "", FULL)

    @pytest.mark.parametrize("arguments", TALKING, ids=" ".join)
    def test_a_reader_that_went_away_has_seen_enough(self, workspace: Path, arguments: tuple[str, ...]) -> None:
        """Not a word, and the exit code that shells know from programs that SIGPIPE ends."""
        writer = subprocess.Popen(
            [*ARGUMENTS, *arguments],
            cwd=workspace,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=environment(),
        )
        assert writer.stdout is not None
        writer.stdout.close()
        _, err = writer.communicate(timeout=DEADLINE)
        assert (writer.returncode, err) == (READER_GONE, b"")

    def test_a_reader_that_takes_one_line_gets_it(self, workspace: Path) -> None:
        """As in `workshop list | head -1`."""
        ran = with_streams("| head -1", "list", cwd=workspace)
        assert (ran.code, ran.err) == (0, "")
        assert ran.out.startswith("01 ")

    def test_closed_from_the_start_it_is_the_machines_fault(self, workspace: Path) -> None:
        """Whoever wants no output sends it to /dev/null."""
        ran = with_streams(">&-", "list", cwd=workspace)
        assert (ran.code, ran.out) == (MACHINE, "")
        assert ran.err == "workshop: standard output cannot be written: Bad file descriptor.\n"

    @needs_full
    def test_a_command_that_says_nothing_there_does_not_mind(self, workspace: Path) -> None:
        """A usage error goes to standard error."""
        ran = with_streams(">/dev/full", "nope", cwd=workspace)
        assert ran.code == 2
        assert "There is no command" in ran.err

    @pytest.mark.parametrize("lost", ["2>&-", "2>/dev/full", "<&- 2>&-"])
    def test_standard_error_that_is_lost_changes_nothing(self, workspace: Path, lost: str) -> None:
        """Neither what is said nor the exit code."""
        plain = with_streams("", "list", cwd=workspace)
        assert with_streams(lost, "list", cwd=workspace) == plain
        assert with_streams(lost, "nope", cwd=workspace) == Ran(2, "", "")

    def test_all_streams_closed_it_still_ends_with_its_code(self, workspace: Path) -> None:
        """Nobody hears of it, but the caller sees the code."""
        assert with_streams("<&- >&- 2>&-", "list", cwd=workspace) == Ran(MACHINE, "", "")
        assert with_streams("<&- >&- 2>&-", "nope", cwd=workspace) == Ran(2, "", "")

    def test_what_its_encoding_lacks_is_written_as_an_escape(self, workspace: Path) -> None:
        """A terminal of long ago is no reason to show nothing."""
        done = subprocess.run(
            [*ARGUMENTS, "solution", "02", "--yes"],
            cwd=workspace,
            env=environment({"PYTHONIOENCODING": "latin-1"}),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=DEADLINE,
            check=False,
        )
        assert (done.returncode, done.stderr) == (0, b"")
        assert b"\\u" in done.stdout
