"""Criteria of images by name: one to ship, one to look around in, one to work in."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import PurePosixPath

import pytest

from grader.criteria.builder_target import builder_target
from grader.criteria.debug_target import SAID, debug_target, program_of
from grader.criteria.default_is_runtime import default_is_runtime
from grader.criteria.facts import Attempt, Shipped
from grader.criteria.outcome import Answer, Blocked, Unmet
from grader.dockerfile.reader import read
from grader.engine.model import BuildEnd, BuildResult, Exchange, Exit
from grader.engine.silence import StartFault, StartRefusal
from grader.image.model import ElfFacts, Entry, Kind
from grader.languages.shell import MARKS

MakeShipped = Callable[..., Shipped]
FINE = Exchange("/", 200, b"Good day!\n")
SILENT = Exchange("/", None)
NO_SHELL = StartRefusal(StartFault.PROGRAM_MISSING, 'exec: "sh": executable file not found in $PATH')
SHELL = Exit(0, killed=False, seconds=0.1, log=f"{SAID}\n")
PROGRAM = b"\x7fELF and so on"


def file(path: str, kind: Kind = Kind.FILE) -> Entry:
    """Make an entry of a program."""
    return Entry(PurePosixPath(path), kind, 10, 0o755, 0, 0, elf=ElfFacts("x86-64", None))


def unmet(answer: Answer) -> Unmet:
    """Return the answer, which must be unmet."""
    assert isinstance(answer, Unmet)
    return answer


class TestDefaultIsRuntime:
    """`default_is_runtime`."""

    def test_a_program_alone_that_answers_passes(self, make_shipped: MakeShipped) -> None:
        """Folders by the name of a shell are none, nor is documentation."""
        entries = [file("greeter"), file("busybox", Kind.DIRECTORY), file("usr/share/doc/bash")]
        assert default_is_runtime(FINE, make_shipped(entries, entrypoint=("/greeter",))) is None

    @pytest.mark.parametrize(
        ("path", "kind"),
        [("bin/sh", Kind.SYMLINK), ("usr/bin/bash", Kind.FILE), ("busybox/sh", Kind.HARDLINK), ("busybox", Kind.FILE)],
    )
    def test_a_shell_is_caught_wherever_it_lies(self, make_shipped: MakeShipped, path: str, kind: Kind) -> None:
        """With the line of the layer that brought it."""
        shipped = make_shipped([file("greeter")], [file(path, kind)], entrypoint=("/greeter",), lines=(2, 5))
        answer = unmet(default_is_runtime(FINE, shipped))
        assert answer.actual == f"it has /{path}"
        assert answer.lines == (5,)

    def test_a_shell_that_a_later_layer_hides_is_caught(self, make_shipped: MakeShipped) -> None:
        """It is shipped, hidden or not."""
        shipped = make_shipped([file("bin/sh")], [file("bin", Kind.WHITEOUT)], entrypoint=("/greeter",))
        assert unmet(default_is_runtime(FINE, shipped)).actual == "it has /bin/sh"

    def test_a_shell_is_known_by_its_bytes(self, make_shipped: MakeShipped) -> None:
        """Under any name; some of its words are also in other programs."""
        for marks, is_shell in ((frozenset(MARKS), True), (frozenset(MARKS[:-1]), False)):
            tool = replace(file("opt/tool"), elf=ElfFacts("x86-64", None, marks))
            answer = default_is_runtime(FINE, make_shipped([file("greeter"), tool], entrypoint=("/greeter",)))
            assert (answer is not None) is is_shell

    def test_a_toolchain_is_caught_first(self, make_shipped: MakeShipped) -> None:
        """It is the heavier fault."""
        shipped = make_shipped([file("usr/local/go/bin/go"), file("bin/sh")])
        assert "/usr/local/go/bin/go" in unmet(default_is_runtime(FINE, shipped)).actual

    def test_an_image_that_does_not_answer_is_no_runtime(self, make_shipped: MakeShipped) -> None:
        """An empty image has no shell either."""
        assert "names no program" in unmet(default_is_runtime(SILENT, make_shipped([]))).actual


class TestBuilderTarget:
    """`builder_target`."""

    ATTEMPT = Attempt(
        "target:builder",
        read("FROM golang AS other\nFROM golang AS builder\nFROM scratch\n"),
        BuildResult(BuildEnd.BUILT, "sha256:1", (), 1.0),
        None,
        "builder",
    )

    def answer(self, code: int, log: str = "", *, killed: bool = False, refusal: StartRefusal | None = None) -> Answer:
        """Ask with a container that ended so."""
        return builder_target(Exit(code, killed, 300.0, log, refusal), self.ATTEMPT, "nonce")

    def test_tests_that_ran_and_passed_are_the_proof(self) -> None:
        """Of toolchain, shell and source in one."""
        assert self.answer(0, "=== RUN Test_nonce\n--- PASS: Test_nonce (0.00s)\nok greeter 0.01s") is None

    @pytest.mark.parametrize(
        ("code", "log", "words"),
        [
            (0, "?   greeter [no test files]", "there are no tests in it"),
            (0, "--- PASS: TestMadeUp (0.00s)\nok other 0.01s", "are not those of this folder"),
            (0, "=== RUN Test_nonce\n--- SKIP: Test_nonce\n--- PASS: TestMadeUp", "are not those of this folder"),
            (90, "", "there is no go.mod"),
            (91, "", "there is no go command"),
            (1, 'exec: "sh": executable file not found in $PATH', "exit code 1 and wrote: exec"),
            (1, "--- FAIL: TestRoutes\nFAIL", "exit code 1 and wrote: --- FAIL: TestRoutes / FAIL"),
        ],
    )
    def test_what_is_missing_is_named_with_the_stages_line(self, code: int, log: str, words: str) -> None:
        """Each has a next step of its own."""
        answer = unmet(self.answer(code, log))
        assert words in answer.actual
        assert answer.lines == (2,)

    def test_a_stage_without_a_shell_is_told(self) -> None:
        """The engine refuses to start it."""
        assert "there is no shell in it" in unmet(self.answer(127, refusal=NO_SHELL)).actual

    def test_tests_that_do_not_end_are_told(self) -> None:
        """They were killed."""
        assert "had not ended after 300 s" in unmet(self.answer(137, "--- PASS: TestOne", killed=True)).actual


class TestDebugTarget:
    """`debug_target`."""

    TEXT = 'FROM alpine AS debug\nCOPY greeter /greeter\nENTRYPOINT ["/greeter"]\n'

    @pytest.fixture
    def debug(self, make_shipped: MakeShipped) -> Shipped:
        """A debug image as it should be."""
        return make_shipped([file("bin/sh"), file("greeter")], entrypoint=("/greeter",), dockerfile=self.TEXT)

    def test_the_same_program_that_answers_beside_a_shell_passes(self, debug: Shipped) -> None:
        """Paths may differ."""
        assert debug_target(debug, FINE, SHELL, PROGRAM, PROGRAM) is None
        assert program_of(debug) == "/greeter"

    def test_another_program_is_caught(self, debug: Shipped) -> None:
        """One byte is enough."""
        answer = unmet(debug_target(debug, FINE, SHELL, PROGRAM + b"!", PROGRAM))
        assert "/greeter is another program" in answer.actual
        assert answer.lines == (2,)

    def test_no_shell_is_caught_in_the_engines_words(self, debug: Shipped) -> None:
        """Distroless."""
        refused = Exit(127, killed=False, seconds=0.0, log="", refusal=NO_SHELL)
        answer = unmet(debug_target(debug, FINE, refused, PROGRAM, PROGRAM))
        assert answer.actual == "`sh` does not start in it: it is not in the image"
        assert answer.lines == (1,)

    def test_a_shell_that_says_that_there_is_none_is_shown_with_its_words(self, debug: Shipped) -> None:
        """Words in a log are not the engine's."""
        ended = Exit(1, killed=False, seconds=0.0, log='exec: "sh": executable file not found in $PATH')
        answer = unmet(debug_target(debug, FINE, ended, PROGRAM, PROGRAM))
        assert answer.actual == '`sh` does not start in it: exec: "sh": executable file not found in $PATH'

    def test_an_image_that_starts_something_else_is_caught(self, debug: Shipped) -> None:
        """A shell alone does not answer."""
        assert "nothing answered" in unmet(debug_target(debug, SILENT, SHELL, None, PROGRAM)).actual

    def test_the_builder_by_another_name_is_caught(self, make_shipped: MakeShipped) -> None:
        """FROM builder AS debug."""
        shipped = make_shipped([file("usr/local/go/bin/go"), file("bin/sh"), file("greeter")], entrypoint=("/greeter",))
        assert "/usr/local/go/bin/go" in unmet(debug_target(shipped, FINE, SHELL, PROGRAM, PROGRAM)).actual

    def test_it_cannot_be_told_without_a_program_that_is_shipped(
        self, debug: Shipped, make_shipped: MakeShipped
    ) -> None:
        """There is nothing to compare with."""
        answer = debug_target(debug, FINE, SHELL, PROGRAM, None)
        assert isinstance(answer, Blocked)
        assert answer.by == "default-is-runtime"
        assert program_of(make_shipped([])) == ""
