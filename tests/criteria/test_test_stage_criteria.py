"""Criteria of the test stage: they catch what lets a failing test through, and let every kind of gate be."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import PurePosixPath

import pytest

from grader.criteria.facts import Attempt, Shipped
from grader.criteria.gated_by_tests import gated_by_tests, stops_in, target_runs_tests
from grader.criteria.outcome import Answer, Blocked, Unmet
from grader.criteria.ships_no_tests import ships_no_tests
from grader.criteria.target import has_target
from grader.dockerfile.reader import read
from grader.engine.model import BuildEnd, BuildResult, BuildStep
from grader.image.model import Entry, Kind, Match

MakeShipped = Callable[..., Shipped]
BUILDER = "FROM golang AS builder\nRUN go build .\n"
GATED = f"{BUILDER}FROM builder AS test\nRUN go test ./...\nFROM scratch\nCOPY --from=test /greeter /\n"
UNGATED = GATED.replace("--from=test", "--from=builder")


def attempt(dockerfile: str = GATED, end: BuildEnd = BuildEnd.BUILT, target: str | None = None) -> Attempt:
    """Make a build that ended so."""
    image = "sha256:image" if end is BuildEnd.BUILT else None
    return Attempt("x", read(dockerfile), BuildResult(end, image, (), 9.0, "it failed", used=8.0), None, target)


def failed(dockerfile: str = GATED, target: str | None = None) -> Attempt:
    """Make a build that failed."""
    return attempt(dockerfile, BuildEnd.FAILED, target)


def unmet(answer: Answer) -> Unmet:
    """Return the answer, which must be unmet."""
    assert isinstance(answer, Unmet)
    return answer


class TestGatedByTests:
    """`gated_by_tests`."""

    def test_a_build_that_fails_with_the_broken_test_is_gated(self) -> None:
        """By whatever step: the two sources differ in that test alone."""
        assert gated_by_tests(failed(), attempt()) is None

    def test_a_stage_that_is_left_out_is_named_with_the_line_of_its_from(self) -> None:
        """The lesson: nobody needs it."""
        answer = unmet(gated_by_tests(attempt(UNGATED), attempt(UNGATED)))
        assert "the stage `test` was left out" in answer.actual
        assert answer.lines == (3,)

    @pytest.mark.parametrize("step", ["go test ./... || true", "go test -v ./... | tee /log"])
    def test_a_step_that_swallows_the_failure_is_named(self, step: str) -> None:
        """It ran, and its exit code was 0."""
        text = GATED.replace("go test ./...", step)
        answer = unmet(gated_by_tests(attempt(text), attempt(text)))
        assert step in answer.actual
        assert "exit code" in answer.hint
        assert answer.lines == (4,)

    def test_a_step_that_only_looks_at_tests_is_told_so(self) -> None:
        """Vet compiles them."""
        text = GATED.replace("go test", "go vet")
        assert "does not run the tests" in unmet(gated_by_tests(attempt(text), attempt(text))).actual

    def test_no_tests_at_all_is_told_without_a_line(self) -> None:
        """There is none to name."""
        answer = unmet(gated_by_tests(attempt(BUILDER), attempt(BUILDER)))
        assert "no step of it runs tests" in answer.actual
        assert answer.lines == ()

    def test_a_build_that_does_not_end_is_no_gate(self) -> None:
        """It was cancelled by the grader, not by a test."""
        answer = unmet(gated_by_tests(attempt(end=BuildEnd.DEADLINE), attempt()))
        assert "had not ended after 8 s" in answer.actual

    def test_it_cannot_be_told_until_the_source_as_it_is_builds(self) -> None:
        """A file that never builds is no gate, but that is another criterion's to say."""
        answer = gated_by_tests(failed(), failed())
        assert isinstance(answer, Blocked)
        assert answer.by == "builds"


class TestTargetRunsTests:
    """`target_runs_tests`."""

    def test_it_builds_with_passing_tests_and_fails_with_a_broken_one(self) -> None:
        """Both are asked."""
        assert target_runs_tests(attempt(target="test"), failed(target="test"), attempt()) is None

    def test_a_target_that_builds_with_a_broken_test_is_caught(self) -> None:
        """It has the name and does nothing."""
        text = GATED.replace("go test ./...", "go test ./... || true")
        answer = unmet(target_runs_tests(attempt(text, target="test"), attempt(text, target="test"), attempt(text)))
        assert "--target test" in answer.expected
        assert "|| true" in answer.actual

    def test_a_target_that_never_builds_is_caught(self) -> None:
        """Failing always is not testing."""
        answer = unmet(target_runs_tests(failed(target="test"), failed(target="test"), attempt()))
        assert answer.expected == "`docker build --target test` gives an image"


class TestStopsIn:
    """`stops_in`."""

    def test_it_is_the_stage_of_the_step_that_failed(self) -> None:
        """Steps that ended well, and builds that fail before any step, say nothing."""
        steps = (
            BuildStep("[builder 2/2] RUN a", "builder", 2, "RUN a", cached=False, seconds=1.0, log=""),
            BuildStep("[test 1/1] RUN b", "test", 1, "RUN b", cached=False, seconds=1.0, log="", error="exit code: 1"),
        )
        broken = failed()
        assert broken.result is not None
        broken = replace(broken, result=replace(broken.result, steps=steps))
        assert stops_in(broken, "test")
        assert not stops_in(broken, "builder")
        assert not stops_in(failed(), "test")


class TestHasTarget:
    """`has_target`."""

    def test_a_missing_stage_is_told_with_the_names_that_there_are(self) -> None:
        """A name that is nearly right is the usual cause."""
        answer = unmet(has_target(failed(target="tests"), attempt()))
        assert answer.actual == "there is no stage called `tests`: the stages with a name are builder, test"

    def test_stages_without_names_are_told(self) -> None:
        """--target takes no numbers."""
        plain = attempt("FROM scratch\nCOPY a /\n")
        assert "no stage has a name" in unmet(has_target(failed("FROM scratch\nCOPY a /\n", "debug"), plain)).actual

    def test_a_target_is_found_in_any_case_and_blocked_until_the_default_builds(self) -> None:
        """BuildKit does not look at the case; `builds` blocks the rest."""
        assert has_target(attempt(target="TEST"), attempt()) is None
        assert isinstance(has_target(attempt(target="test"), failed()), Blocked)


class TestShipsNoTests:
    """`ships_no_tests`."""

    @staticmethod
    def file(path: str) -> Entry:
        """Make a file's entry."""
        return Entry(PurePosixPath(path), Kind.FILE, 10, 0o644, 0, 0)

    def test_an_image_without_the_canary_passes(self, make_shipped: MakeShipped) -> None:
        """Other canaries are other criteria's."""
        other = Match(b"other", 0, PurePosixPath("greeter"))
        assert ships_no_tests(make_shipped([self.file("greeter")], matches=(other,)), "canary") is None

    def test_a_report_is_named_with_the_line_that_copied_it(self, make_shipped: MakeShipped) -> None:
        """Source, test programs and reports all contain the name of the planted test."""
        match = Match(b"canary", 0, PurePosixPath("out/report.txt"))
        shipped = make_shipped([self.file("out/report.txt")], matches=(match,), lines=(6,))
        answer = unmet(ships_no_tests(shipped, "canary"))
        assert answer.actual == "/out/report.txt"
        assert answer.lines == (6,)

    def test_a_stage_that_tests_and_is_shipped_is_named(self, make_shipped: MakeShipped) -> None:
        """It came last, or the last one begins from it; what is in Go's cache is named last."""
        paths = ("root/.cache/go-build/0a/0a12-d", "src/main_test.go", "src/routes_test.go")
        matches = tuple(Match(b"canary", 0, PurePosixPath(path)) for path in paths)
        text = "FROM golang\nCOPY . .\nRUN go test .\n"
        entries = [self.file(path) for path in paths]
        answer = unmet(ships_no_tests(make_shipped(entries, matches=matches, dockerfile=text), "canary"))
        assert answer.actual == "/src/main_test.go, /src/routes_test.go and 1 more"
        assert "the stage that tests" in answer.hint

    def test_a_deleted_one_is_still_shipped(self, make_shipped: MakeShipped) -> None:
        """The layer below keeps it."""
        whiteout = Entry(PurePosixPath("a_test.go"), Kind.WHITEOUT, 0, 0, 0, 0)
        match = Match(b"canary", 0, PurePosixPath("a_test.go"))
        answer = unmet(ships_no_tests(make_shipped([self.file("a_test.go")], [whiteout], matches=(match,)), "canary"))
        assert "deleted by a later instruction" in answer.actual
