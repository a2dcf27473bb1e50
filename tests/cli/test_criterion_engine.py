"""`check --criterion`: only what the named criteria need is built, and the score is not counted."""

from pathlib import Path

import pytest

from tests.cli.running import Workshop

pytestmark = pytest.mark.engine

SERVES = (
    'FROM busybox\nCOPY greeting.txt /www/index.html\nEXPOSE 8080\nCMD ["httpd", "-f", "-p", "8080", "-h", "/www"]\n'
)
CACHE = "FROM busybox\nCOPY . /app\n"


@pytest.fixture
def workspace(workshop: Workshop, tmp_path: Path) -> Path:
    """A workspace in which exercise 01 passes and exercise 04 builds at no cost."""
    assert workshop("init", tmp_path / "work").code == 0
    exercises = tmp_path / "work" / "exercises"
    (exercises / "01-go-single-stage" / "Dockerfile").write_text(SERVES)
    (exercises / "04-layer-cache" / "Dockerfile").write_text(CACHE)
    return tmp_path / "work"


def test_a_partial_check_says_so_and_is_not_counted(workshop: Workshop, workspace: Path) -> None:
    """A complete one is."""
    ran = workshop("check", "01", "-c", "answers-http", "-q", cwd=workspace)
    assert ran.code == 0, ran.out + ran.err
    assert "A partial check: 1 of " in ran.out
    assert "0 of " in workshop("list", cwd=workspace).out.splitlines()[-1]
    assert workshop("check", "01", "-q", cwd=workspace).code == 0
    assert "1 of " in workshop("list", cwd=workspace).out.splitlines()[-1]


def test_only_the_variants_that_it_needs_are_built(workshop: Workshop, workspace: Path) -> None:
    """The rest of exercise 04 asks for the same build after an edit."""
    whole = workshop("check", "04", "-f", "json", "-q", cwd=workspace).verdict
    part = workshop("check", "04", "-f", "json", "-q", "-c", "builds", cwd=workspace).verdict
    assert "left_out" not in whole
    assert {build["variant"] for build in whole["builds"]} > {"plain"}
    assert [build["variant"] for build in part["builds"]] == ["plain"]
    assert [result["id"] for result in part["criteria"]] == ["builds"]
    assert sorted(part["left_out"]) == sorted(result["id"] for result in whole["criteria"] if result["id"] != "builds")


def test_a_criterion_whose_prerequisite_fails_is_blocked_all_the_same(workshop: Workshop, workspace: Path) -> None:
    """It needs the build whether or not that is asked about."""
    (workspace / "exercises" / "01-go-single-stage" / "Dockerfile").write_text("FROM busybox\nRUN false\n")
    ran = workshop("check", "01", "-c", "answers-http", "-f", "json", "-q", cwd=workspace)
    assert ran.code == 1
    assert ran.criterion("answers-http")["status"] == "blocked"


def test_a_criterion_that_is_none_is_one_line_with_those_there_are(workshop: Workshop, workspace: Path) -> None:
    """Exit code 2, nothing built, nothing on standard output."""
    ran = workshop("check", "01", "-c", "answers-htp", "-q", cwd=workspace)
    assert (ran.code, ran.out) == (2, "")
    assert "did you mean `answers-http`?" in ran.err
    assert "There are: builds, " in ran.err
    assert ran.err.count("\n") == 1
