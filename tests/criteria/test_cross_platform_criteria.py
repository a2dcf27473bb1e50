"""The criteria of building for another platform: what they catch, and what they let pass."""

from dataclasses import replace
from pathlib import PurePosixPath

import pytest

from grader.criteria.facts import Compiler, Shipped
from grader.criteria.native_builder import native_builder
from grader.criteria.other_architecture import builds_for_other, needs_build, needs_native, other_architecture
from grader.criteria.outcome import Blocked, Unmet
from grader.criteria.start import why_it_cannot_start
from grader.engine.model import BuildEnd, BuildResult
from grader.engine.platforms import architecture_of, resolved
from grader.image.model import ElfFacts, Entry, Kind, Match
from grader.image.tree import Placed
from tests.criteria.conftest import MakeShipped

TEXT = """FROM --platform=$BUILDPLATFORM golang:1.26 AS builder
RUN CGO_ENABLED=0 GOARCH=$TARGETARCH go build -o /greeter .
FROM scratch
COPY --from=builder /greeter /greeter
ENTRYPOINT ["/greeter"]
"""
NONCE = "wk5hp-greeting"
NATIVE = Compiler("builder", 1, "golang:1.26", "linux/arm64", machine="x86_64", own="x86_64")


@pytest.fixture
def shipped(make_shipped: MakeShipped) -> Shipped:
    """A right image for arm64."""
    return for_machine(make_shipped, "aarch64", "arm64")


def for_machine(make_shipped: MakeShipped, machine: str, architecture: str, text: str = TEXT) -> Shipped:
    """Make an image that says `architecture`, with a program for `machine`."""
    program = Entry(PurePosixPath("greeter"), Kind.FILE, 1000, 0o755, 0, 0, elf=ElfFacts(machine, None))
    found = Match(NONCE.encode(), 0, PurePosixPath("greeter"))
    made = make_shipped([program], dockerfile=text, entrypoint=("/greeter",), matches=(found,))
    config = replace(made.image.config, architecture=architecture)
    attempt = replace(made.attempt, platform="linux/arm64")
    return replace(made, image=replace(made.image, config=config), attempt=attempt)


class TestNativeBuilder:
    """`native_builder`."""

    def test_a_compiler_on_the_own_machine_passes(self) -> None:
        """Whatever the image is built for."""
        assert native_builder([NATIVE]) is None

    def test_an_emulated_one_is_told_with_its_from(self) -> None:
        """By what the kernel reported its steps."""
        answer = native_builder([NATIVE, replace(NATIVE, stage="second", line=5, machine="aarch64")])
        assert isinstance(answer, Unmet)
        assert "aarch64" in answer.actual
        assert answer.lines == (5,)

    def test_one_that_this_machine_cannot_run_is_told_with_the_reason(self) -> None:
        """No image for the other platform, or no emulator: it is the learner's FROM that asks for it."""
        answer = native_builder([replace(NATIVE, machine="", refused="there is no golang:1.26 for arm64 here")])
        assert isinstance(answer, Unmet)
        assert "there is no golang:1.26 for arm64 here" in answer.actual


class TestOtherArchitecture:
    """`other_architecture` and what it needs."""

    def test_image_and_program_for_what_was_asked_pass(self, shipped: Shipped) -> None:
        """Both say arm64, each in its own word."""
        assert other_architecture(shipped, NONCE) is None

    def test_a_program_for_the_own_machine_is_told_with_the_variable_that_was_empty(
        self, make_shipped: MakeShipped
    ) -> None:
        """TARGETARCH has no value in a stage that does not declare it."""
        answer = other_architecture(for_machine(make_shipped, "x86-64", "arm64"), NONCE)
        assert isinstance(answer, Unmet)
        assert "for x86-64" in answer.actual
        assert "ARG TARGETARCH" in answer.actual
        assert answer.lines == (2,)

    def test_a_program_for_a_fixed_machine_is_told_with_the_line_that_compiles(self, make_shipped: MakeShipped) -> None:
        """There is no variable to blame."""
        text = TEXT.replace("$TARGETARCH", "amd64")
        answer = other_architecture(for_machine(make_shipped, "x86-64", "arm64", text), NONCE)
        assert isinstance(answer, Unmet)
        assert "empty" not in answer.actual
        assert answer.lines == (2,)

    def test_an_image_that_says_another_machine_than_its_program_is_told(self, make_shipped: MakeShipped) -> None:
        """A last stage that is pinned, with the line of its FROM."""
        answer = other_architecture(for_machine(make_shipped, "aarch64", "amd64"), NONCE)
        assert isinstance(answer, Unmet)
        assert "says that it is for amd64" in answer.actual
        assert answer.lines == (3,)

    def test_a_program_among_files_for_another_machine_is_told(self, make_shipped: MakeShipped) -> None:
        """Some builders write down the platform that was asked for, and not that of the base they took."""
        made = for_machine(make_shipped, "aarch64", "arm64")
        shell = Entry(PurePosixPath("bin/sh"), Kind.FILE, 1, 0o755, 0, 0, elf=ElfFacts("x86-64", None))
        answer = other_architecture(replace(made, tree={**made.tree, shell.path: Placed(shell, 0)}), NONCE)
        assert isinstance(answer, Unmet)
        assert "/bin/sh" in answer.actual
        assert answer.lines == (3,)

    def test_a_program_without_the_nonce_was_built_from_something_else(self, shipped: Shipped) -> None:
        """The right machine is not enough."""
        answer = other_architecture(shipped, "wk5hp-other")
        assert isinstance(answer, Unmet)
        assert "greeting.txt" in answer.actual

    def test_an_image_that_starts_nothing_is_told_so(self, shipped: Shipped) -> None:
        """As for the own machine."""
        config = replace(shipped.image.config, entrypoint=())
        answer = other_architecture(replace(shipped, image=replace(shipped.image, config=config)), NONCE)
        assert isinstance(answer, Unmet)
        assert "names no program" in answer.actual

    def test_it_is_blocked_until_there_is_an_image_and_a_native_compiler(self, shipped: Shipped) -> None:
        """An emulated build says little about a Dockerfile, and takes minutes."""
        failed = replace(shipped.attempt, result=BuildResult(BuildEnd.FAILED, None, (), 1.0, "no"))
        assert isinstance(needs_build(failed), Blocked)
        assert needs_build(shipped.attempt) is None
        assert isinstance(needs_native((replace(NATIVE, machine="aarch64"),)), Blocked)
        assert needs_native((NATIVE,)) is None

    def test_a_build_that_fails_for_the_other_platform_only_says_for_which(self, shipped: Shipped) -> None:
        """What is expected names the command."""
        failed = replace(shipped.attempt, result=BuildResult(BuildEnd.FAILED, None, (), 1.0, "no"))
        answer = builds_for_other(failed)
        assert isinstance(answer, Unmet)
        assert "--platform linux/arm64" in answer.expected
        assert builds_for_other(shipped.attempt) is None


def test_a_program_for_another_machine_is_why_it_cannot_start(make_shipped: MakeShipped) -> None:
    """Engines only say exec format error; a 32-bit program may run."""
    obstacle = why_it_cannot_start(for_machine(make_shipped, "aarch64", "amd64"))
    assert obstacle is not None
    assert "compiled for aarch64" in obstacle.actual
    assert obstacle.lines == (2,)
    assert why_it_cannot_start(for_machine(make_shipped, "x86-64", "amd64")) is None
    assert why_it_cannot_start(for_machine(make_shipped, "i386", "amd64")) is None


def test_the_other_platform_is_one_that_the_engine_is_not() -> None:
    """On any machine; a platform that is named is left alone."""
    assert resolved("other", "amd64") == "linux/arm64"
    assert resolved("other", "arm64") == "linux/amd64"
    assert resolved("linux/riscv64", "amd64") == "linux/riscv64"
    assert resolved(None, "amd64") is None


@pytest.mark.parametrize(
    ("platform", "architecture"), [("linux/arm64", "arm64"), ("linux/arm/v7", "arm"), ("linux", ""), ("", "")]
)
def test_the_architecture_is_the_second_part(platform: str, architecture: str) -> None:
    """Whatever the platform lacks."""
    assert architecture_of(platform) == architecture
