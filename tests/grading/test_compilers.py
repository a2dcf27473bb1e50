"""On which machine a submission's compiler runs, asked of builds that are only said to have been made."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest

from grader.criteria.facts import Attempt
from grader.dockerfile.reader import read
from grader.engine.model import BuildEnd, BuildResult
from grader.errors import BaseImageUnavailableError
from grader.exercise.model import Variant
from grader.grading.compilers import Compilers
from grader.grading.probe import Prober

TEXT = """FROM --platform=$BUILDPLATFORM golang:1.26 AS for-amd64
FROM --platform=$BUILDPLATFORM golang:1.26 AS for-arm64
FROM for-${TARGETARCH} AS builder
RUN go build -o /greeter .
FROM alpine
RUN adduser -D greeter
COPY --from=builder /greeter /greeter
"""
OTHER = Variant(name="other-platform", platform="other")
Answers = Callable[[Variant], str]


@dataclass
class Report:
    """The report of a probe, in place of a container that has it."""

    text: str

    def read_file(self, path: str) -> bytes | None:
        """Return the report."""
        return self.text.encode() if path == "/report" else None

    def modified(self, path: str) -> str | None:
        """Tell nothing."""
        raise AssertionError(path)


def compilers_with(answers: Answers, text: str = TEXT) -> Compilers:
    """Make compilers on an amd64 engine on which every build succeeds and reports what `answers` says."""

    def attempt(variant: Variant) -> Attempt:
        answers(variant)
        return Attempt(variant.name, read(variant.dockerfile), BuildResult(BuildEnd.BUILT, "sha256:1", (), 1.0))

    @contextmanager
    def laid_out(variant: Variant) -> Iterator[Report]:
        yield Report(answers(variant))

    return Compilers(Prober(text, attempt, laid_out), "amd64")


def has_go_in_the_builder(variant: Variant) -> str:
    """Let the stage with number 2 have Go, and all run natively."""
    if ":compiler-" in variant.name:
        return "go\n" if variant.name.endswith("-2") else ""
    return "x86_64\n"


def test_only_stages_that_run_something_and_have_go_are_compilers() -> None:
    """Not those that a platform does not need, nor the last stage with its own RUN."""
    (compiler,) = compilers_with(has_go_in_the_builder).of(OTHER)
    assert (compiler.stage, compiler.line, compiler.machine, compiler.own) == ("builder", 3, "x86_64", "x86_64")
    assert compiler.platform == "linux/arm64"


def test_where_no_stage_has_go_all_that_run_something_are_asked() -> None:
    """A toolchain may be where nobody looks."""
    found = compilers_with(lambda variant: "" if ":compiler-" in variant.name else "aarch64\n").of(OTHER)
    assert [(compiler.stage, compiler.machine) for compiler in found] == [("builder", "aarch64"), ("3", "aarch64")]


def test_the_stage_is_asked_for_its_machine_before_it_does_anything() -> None:
    """So that a step that fails for the other platform is not taken for a stage that cannot run."""
    asked: list[Variant] = []

    def answers(variant: Variant) -> str:
        asked.append(variant)
        return has_go_in_the_builder(variant)

    compilers_with(answers).of(OTHER)
    texts = {variant.name: (variant.platform, variant.dockerfile) for variant in asked}
    platform, dockerfile = texts["other-platform:machine-2"]
    assert platform == "other"
    assert "go build" not in dockerfile
    platform, dockerfile = texts["other-platform:compiler-2"]
    assert platform is None
    assert "go build" in dockerfile


def test_a_base_that_cannot_be_had_for_that_platform_is_an_answer() -> None:
    """It is what the stage asks for, and not a fault of the machine that it is not there."""

    def answers(variant: Variant) -> str:
        if ":machine-" in variant.name:
            raise BaseImageUnavailableError("no registry answers")
        return has_go_in_the_builder(variant)

    (compiler,) = compilers_with(answers).of(OTHER)
    assert compiler.machine == ""
    assert "for arm64" in compiler.refused


@pytest.mark.parametrize("platform", ["", "--platform=$TARGETPLATFORM ", "--platform=linux/arm64 "])
def test_an_image_of_the_wrong_platform_does_not_make_a_builder_native(platform: str) -> None:
    """An engine with a containerd store builds with the only image it has; with any other it would be emulated."""
    text = f"FROM {platform}golang:1.26 AS base\nFROM base AS go\nRUN go build\nFROM scratch\nCOPY --from=go / /\n"
    answers = lambda variant: "go\n" if ":compiler-" in variant.name else "x86_64\n"  # noqa: E731 - two answers
    (compiler,) = compilers_with(answers, text).of(OTHER)
    assert (compiler.machine, compiler.refused) == ("", "there is no golang:1.26 for arm64 here")


def test_a_toolchain_that_was_copied_onto_nothing_runs_where_it_came_from() -> None:
    """Nothing was taken for another platform."""
    text = "FROM --platform=$BUILDPLATFORM golang:1.26 AS go\nFROM scratch\nCOPY --from=go / /\nRUN go build\n"
    answers = lambda variant: "go\n" if ":compiler-" in variant.name else "x86_64\n"  # noqa: E731 - two answers
    assert [compiler.machine for compiler in compilers_with(answers, text).of(OTHER)] == ["x86_64"]
