"""Whether an answer came out as declared: what `verify` complains of and what it lets be."""

from pathlib import Path

import pytest

from grader.authoring.cells import Cell, Role
from grader.authoring.feedback import feedback_text
from grader.authoring.judge import complaints
from grader.exercise.model import Exercise
from grader.exercise.nonce import Nonces
from grader.verdict import CriterionResult, Outcome, Verdict

EXERCISE = Exercise(1, "first", "First", 5, (), (), (), {}, Path("exercises/01-first"), Path("solutions/01-first"))


def cell(role: Role, fails: tuple[str, ...] | None = (), **more: object) -> Cell:
    """Make a cell."""
    return Cell(EXERCISE, role, "name", Path(), fails, **more)  # type: ignore[arg-type]


def verdict(points: int = 50, error: str = "", **outcomes: Outcome) -> Verdict:
    """Make a verdict of criteria with these outcomes; those that fail say all that they should."""
    results = tuple(
        CriterionResult(
            name, name, outcome, points if outcome is Outcome.PASSED else 0, points, "e", "a 5", "w", "h", (3,)
        )
        for name, outcome in outcomes.items()
    )
    return Verdict("first", "First", results, None, 1.0, "2026-01-01T00:00:00+00:00", "0", error=error)


def test_a_mistake_that_fails_exactly_what_it_declares_is_fine() -> None:
    """Blocked criteria are left aside."""
    came_out = verdict(builds=Outcome.FAILED, size=Outcome.BLOCKED)
    assert complaints(cell(Role.MISTAKE, ("builds",)), came_out) == ()


@pytest.mark.parametrize(
    ("declared", "says"),
    [(("builds", "size"), "size should fail but did not"), ((), "builds failed though it should not")],
)
def test_one_criterion_more_or_less_is_complained_of(declared: tuple[str, ...], says: str) -> None:
    """Exactly means exactly."""
    came_out = verdict(builds=Outcome.FAILED, size=Outcome.PASSED)
    assert complaints(cell(Role.MISTAKE, declared), came_out) == (says,)


def test_a_starter_that_passes_is_complained_of() -> None:
    """There would be nothing to do."""
    came_out = verdict(builds=Outcome.PASSED, size=Outcome.PASSED)
    assert "nothing to learn" in complaints(cell(Role.STARTER, None), came_out)[0]


def test_points_must_add_up_to_a_hundred() -> None:
    """A score is a percentage."""
    came_out = verdict(points=40, builds=Outcome.PASSED, size=Outcome.PASSED)
    assert complaints(cell(Role.MODEL), came_out) == ("points add up to 80, not 100",)


def test_the_machines_fault_proves_nothing() -> None:
    """Neither that a mistake is caught nor that an answer passes."""
    assert "disk full" in complaints(cell(Role.MODEL), verdict(error="disk full", builds=Outcome.PASSED))[0]


def test_the_declared_line_and_words_must_be_in_the_feedback() -> None:
    """The message names the cause and the line."""
    came_out = verdict(builds=Outcome.FAILED, size=Outcome.PASSED)
    assert complaints(cell(Role.MISTAKE, ("builds",), line=3, says="a 5"), came_out) == ()
    assert len(complaints(cell(Role.MISTAKE, ("builds",), line=4, says="libc"), came_out)) == 2


def test_a_failure_that_does_not_teach_is_complained_of() -> None:
    """Expected, actual, why and hint: all four, always."""
    mute = CriterionResult("builds", "Builds", Outcome.FAILED, 0, 100, "e", "a", "", "h")
    came_out = Verdict("first", "First", (mute,), None, 1.0, "", "0")
    assert complaints(cell(Role.MISTAKE, ("builds",)), came_out) == ("builds fails without saying why",)


def test_golden_feedback_leaves_out_what_changes_from_run_to_run() -> None:
    """Sizes, times and nonces differ between real images and stand-ins, and between two runs."""
    nonce = Nonces("key", "first")("greeting")
    actual = f"614.2 MB after 12 s, answered {nonce}, from workshop/first:0123abcd-plain"
    failed = CriterionResult("size", "Small", Outcome.FAILED, 0, 100, "at most 25.0 MB", actual, "w", "h", (2, 3))
    text = feedback_text(Verdict("first", "First", (failed,), None, 1.0, "", "0"))
    assert "SIZE after SECONDS, answered NONCE, from IMAGE" in text
    assert "failed: size (line 2, 3)" in text


@pytest.mark.parametrize("loader", ["/lib64/ld-linux-x86-64.so.2", "/lib/ld-linux-aarch64.so.1"])
def test_golden_feedback_is_the_same_on_every_machine(loader: str) -> None:
    """The C library's loader is called after the machine, and is elsewhere."""
    failed = CriterionResult("answers-http", "Answers", Outcome.FAILED, 0, 100, "e", f"needs {loader}, which", "w", "h")
    text = feedback_text(Verdict("first", "First", (failed,), None, 1.0, "", "0"))
    assert "needs /lib/ld-linux-MACHINE.so, which" in text


@pytest.mark.parametrize(
    "path",
    [
        "/usr/lib/x86_64-linux-gnu/libc.so.6",
        "/usr/lib/aarch64-linux-gnu/libc.so.6",
        "/usr/lib/arm-linux-gnueabihf/libc.so.6",
    ],
)
def test_golden_feedback_does_not_know_debians_folder_of_a_machine(path: str) -> None:
    """Debian keeps each machine's libraries in a folder of its own."""
    failed = CriterionResult("base", "Base", Outcome.FAILED, 0, 100, "e", f"a C library: {path}", "w", "h")
    assert "/usr/lib/MACHINE/libc.so.6" in feedback_text(Verdict("first", "First", (failed,), None, 1.0, "", "0"))


def test_golden_feedback_leaves_out_a_temporary_files_number() -> None:
    """The program draws it."""
    failed = CriterionResult("temp-dir", "Temp", Outcome.FAILED, 0, 100, "e", "open /tmp/greeter-12596: no", "w", "h")
    assert "/tmp/greeter-NUMBER: no" in feedback_text(Verdict("first", "First", (failed,), None, 1.0, "", "0"))
