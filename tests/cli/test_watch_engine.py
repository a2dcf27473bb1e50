"""The loop with a real engine: a save brings a finding, then a verdict; a newer save ends the running build."""

import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from grader.engine.connection import connect
from tests.cli.running import Workshop
from tests.cli.watched import Watched, watching

pytestmark = pytest.mark.engine

SERVES = (
    'FROM busybox\nCOPY greeting.txt /www/index.html\nEXPOSE 8080\nCMD ["httpd", "-f", "-p", "8080", "-h", "/www"]\n'
)
MARK = b"7.0457"
NEVER_ENDS = f"FROM busybox AS part\nRUN while :; do sleep {MARK.decode()}; done\nFROM part\nCOPY --from=part /a /a\n"
TYPO = NEVER_ENDS.replace("--from=part", "--from=prt")


@pytest.fixture
def workspace(workshop: Workshop, tmp_path: Path) -> Path:
    """A workspace with every exercise."""
    assert workshop("init", tmp_path / "work").code == 0
    return tmp_path / "work"


@pytest.fixture
def dockerfile(workspace: Path) -> Path:
    """The file that is watched: that of the exercise that asks the least."""
    path = workspace / "exercises" / "01-go-single-stage" / "Dockerfile"
    path.write_text(SERVES)
    return path


@pytest.fixture
def watched(workspace: Path, dockerfile: Path) -> Iterator[Watched]:
    """`workshop watch` without a name: the first exercise that is not passed."""
    with watching(cwd=workspace, on_terminal=False) as watched:
        yield watched


def test_a_save_brings_a_finding_and_a_verdict_and_a_newer_one_ends_the_build(
    watched: Watched, dockerfile: Path, workshop: Workshop, workspace: Path
) -> None:
    """The build that is superseded is gone from the machine, and what passes is remembered."""
    watched.wait_for("01 is passed")
    dockerfile.write_text(NEVER_ENDS)
    watched.wait_for("building your Dockerfile")
    wait_for_sleeps(at_least=1)
    dockerfile.write_text(TYPO)
    shown = watched.wait_for("Stages")
    assert "cancelled because there is a newer one" in shown
    assert "did you mean part?" in shown
    dockerfile.write_text(SERVES.replace("8080\n", "8081\n"))
    shown = watched.wait_for("Fix this first")
    assert "Traceback" not in shown
    assert "FAILED  " in shown
    wait_for_sleeps(at_most=0)
    assert watched.end() == 130
    assert " passed " in workshop("list", cwd=workspace).out.splitlines()[0]
    assert not leftovers()


def test_ctrl_c_during_a_build_leaves_nothing(watched: Watched, dockerfile: Path) -> None:
    """Neither a process nor a container nor an image."""
    watched.wait_for("building your Dockerfile")
    dockerfile.write_text(NEVER_ENDS)
    watched.wait_for("Stages")
    wait_for_sleeps(at_least=1)
    assert watched.end() == 130
    wait_for_sleeps(at_most=0)
    assert not leftovers()


def wait_for_sleeps(*, at_least: int = 0, at_most: int = 1_000, deadline: float = 90) -> None:
    """Wait until so many processes of the builds that never end are seen on this machine."""
    until = time.monotonic() + deadline
    while not at_least <= sleeps() <= at_most:
        assert time.monotonic() < until, f"{sleeps()} sleeps"
        time.sleep(0.05)


def sleeps() -> int:
    """Count the processes that sleep for as long as only these builds do."""
    count = 0
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            count += (process / "cmdline").read_bytes().startswith(b"sleep\0" + MARK)
    return count


def leftovers() -> list[str]:
    """Return what is left on the engine of runs whose process has ended."""
    engine = connect()
    count = engine.remove_leftovers()
    engine.close()
    return [f"{count} leftovers"] if count else []
