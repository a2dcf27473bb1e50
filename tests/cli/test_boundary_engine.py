"""Output that does not arrive, of the commands that talk to an engine: never a learner's failure."""

from pathlib import Path

import pytest

from tests.cli.running import Ran, Workshop
from tests.cli.test_boundary import FULL, MACHINE, needs_full, with_streams

pytestmark = [pytest.mark.engine, needs_full]

SERVES = (
    'FROM busybox\nCOPY greeting.txt /www/index.html\nEXPOSE 8080\nCMD ["httpd", "-f", "-p", "8080", "-h", "/www"]\n'
)


@pytest.fixture
def workspace(workshop: Workshop, tmp_path: Path) -> Path:
    """A learner's folder in which exercise 01 passes."""
    assert workshop("init", tmp_path / "mine").code == 0
    (tmp_path / "mine" / "exercises" / "01-go-single-stage" / "Dockerfile").write_text(SERVES)
    return tmp_path / "mine"


@pytest.mark.parametrize(
    "arguments",
    [
        *(("check", "01", "-q"), ("check", "01", "-q", "-f", "json"), ("check", "01", "-q", "-f", "junit")),
        *(("layers", "01", "-q"), ("images", "list"), ("doctor",), ("doctor", "-f", "json"), ("clean",)),
    ],
    ids=" ".join,
)
def test_a_full_disk_is_the_machines_fault(workspace: Path, arguments: tuple[str, ...]) -> None:
    """Whatever the verdict is, nobody could read it."""
    assert with_streams(">/dev/full", *arguments, cwd=workspace) == Ran(MACHINE, "", FULL)


def test_a_verdict_is_remembered_although_nobody_could_read_it(workshop: Workshop, workspace: Path) -> None:
    """The learner has passed."""
    with_streams(">/dev/full", "check", "01", "-q", cwd=workspace)
    assert "1 of 15 passed" in workshop("list", cwd=workspace).out


@pytest.mark.parametrize("style", ["terminal", "html"])
def test_a_report_that_nobody_reads_any_more_ends_quietly(workspace: Path, style: str) -> None:
    """The pipe is closed long before there is something to write."""
    ran = with_streams("| true", "check", "01", "-q", "-f", style, cwd=workspace)
    assert ran == Ran(0, "", "")


def test_a_report_into_a_full_device_is_the_machines_fault(workshop: Workshop, workspace: Path) -> None:
    """One line names the file."""
    ran = workshop("check", "01", "-q", "-o", "/dev/full", cwd=workspace)
    assert (ran.code, ran.out) == (MACHINE, "")
    assert ran.err.startswith("workshop: Cannot write /dev/full: No space left on device.")


@pytest.mark.parametrize("lost", ["2>&-", "2>/dev/full", "<&- 2>&-"])
def test_progress_that_nobody_sees_changes_no_verdict(workspace: Path, lost: str) -> None:
    """Standard error may be closed or full."""
    ran = with_streams(lost, "check", "01", "-f", "json", cwd=workspace)
    assert (ran.code, ran.verdict["status"]) == (0, "passed")
