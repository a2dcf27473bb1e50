"""The command itself: exit codes, help, what is offered for a name that is not there, and a reader that goes away."""

import subprocess
import sys
from pathlib import Path

import pytest

from grader.cli.commands import COMMANDS
from grader.exercise.catalogue import all_exercises
from tests.cli.running import ARGUMENTS, DEADLINE, Workshop, environment


def test_help_names_every_command_and_every_exit_code(workshop: Workshop) -> None:
    """Who knows only `--help` finds the rest from there."""
    ran = workshop("--help")
    assert ran.code == 0
    told = {line.split()[0] for line in ran.out.partition("Commands:")[2].splitlines() if line.strip()}
    assert {entry.name for entry in COMMANDS} <= told
    for code in ("0 passed", "1 failed", "2 usage", "3 machine", "130 interrupted"):
        assert code in " ".join(ran.out.split())


@pytest.mark.parametrize("name", [entry.name for entry in COMMANDS])
def test_every_command_says_what_it_does(workshop: Workshop, name: str) -> None:
    """Each module is there, and imports."""
    ran = workshop(name, "--help")
    assert ran.code == 0, ran.err
    assert ran.out.startswith(f"Usage: workshop {name}") or f" {name} " in ran.out.splitlines()[0]


def test_help_imports_nothing_that_is_slow() -> None:
    """`--help` is typed by people who wait for it."""
    program = (
        "import sys\n"
        "from grader.cli.commands import workshop\n"
        "workshop(['--help'], standalone_mode=False)\n"
        "print([name for name in ('docker', 'rich', 'pytest', 'requests') if name in sys.modules], file=sys.stderr)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=DEADLINE, env=environment()
    )
    assert "Usage:" in done.stdout
    assert done.stderr.strip() == "[]"


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("chek",), "Did you mean `check`?"),
        (("zzzz",), "workshop --help"),
        (("check", "go-multi-stag"), "`go-multi-stage`"),
        (("check", "99"), "There is no exercise `99`"),
        (("check",), "Which exercise?"),
        (("check", "02", "--format", "xml"), "xml"),
        (("check", "02", "--submission", "not-there"), "not-there"),
        (("--colour",), "--colour"),
    ],
)
def test_what_is_not_there_is_a_usage_error_that_helps(
    workshop: Workshop, arguments: tuple[str, ...], says: str
) -> None:
    """Exit code 2, nothing on standard output, no traceback, and the nearest name where there is one."""
    ran = workshop(*arguments)
    assert (ran.code, ran.out) == (2, "")
    assert says in ran.err
    assert "Traceback" not in ran.err


def test_the_list_shows_every_exercise_in_order(workshop: Workshop) -> None:
    """Number and slug are what the other commands take."""
    ran = workshop("list")
    assert ran.code == 0
    shown = [tuple(line.split()[:2]) for line in ran.out.partition("\n\n")[0].splitlines()]
    assert shown == [(f"{exercise.number:02}", exercise.slug) for exercise in all_exercises()]


def test_init_lays_out_a_workspace_and_leaves_alone_what_is_there(workshop: Workshop, tmp_path: Path) -> None:
    """A second `init` does not cost a learner their work."""
    assert workshop("init", tmp_path / "mine").code == 0
    dockerfiles = sorted((tmp_path / "mine" / "exercises").glob("*/Dockerfile"))
    assert [path.parent.name for path in dockerfiles] == [exercise.folder for exercise in all_exercises()]
    dockerfiles[0].write_text("FROM scratch\n")
    assert workshop("init", tmp_path / "mine").code == 0
    assert dockerfiles[0].read_text() == "FROM scratch\n"


def test_what_init_says_to_type_can_be_typed(workshop: Workshop, tmp_path: Path) -> None:
    """A folder's name with blanks is quoted."""
    assert f"cd '{tmp_path}/my work' && workshop check 01" in workshop("init", tmp_path / "my work").out


def test_a_reader_that_goes_away_gets_no_traceback(tmp_path: Path) -> None:
    """`workshop list | head -1` ends quietly."""
    writer = subprocess.Popen(
        [*ARGUMENTS, "list"], cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment()
    )
    assert writer.stdout is not None
    writer.stdout.close()
    _, err = writer.communicate(timeout=DEADLINE)
    assert err == b""
