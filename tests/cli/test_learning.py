"""What a learner types between two checks: list, next, hint, reset, solution."""

import json
from pathlib import Path

import pytest

from grader.exercise.catalogue import all_exercises, find_exercise
from tests.cli.running import Ran, Workshop

PASSED = {"best_score": 100, "max_score": 100, "passed_at": "2026-03-04T09:26:53+00:00", "checks": 3}


@pytest.fixture
def workspace(workshop: Workshop, tmp_path: Path) -> Path:
    """A workspace with every exercise."""
    assert workshop("init", tmp_path / "work").code == 0
    return tmp_path / "work"


def keep(workspace: Path, **entries: object) -> None:
    """Write progress as an earlier check left it."""
    named = {name.replace("_", "-"): entry for name, entry in entries.items()}
    (workspace / ".workshop" / "progress.json").write_text(json.dumps(named, indent=1))


def row(ran: Ran, slug: str) -> str:
    """Return the list's line of one exercise."""
    return next(line for line in ran.out.splitlines() if f"  {slug} " in line)


def test_lessons_that_are_laid_out_say_the_name_that_works_there(workshop: Workshop, tmp_path: Path) -> None:
    """Installed, it is `workshop`; the clone's launcher has a path, which is quoted if it has a blank."""
    assert workshop("init", tmp_path / "one", env={"WORKSHOP_LAUNCHED_AS": "/my clone/workshop"}).code == 0
    assert workshop("init", tmp_path / "two").code == 0
    lessons = [tmp_path / name / "exercises" / "02-go-multi-stage" / "README.md" for name in ("one", "two")]
    clone, installed = (lesson.read_text("utf-8") for lesson in lessons)
    assert "\n$ '/my clone/workshop' check 02\n" in clone
    assert "\n$ workshop check 02\n" in installed
    assert "./workshop" not in clone + installed


def test_what_to_do_is_said_by_the_name_that_was_typed(workshop: Workshop, workspace: Path) -> None:
    """Also by parts that are far from the command line."""
    (workspace / "exercises" / "02-go-multi-stage").rename(workspace / "elsewhere")
    ran = workshop("check", "02", cwd=workspace, env={"WORKSHOP_LAUNCHED_AS": "/my clone/workshop"})
    assert ran.code == 2
    assert f"`'/my clone/workshop' init {workspace}` adds it" in ran.err


def test_the_list_tells_in_words_what_was_passed_tried_begun_and_not_touched(
    workshop: Workshop, workspace: Path
) -> None:
    """It is read without colour; the sum is below."""
    keep(workspace, go_single_stage=PASSED, go_multi_stage={"best_score": 45, "max_score": 100, "checks": 1})
    (workspace / "exercises" / "03-go-scratch" / "Dockerfile").write_text("FROM scratch\n")
    ran = workshop("list", cwd=workspace)
    assert ran.code == 0
    assert " passed " in row(ran, "go-single-stage")
    assert " best 45 of 100 " in row(ran, "go-multi-stage")
    assert " begun " in row(ran, "go-scratch")
    assert " untouched " in row(ran, "layer-cache")
    assert " 20 min " in row(ran, "layer-cache")
    assert f"1 of {len(all_exercises())} passed" in ran.out
    assert "\x1b" not in ran.out


def test_an_exercise_that_came_later_is_untouched(workshop: Workshop, workspace: Path) -> None:
    """The workspace was laid out before there was one."""
    (workspace / "exercises" / "04-layer-cache").rename(workspace / "elsewhere")
    assert " untouched " in row(workshop("list", cwd=workspace), "layer-cache")


def test_damaged_progress_costs_a_line_and_what_cannot_be_read(workshop: Workshop, workspace: Path) -> None:
    """The list is there anyway."""
    keep(workspace, go_single_stage=PASSED)
    (workspace / ".workshop" / "progress.json").write_text('{\n"go-single-stage": ' + json.dumps(PASSED) + ',\n"go-m')
    ran = workshop("list", cwd=workspace)
    assert ran.code == 0
    assert " passed " in row(ran, "go-single-stage")
    assert ran.err.count("\n") == 1
    assert "was damaged" in ran.err


def test_next_is_the_first_that_is_not_passed_with_what_to_read_edit_and_type(
    workshop: Workshop, workspace: Path
) -> None:
    """Paths are as one would type them."""
    keep(workspace, go_single_stage=PASSED, go_multi_stage={"best_score": 45, "max_score": 100, "checks": 1})
    ran = workshop("next", cwd=workspace)
    assert ran.code == 0
    for told in (
        find_exercise("02").title,
        "20 min",
        "exercises/02-go-multi-stage/README.md",
        "exercises/02-go-multi-stage/Dockerfile",
        "workshop watch 02",
        "workshop check 02",
        "45 of 100 points",
    ):
        assert told in ran.out
    assert f" {workspace}" not in ran.out


def test_next_says_so_when_all_are_passed(workshop: Workshop, workspace: Path) -> None:
    """There is nothing to go on with."""
    keep(workspace, **{exercise.slug.replace("-", "_"): PASSED for exercise in all_exercises()})
    ran = workshop("next", cwd=workspace)
    assert (ran.code, ran.out.count("\n")) == (0, 1)
    assert f"all {len(all_exercises())}" in ran.out


def test_hints_come_one_at_a_time_and_again(workshop: Workshop, workspace: Path) -> None:
    """`--again` shows those seen and no new one."""
    assert "none" in workshop("hint", "02", "--again", cwd=workspace).out
    assert workshop("hint", "02", cwd=workspace).out.startswith("Hint 1 of ")
    assert workshop("hint", "02", cwd=workspace).out.startswith("Hint 2 of ")
    again = workshop("hint", "02", "--again", cwd=workspace).out
    assert [line[:6] for line in again.splitlines()] == ["Hint 1", "Hint 2"]
    assert workshop("hint", "02", "--restart", cwd=workspace).out.startswith("Hint 1 of ")


def test_a_reset_says_where_the_old_files_are(workshop: Workshop, workspace: Path) -> None:
    """The copy is at the place that is named; a second reset has nothing to do."""
    dockerfile = workspace / "exercises" / "02-go-multi-stage" / "Dockerfile"
    starter = dockerfile.read_bytes()
    dockerfile.write_text("FROM scratch\n")
    (dockerfile.parent / ".dockerignore").write_text("*\n")
    ran = workshop("reset", "02", "--yes", cwd=workspace)
    assert ran.code == 0
    kept = workspace / ran.out.splitlines()[-1].removeprefix("What you had is in ").removesuffix(".")
    assert (kept / "Dockerfile").read_text() == "FROM scratch\n"
    assert (kept / ".dockerignore").read_text() == "*\n"
    assert dockerfile.read_bytes() == starter
    assert not (dockerfile.parent / ".dockerignore").exists()
    assert "nothing to do" in workshop("reset", "02", cwd=workspace).out


def test_a_reset_with_nobody_to_ask_changes_nothing(workshop: Workshop, workspace: Path) -> None:
    """A script says `--yes`."""
    dockerfile = workspace / "exercises" / "02-go-multi-stage" / "Dockerfile"
    dockerfile.write_text("FROM scratch\n")
    ran = workshop("reset", "02", cwd=workspace)
    assert (ran.code, ran.out) == (2, "")
    assert "--yes" in ran.err
    assert dockerfile.read_text() == "FROM scratch\n"


def test_the_solution_is_shown_to_who_asks_twice(workshop: Workshop, workspace: Path) -> None:
    """The first time there is advice and nothing of the answer."""
    first = workshop("solution", "02", cwd=workspace)
    assert (first.code, first.out) == (1, "")
    assert "workshop hint 02" in first.err
    assert "AS builder" not in first.err
    second = workshop("solution", "02", cwd=workspace)
    assert second.code == 0
    assert "FROM golang:1.26 AS builder" in second.out
    assert "CGO_ENABLED=0" in second.out


def test_the_solution_is_shown_to_who_has_passed_or_says_yes(workshop: Workshop, workspace: Path) -> None:
    """Nobody who has passed is asked twice."""
    keep(workspace, go_multi_stage=PASSED)
    assert workshop("solution", "02", cwd=workspace).code == 0
    assert workshop("solution", "01", cwd=workspace).code == 1
    assert workshop("solution", "03", "--yes", cwd=workspace).code == 0


def test_in_an_exercises_folder_no_name_is_needed(workshop: Workshop, workspace: Path) -> None:
    """Elsewhere it is asked for, in one line; a path is a name too."""
    here = workspace / "exercises" / "02-go-multi-stage"
    assert workshop("hint", cwd=here).out.startswith("Hint 1 of ")
    assert workshop("hint", here / "Dockerfile", cwd=workspace).out.startswith("Hint 2 of ")
    assert "nothing to do" in workshop("reset", cwd=here).out
    assert "not passed 02 yet" in workshop("solution", cwd=here).err
    for command in ("check", "hint", "reset", "solution", "layers"):
        ran = workshop(command, cwd=workspace)
        assert (ran.code, ran.err.count("\n")) == (2, 1), ran.err
        assert "Which exercise?" in ran.err


def test_a_folder_that_is_not_the_learners_own_is_not_reset(
    workshop: Workshop, workspace: Path, tmp_path: Path
) -> None:
    """Somebody handed it in."""
    other = tmp_path / "anna" / "02-go-multi-stage"
    other.mkdir(parents=True)
    (other / "Dockerfile").write_text("FROM scratch\n")
    ran = workshop("reset", "--yes", other, cwd=workspace)
    assert (ran.code, ran.err.count("\n")) == (2, 1)
    assert (other / "Dockerfile").read_text() == "FROM scratch\n"


def test_a_verdict_says_whose_it_is(workshop: Workshop, workspace: Path, tmp_path: Path) -> None:
    """Also if the machine failed before it read a file."""
    nowhere = {"WORKSHOP_ENGINE": f"unix://{tmp_path}/docker.sock"}
    ran = workshop("check", "02", "--label", "Anna B.", "--format", "json", cwd=workspace, env=nowhere)
    assert (ran.code, ran.verdict["submission"]["label"]) == (3, "Anna B.")
    ran = workshop("check", "02", "--format", "json", cwd=workspace, env=nowhere)
    assert ran.verdict.get("submission", {"label": ""})["label"] == ""
