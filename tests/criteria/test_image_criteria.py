"""Criteria that are asked of an image alone: each catches what it is for and lets right answers be."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import PurePosixPath

import pytest

from grader.criteria.exposes_port import exposes_port
from grader.criteria.facts import Shipped
from grader.criteria.has_start_command import has_start_command
from grader.criteria.no_sources import no_sources
from grader.criteria.no_toolchain import no_toolchain
from grader.criteria.non_root import non_root
from grader.criteria.not_based_on_builder import not_based_on_builder
from grader.criteria.outcome import Blocked, Unmet
from grader.criteria.size import size
from grader.criteria.starts_on_empty_base import starts_on_empty_base
from grader.image.model import ElfFacts, Entry, Kind, Match
from grader.languages.c import C
from grader.languages.go import GO
from grader.languages.model import Toolchain
from grader.languages.shell import MARKS as SHELL_MARKS

MakeShipped = Callable[..., Shipped]
STATIC = ElfFacts("x86-64", None)
DYNAMIC = ElfFacts("x86-64", "/lib64/ld-linux-x86-64.so.2")


def file(path: str, size: int = 10, *, mode: int = 0o755, elf: ElfFacts | None = None) -> Entry:
    """Make a regular file's entry."""
    return Entry(PurePosixPath(path), Kind.FILE, size, mode, 0, 0, elf=elf)


class TestSize:
    """`size`."""

    def test_an_image_of_exactly_the_budget_passes(self, make_shipped: MakeShipped) -> None:
        """The budget is the most there may be, not the first that is too much."""
        assert size(make_shipped([file("a", 60)], [file("b", 40)]), 100) is None

    def test_hidden_bytes_count(self, make_shipped: MakeShipped) -> None:
        """A file that a later layer hides is shipped anyway."""
        whiteout = Entry(PurePosixPath("a"), Kind.WHITEOUT, 0, 0, 0, 0)
        answer = size(make_shipped([file("a", 200)], [whiteout]), 100)
        assert isinstance(answer, Unmet)

    def test_a_heavy_base_is_blamed_on_its_from(self, make_shipped: MakeShipped) -> None:
        """The line is the FROM that chose the base, and the base is named."""
        shipped = make_shipped(
            [file("usr/big", 200)], [file("app", 5)], base_layers=1, dockerfile="FROM alpine:latest\nCOPY app /app\n"
        )
        answer = size(shipped, 100)
        assert isinstance(answer, Unmet)
        assert answer.lines == (1,)
        assert "alpine:latest" in answer.actual

    def test_a_base_without_which_the_rest_would_fit_is_blamed(self, make_shipped: MakeShipped) -> None:
        """Also where the program is a little heavier than the base: only the base can go."""
        shipped = make_shipped(
            [file("lib/a", 80)], [file("app", 90)], base_layers=1, dockerfile="FROM alpine:latest\nCOPY app /app\n"
        )
        answer = size(shipped, 100)
        assert isinstance(answer, Unmet)
        assert answer.lines == (1,)

    def test_a_heavy_layer_is_blamed_on_its_instruction(self, make_shipped: MakeShipped) -> None:
        """The line is that of the instruction which made the heaviest layer."""
        shipped = make_shipped(
            [file("a", 10)],
            [file("app", 500)],
            base_layers=1,
            dockerfile="FROM alpine:latest\nCOPY app /app\n",
            lines=(None, 2),
        )
        answer = size(shipped, 100)
        assert isinstance(answer, Unmet)
        assert answer.lines == (2,)


class TestNoToolchain:
    """`no_toolchain`."""

    def test_what_says_most_is_told_first(self, make_shipped: MakeShipped) -> None:
        """Whatever else the image has: links called cc, or a C++ compiler."""
        paths = ("usr/bin/cc", "usr/bin/g++", "usr/bin/gcc", "usr/local/go/bin/go")
        answer = no_toolchain(make_shipped([file(path, elf=STATIC) for path in paths]))
        assert isinstance(answer, Unmet)
        assert answer.actual.startswith("/usr/local/go/bin/go, /usr/bin/gcc and 2 more")

    @pytest.mark.parametrize(
        "path", ["usr/local/go/bin/go", "usr/bin/gcc", "opt/sdk/bin/go", "usr/local/go/pkg/tool/linux_amd64/compile"]
    )
    def test_a_compiler_anywhere_is_caught(self, make_shipped: MakeShipped, path: str) -> None:
        """Where it is does not matter."""
        answer = no_toolchain(make_shipped([file(path, elf=STATIC)]))
        assert isinstance(answer, Unmet)
        assert path in answer.actual

    def test_one_that_a_later_layer_hides_is_caught(self, make_shipped: MakeShipped) -> None:
        """`RUN rm -rf /usr/local/go` takes nothing out of the layer below."""
        whiteout = Entry(PurePosixPath("usr/local/go"), Kind.WHITEOUT, 0, 0, 0, 0)
        answer = no_toolchain(make_shipped([file("usr/local/go/bin/go", elf=STATIC)], [whiteout]))
        assert isinstance(answer, Unmet)

    @pytest.mark.parametrize("path", ["opt/helper", "usr/bin/x86_64-linux-gnu-gcc-12", "srv/notes.txt"])
    @pytest.mark.parametrize("toolchain", [GO.toolchain, C.toolchain])
    def test_a_compiler_is_known_by_its_bytes(self, make_shipped: MakeShipped, path: str, toolchain: Toolchain) -> None:
        """Whatever its name; one of the marks of a toolchain is enough."""
        for mark in toolchain.marks:
            answer = no_toolchain(make_shipped([file(path, elf=replace(STATIC, marks=frozenset({mark})))]))
            assert isinstance(answer, Unmet)
            assert f"/{path}" in answer.actual

    @pytest.mark.parametrize("path", ["usr/local/bin/go", "bin/cc", "opt/pkg/tool/greeter"])
    def test_a_program_that_go_made_is_no_compiler(self, make_shipped: MakeShipped, path: str) -> None:
        """The path of its main package tells it from Go's own programs, even if somebody calls it `go`."""
        own = file(path, elf=replace(STATIC, marks=frozenset({GO.toolchain.product})))
        assert no_toolchain(make_shipped([own])) is None

    def test_the_bytes_of_a_shell_make_no_compiler(self, make_shipped: MakeShipped) -> None:
        """A base with a shell is right."""
        shell = file("bin/busybox", elf=replace(STATIC, marks=frozenset(SHELL_MARKS)))
        assert no_toolchain(make_shipped([shell])) is None

    @pytest.mark.parametrize("path", ["go", "app/go.mod", "bin/gopher", "usr/share/go/readme", "srv/go/index.html"])
    def test_a_program_or_folder_that_only_looks_like_it_passes(self, make_shipped: MakeShipped, path: str) -> None:
        """A learner may call the program what they like."""
        assert no_toolchain(make_shipped([file(path, elf=STATIC if path == "go" else None)])) is None


class TestNoSources:
    """`no_sources`."""

    def test_a_canary_in_any_layer_is_caught_and_its_line_named(self, make_shipped: MakeShipped) -> None:
        """The search was through bytes, so a renamed file is found too; its instruction is named."""
        match = Match(b"canary", 1, PurePosixPath("app/renamed.txt"))
        shipped = make_shipped(
            [file("base")], [file("app/renamed.txt")], matches=(match,), lines=(None, 3), dockerfile="FROM scratch\n"
        )
        answer = no_sources(shipped, "canary")
        assert isinstance(answer, Unmet)
        assert "/app/renamed.txt" in answer.actual
        assert answer.lines == (3,)

    def test_another_needle_is_not_its_business(self, make_shipped: MakeShipped) -> None:
        """The greeting's nonce is in the program rightly."""
        match = Match(b"greeting", 0, PurePosixPath("app/greeter"))
        assert no_sources(make_shipped([file("app/greeter")], matches=(match,)), "canary") is None


class TestNotBasedOnBuilder:
    """`not_based_on_builder`."""

    def test_an_image_on_a_toolchain_image_is_caught(self, make_shipped: MakeShipped) -> None:
        """However many stages there are, the layers tell."""
        shipped = make_shipped([file("a")], [file("b")], toolchains={"golang:1.26": ("sha256:0",)})
        answer = not_based_on_builder(shipped)
        assert isinstance(answer, Unmet)
        assert answer.actual == "its lowest layer is that of golang:1.26"

    def test_sharing_only_the_first_layers_with_one_passes(self, make_shipped: MakeShipped) -> None:
        """golang:1.26-alpine is itself based on alpine, and alpine is a right choice."""
        shipped = make_shipped([file("a")], toolchains={"golang:1.26-alpine": ("sha256:0", "sha256:go")})
        assert not_based_on_builder(shipped) is None

    def test_a_stage_with_an_image_s_name_is_said(self, make_shipped: MakeShipped) -> None:
        """FROM alpine does have its own FROM: it is the name that leads to the stage."""
        text = "FROM golang:1.26 AS alpine\nRUN x\nFROM alpine\nCMD x\n"
        answer = not_based_on_builder(
            make_shipped([file("a")], dockerfile=text, toolchains={"golang:1.26": ("sha256:0",)})
        )
        assert isinstance(answer, Unmet)
        assert "begins from your stage alpine" in answer.actual
        assert answer.lines == (1, 3)

    def test_a_stage_that_begins_from_the_builder_is_told_as_before(self, make_shipped: MakeShipped) -> None:
        """Its name is no image's."""
        text = "FROM golang:1.26 AS builder\nRUN x\nFROM builder\nCMD x\n"
        answer = not_based_on_builder(
            make_shipped([file("a")], dockerfile=text, toolchains={"golang:1.26": ("sha256:0",)})
        )
        assert isinstance(answer, Unmet)
        assert answer.hint.startswith("Begin the last stage")


class TestStartCommand:
    """`has_start_command` and `exposes_port`."""

    def test_a_command_that_is_only_the_bases_is_caught(self, make_shipped: MakeShipped) -> None:
        """Alpine starts a shell by itself; that is not the program."""
        shipped = make_shipped([file("a")], base_layers=1, base_command=("/bin/sh",), command=("/bin/sh",))
        answer = has_start_command(shipped)
        assert isinstance(answer, Unmet)
        assert "/bin/sh" in answer.actual

    @pytest.mark.parametrize("how", ["entrypoint", "command"])
    def test_either_instruction_will_do(self, make_shipped: MakeShipped, how: str) -> None:
        """ENTRYPOINT in place of CMD is a right answer."""
        assert has_start_command(make_shipped([file("a")], **{how: ("/greeter",)})) is None

    def test_none_at_all_is_caught(self, make_shipped: MakeShipped) -> None:
        """Scratch brings none."""
        assert isinstance(has_start_command(make_shipped([file("a")])), Unmet)

    def test_the_port_must_be_the_one_asked_for(self, make_shipped: MakeShipped) -> None:
        """Another port, or the same one over UDP, does not do."""
        assert exposes_port(make_shipped([], exposed=("8080/tcp", "9090/tcp")), "8080/tcp") is None
        answer = exposes_port(make_shipped([], exposed=("8080/udp",)), "8080/tcp")
        assert isinstance(answer, Unmet)
        assert "8080/udp" in answer.actual
        assert "TCP: write EXPOSE 8080" in answer.hint
        other = exposes_port(make_shipped([], exposed=("80/tcp",)), "8080/tcp")
        assert isinstance(other, Unmet)
        assert "the port on which the program listens" in other.hint


class TestStartsOnEmptyBase:
    """`starts_on_empty_base`."""

    def test_a_static_program_on_nothing_passes(self, make_shipped: MakeShipped) -> None:
        """That is what the exercise is for."""
        shipped = make_shipped([file("greeter", elf=STATIC)], entrypoint=("/greeter",))
        assert starts_on_empty_base(shipped) is None

    def test_a_dynamic_program_is_caught_and_its_loader_named(self, make_shipped: MakeShipped) -> None:
        """The kernel's own message would be `no such file or directory`; ours says which."""
        shipped = make_shipped([file("greeter", elf=DYNAMIC)], command=("/greeter",))
        answer = starts_on_empty_base(shipped)
        assert isinstance(answer, Unmet)
        assert "/lib64/ld-linux-x86-64.so.2" in answer.actual

    @pytest.mark.parametrize("path", ["lib/ld-musl-x86_64.so.1", "lib/x86_64-linux-gnu/libc.so.6"])
    def test_a_c_library_in_the_image_is_caught(self, make_shipped: MakeShipped, path: str) -> None:
        """A base with a C library is not an empty one."""
        shipped = make_shipped([file("greeter", elf=STATIC), file(path)], command=("/greeter",))
        answer = starts_on_empty_base(shipped)
        assert isinstance(answer, Unmet)
        assert answer.hint.startswith("Your own instructions bring it")

    def test_a_c_library_of_the_base_is_the_base_s(self, make_shipped: MakeShipped) -> None:
        """Then another base helps."""
        shipped = make_shipped(
            [file("lib/libc.so.6")], [file("greeter", elf=STATIC)], base_layers=1, command=("/greeter",)
        )
        answer = starts_on_empty_base(shipped)
        assert isinstance(answer, Unmet)
        assert answer.hint.startswith("Start the final stage from a base")

    def test_a_c_library_that_a_later_layer_hides_is_caught(self, make_shipped: MakeShipped) -> None:
        """`RUN rm -rf /lib` takes nothing out of the base; what hides it is said, and the base is pointed at."""
        whiteout = Entry(PurePosixPath("lib"), Kind.WHITEOUT, 0, 0, 0, 0)
        layers = ([file("lib/ld-musl-x86_64.so.1")], [file("greeter", elf=STATIC)], [whiteout])
        text = "FROM alpine\nCOPY greeter /\nRUN rm -rf /lib\n"
        shipped = make_shipped(*layers, command=("/greeter",), base_layers=1, dockerfile=text)
        answer = starts_on_empty_base(shipped)
        assert isinstance(answer, Unmet)
        assert answer.actual == "a C library: /lib/ld-musl-x86_64.so.1, which a later layer hides"
        assert answer.lines == (1,)


class TestNonRoot:
    """`non_root`."""

    def test_a_user_in_another_stage_is_pointed_at(self, make_shipped: MakeShipped) -> None:
        """There it stands, and there it has no say."""
        shipped = make_shipped([], dockerfile="FROM a AS builder\nUSER 1000\nFROM scratch\nCOPY --from=builder /a /a\n")
        answer = non_root(("0",), shipped)
        assert isinstance(answer, Unmet)
        assert answer.lines == (2,)

    @pytest.mark.parametrize("users", [("0",), ("root",), ("1000", "0")])
    def test_any_process_of_root_is_caught(self, make_shipped: MakeShipped, users: tuple[str, ...]) -> None:
        """By number or by name, one is enough."""
        assert isinstance(non_root(users, make_shipped([])), Unmet)

    @pytest.mark.parametrize("users", [("65532",), ("nobody",), ("1000", "1000")])
    def test_other_users_pass(self, make_shipped: MakeShipped, users: tuple[str, ...]) -> None:
        """Which one is the learner's choice."""
        assert non_root(users, make_shipped([])) is None

    @pytest.mark.parametrize(
        ("mode", "capabilities", "words"),
        [
            (0o4755, 0, "a setuid bit of root's (mode 4755, user 0, group 0)"),
            (0o2755, 0, "a setgid bit of root's"),
            (0o755, 1 << 7, "capabilities"),
        ],
    )
    @pytest.mark.parametrize("start", [("/greeter",), ("/bin/sh", "-c", "exec /greeter --loud"), ("/init", "/greeter")])
    def test_a_program_that_its_file_makes_root_is_caught(
        self, make_shipped: MakeShipped, mode: int, capabilities: int, words: str, start: tuple[str, ...]
    ) -> None:
        """USER has no say then."""
        program = replace(file("greeter", elf=STATIC), mode=mode, capabilities=capabilities)
        shipped = make_shipped([program], entrypoint=start, lines=(4,), user="65532")
        answer = non_root(("65532",), shipped)
        assert non_root(("0",), shipped) == answer  # a setuid bit is seen in the processes, too
        assert isinstance(answer, Unmet)
        assert answer.actual.startswith(f"/greeter has {words}")
        assert answer.lines == (4,)

    @pytest.mark.parametrize(
        ("mode", "uid", "capabilities", "path"),
        [
            (0o755, 0, 0, "greeter"),
            (0o4755, 65532, 0, "greeter"),
            (0o755, 0, 1 << 10, "greeter"),
            (0o4755, 0, 0, "bin/su"),
        ],
    )
    def test_a_program_that_stays_its_user_passes(
        self, make_shipped: MakeShipped, mode: int, uid: int, capabilities: int, path: str
    ) -> None:
        """Ports below 1024 are no rights of root's; what the base has and nobody starts does not run."""
        program = replace(file(path, elf=STATIC), mode=mode, uid=uid, capabilities=capabilities)
        assert non_root(("65532",), make_shipped([program], entrypoint=("/greeter",))) is None

    def test_it_cannot_be_told_of_a_container_that_is_gone(self, make_shipped: MakeShipped) -> None:
        """No processes, no answer."""
        assert isinstance(non_root((), make_shipped([])), Blocked)
