"""Criteria of a container that behaves: each catches its own fault, names the cause, and lets right answers be."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import PurePosixPath
from typing import Any

import pytest

from grader.criteria.arguments_pass import arguments_pass
from grader.criteria.binary_executable import binary_executable
from grader.criteria.facts import Shipped
from grader.criteria.healthy import Quiet, asking, healthy, notices_silence
from grader.criteria.no_duplicate_bytes import no_duplicate_bytes
from grader.criteria.outcome import Answer, Blocked, Unmet
from grader.criteria.stops_gracefully import stops_gracefully
from grader.criteria.writable_data import writable_data
from grader.engine.model import Exchange, Exit
from grader.engine.silence import Ended, HttpFailure, HttpFault, NoAnswer, NotStarted, StartFault, StartRefusal
from grader.image.model import ElfFacts, Entry, Kind

MakeShipped = Callable[..., Shipped]
FINE = Exchange("/", 200, b"Good day!\n")
REFUSED = HttpFailure(HttpFault.REFUSED, "ConnectionRefusedError", 5.0)
SILENT = Exchange("/", None, silence=NoAnswer(8080, 10.0, REFUSED, is_open=None))
SHELL = ("/bin/sh", "-c", "/greeter; echo bye")


def not_started(kind: StartFault, words: str) -> Exchange:
    """Make the exchange with a container that the engine would not start."""
    return Exchange("/", None, silence=NotStarted(StartRefusal(kind, words)))


def ended(code: int, last_words: str = "") -> Exchange:
    """Make the exchange with a container that ended by itself."""
    return Exchange("/", None, silence=Ended(code, False, 512_000_000, last_words))


DENIED = not_started(StartFault.PERMISSION_DENIED, 'exec: "/greeter": permission denied')
MISSING = not_started(StartFault.PROGRAM_MISSING, 'exec: "/greeter": stat /greeter: no such file or directory')


def file(path: str, size: int = 10, *, mode: int = 0o755, uid: int = 0, elf: bool = True) -> Entry:
    """Make a file's entry."""
    facts = ElfFacts("x86-64", None) if elf else None
    return Entry(PurePosixPath(path), Kind.FILE, size, mode, uid, 0, elf=facts)


def folder(path: str, *, mode: int = 0o755, uid: int = 0) -> Entry:
    """Make a folder's entry."""
    return Entry(PurePosixPath(path), Kind.DIRECTORY, 0, mode, uid, 0)


def unmet(answer: Answer) -> Unmet:
    """Return the answer, which must be unmet."""
    assert isinstance(answer, Unmet)
    return answer


def with_config(shipped: Shipped, **fields: Any) -> Shipped:
    """Change fields of the image's config."""
    config = replace(shipped.image.config, **fields)
    return replace(shipped, image=replace(shipped.image, config=config))


class TestBinaryExecutable:
    """`binary_executable`."""

    def test_a_program_that_answers_was_executed(self, make_shipped: MakeShipped) -> None:
        """Whatever its mode seems to say: groups of users by name are not in the facts."""
        shipped = make_shipped([file("greeter", mode=0o750)], entrypoint=("/greeter",), user="app")
        assert binary_executable(FINE, shipped) is None

    def test_a_program_that_runs_and_is_silent_was_executed_too(self, make_shipped: MakeShipped) -> None:
        """That it does not answer is another criterion's to say."""
        assert binary_executable(SILENT, make_shipped([file("greeter")], entrypoint=("/greeter",))) is None

    def test_a_refused_program_is_told_with_its_mode_and_the_line(self, make_shipped: MakeShipped) -> None:
        """COPY --chmod=0644."""
        shipped = make_shipped([file("greeter", mode=0o644)], entrypoint=("/greeter",), user="65532", lines=(7,))
        answer = unmet(binary_executable(DENIED, shipped))
        assert "/greeter has mode 0644 and belongs to user 0; the image runs as user 65532" in answer.actual
        assert answer.lines == (7,)

    def test_a_program_for_root_alone_may_be_refused_after_the_start(self, make_shipped: MakeShipped) -> None:
        """Some runtimes find it as root, and then may not execute it as the user: the modes tell, and not the log."""
        shipped = make_shipped([file("greeter", mode=0o700)], entrypoint=("/greeter",), user="65532")
        answer = unmet(binary_executable(ended(1, "exec /greeter: permission denied"), shipped))
        assert "/greeter has mode 0700 and belongs to user 0" in answer.actual
        own = make_shipped([file("greeter", mode=0o700, uid=65532)], entrypoint=("/greeter",), user="65532")
        assert binary_executable(ended(1, "exec /greeter: permission denied"), own) is None

    def test_a_shell_that_was_refused_it_is_seen_by_its_exit_code(self, make_shipped: MakeShipped) -> None:
        """POSIX: 126 is for a command that was found and could not be executed."""
        shipped = make_shipped([file("bin/sh"), file("greeter", mode=0o644)], entrypoint=("/bin/sh", "-c", "/greeter"))
        assert "/greeter has mode 0644" in unmet(binary_executable(ended(126), shipped)).actual

    @pytest.mark.parametrize("user", ["", "65532", "app"])
    @pytest.mark.parametrize("start", [("/greeter",), ("/bin/sh", "-c", "exec /greeter")])
    def test_a_program_that_everyone_may_execute_was_executed(
        self, make_shipped: MakeShipped, user: str, start: tuple[str, ...]
    ) -> None:
        """It may end with the code that a shell has for one that it may not execute, and write what it likes."""
        shipped = make_shipped([file("bin/sh"), file("greeter")], entrypoint=start, user=user)
        assert binary_executable(ended(126, 'exec: "/greeter": permission denied'), shipped) is None

    @pytest.mark.parametrize(("mode", "user"), [(0o750, "65532"), (0o750, "app"), (0o711, "0"), (0o100, "")])
    def test_a_program_that_the_user_perhaps_may_execute_was_executed(
        self, make_shipped: MakeShipped, mode: int, user: str
    ) -> None:
        """Which groups the user is in is unknown."""
        shipped = make_shipped([file("greeter", mode=mode)], entrypoint=("/greeter",), user=user)
        assert binary_executable(ended(1), shipped) is None

    def test_a_folder_that_the_user_may_not_enter_is_named(self, make_shipped: MakeShipped) -> None:
        """/root is the usual one; the file in it is executable."""
        entries = [folder("root", mode=0o700), file("root/greeter")]
        shipped = make_shipped(entries, entrypoint=("/root/greeter",), user="65532")
        assert (
            "is in /root, which has mode 0700 and belongs to user 0" in unmet(binary_executable(DENIED, shipped)).actual
        )

    @pytest.mark.parametrize("exchange", [MISSING, DENIED])
    def test_a_program_that_is_not_there_blocks(self, make_shipped: MakeShipped, exchange: Exchange) -> None:
        """A folder by that name is refused like a program."""
        shipped = make_shipped([folder("greeter")], entrypoint=("/greeter",))
        assert isinstance(binary_executable(exchange, shipped), Blocked)

    def test_another_refusal_blocks(self, make_shipped: MakeShipped) -> None:
        """A missing loader says nothing of the mode."""
        assert isinstance(binary_executable(MISSING, make_shipped([file("greeter")], command=("/greeter",))), Blocked)


class TestWritableData:
    """`writable_data`."""

    WRITE = Exchange("/write", 500, b"open /data/x-123456789: permission denied")

    def test_a_file_that_was_written_is_the_proof(self, make_shipped: MakeShipped) -> None:
        """Whoever owns the folder."""
        assert writable_data(Exchange("/write", 200, b"wrote /data/x"), make_shipped([]), "/data") is None

    def test_the_folders_owner_and_the_programs_user_are_told(self, make_shipped: MakeShipped) -> None:
        """With the last line that speaks of the folder."""
        text = "FROM scratch\nCOPY d /data\nVOLUME /data\nUSER 65532\n"
        shipped = make_shipped([folder("data")], user="65532", dockerfile=text)
        answer = unmet(writable_data(self.WRITE, shipped, "/data"))
        assert (
            "permission denied; /data belongs to user 0 (mode 0755), and the program runs as user 65532"
            in answer.actual
        )
        assert answer.lines == (3,)

    def test_a_folder_that_the_image_does_not_have_is_told(self, make_shipped: MakeShipped) -> None:
        """The engine made one, for root."""
        answer = unmet(writable_data(self.WRITE, make_shipped([], user="app"), "/data"))
        assert "the image has no /data" in answer.actual

    def test_no_answer_blocks(self, make_shipped: MakeShipped) -> None:
        """Nothing was tried."""
        assert isinstance(writable_data(SILENT, make_shipped([]), "/data"), Blocked)


class TestStopsGracefully:
    """`stops_gracefully`."""

    GOOD = Exit(0, killed=False, seconds=0.3, log="")
    SLOW = Exit(0, killed=False, seconds=2.5, log="")
    KILLED = Exit(137, killed=True, seconds=5.1, log="")

    @staticmethod
    def endless(*exits: Exit) -> Iterator[Exit]:
        """Give these exits, and fail if more are asked for."""
        yield from exits
        pytest.fail("one container too many was stopped")

    def test_exit_code_0_in_time_passes_at_once(self, make_shipped: MakeShipped) -> None:
        """No second container is started."""
        assert stops_gracefully(self.endless(self.GOOD), make_shipped([])) is None

    def test_a_slow_one_is_given_another_try(self, make_shipped: MakeShipped) -> None:
        """A busy machine is not a slow program."""
        assert stops_gracefully(self.endless(self.SLOW, self.GOOD), make_shipped([])) is None

    def test_one_that_is_always_slow_fails(self, make_shipped: MakeShipped) -> None:
        """The tries come to an end."""
        assert "took 2.5 s" in unmet(stops_gracefully([self.SLOW, self.SLOW], make_shipped([]))).actual

    def test_one_that_is_killed_fails_at_once(self, make_shipped: MakeShipped) -> None:
        """A second try would only take time."""
        answer = unmet(stops_gracefully(self.endless(self.KILLED), make_shipped([])))
        assert "was killed after 5 s" in answer.actual

    def test_a_shell_as_process_1_is_named(self, make_shipped: MakeShipped) -> None:
        """With the line that starts it."""
        shipped = make_shipped([], entrypoint=SHELL, dockerfile="FROM scratch\nENTRYPOINT /greeter; echo bye\n")
        answer = unmet(stops_gracefully([self.KILLED], shipped))
        assert "process 1 is `/bin/sh -c /greeter; echo bye`" in answer.actual
        assert answer.lines == (2,)

    def test_a_script_as_process_1_is_named(self, make_shipped: MakeShipped) -> None:
        """It has to hand over."""
        shipped = make_shipped([file("start", elf=False)], entrypoint=("/start",))
        answer = unmet(stops_gracefully([self.KILLED], shipped))
        assert "the script /start" in answer.actual
        assert "exec" in answer.hint

    def test_another_stop_signal_is_named(self, make_shipped: MakeShipped) -> None:
        """SIGKILL cannot be handled."""
        shipped = with_config(make_shipped([file("greeter")], entrypoint=("/greeter",)), stop_signal="SIGKILL")
        answer = unmet(stops_gracefully([Exit(137, killed=False, seconds=0.1, log="")], shipped))
        assert "the stop signal is SIGKILL" in answer.actual

    def test_a_program_that_dies_of_the_signal_fails(self, make_shipped: MakeShipped) -> None:
        """143 is not an orderly end."""
        died = Exit(143, killed=False, seconds=0.1, log="")
        shipped = make_shipped([file("greeter")], entrypoint=("/greeter",))
        assert unmet(stops_gracefully([died], shipped)).actual == "it ended with exit code 143"


class TestArgumentsPass:
    """`arguments_pass`."""

    NONE = Exchange("/args", 200, b"\n")
    LOUD = Exchange("/args", 200, b"--loud\n")

    def test_the_argument_that_was_given_is_the_proof(self, make_shipped: MakeShipped) -> None:
        """Default arguments and further fixed ones are the learner's business."""
        shipped = make_shipped([file("greeter")], entrypoint=("/greeter", "--fixed"), command=("--polite",))
        plain = Exchange("/args", 200, b"--fixed\n--polite\n")
        assert arguments_pass(plain, Exchange("/args", 200, b"--fixed\n--loud\n"), shipped, "--loud") is None

    def test_a_command_that_is_replaced_is_told(self, make_shipped: MakeShipped) -> None:
        """CMD alone: --loud is taken for the program."""
        text = 'FROM scratch\nCMD ["/greeter"]\n'
        shipped = make_shipped([file("greeter")], command=("/greeter",), dockerfile=text)
        refused = not_started(StartFault.PROGRAM_MISSING, 'exec: "--loud": not found')
        answer = unmet(arguments_pass(self.NONE, refused, shipped, "--loud"))
        words = 'with --loud it does not answer: the container did not start: exec: "--loud": not found'
        assert answer.actual == words
        assert answer.lines == (2,)

    def test_a_shell_that_drops_them_is_named(self, make_shipped: MakeShipped) -> None:
        """The shell form of ENTRYPOINT."""
        answer = unmet(arguments_pass(self.NONE, self.NONE, make_shipped([], entrypoint=SHELL), "--loud"))
        assert "arguments are: none; the shell" in answer.actual

    def test_a_script_that_drops_them_is_caught(self, make_shipped: MakeShipped) -> None:
        """It forgot "$@"."""
        shipped = make_shipped([file("start", elf=False)], entrypoint=("/start",))
        assert (
            unmet(arguments_pass(self.NONE, self.NONE, shipped, "--loud")).actual == "the program's arguments are: none"
        )

    def test_a_program_that_gets_its_own_name_is_caught(self, make_shipped: MakeShipped) -> None:
        """CMD repeats ENTRYPOINT; with an argument it seems to be right."""
        shipped = make_shipped([file("greeter")], entrypoint=("/greeter",), command=("/greeter",))
        answer = unmet(arguments_pass(Exchange("/args", 200, b"/greeter\n"), self.LOUD, shipped, "--loud"))
        assert "its own name as an argument: /greeter" in answer.actual

    def test_no_answer_without_arguments_blocks(self, make_shipped: MakeShipped) -> None:
        """It is not the arguments, then."""
        assert isinstance(arguments_pass(SILENT, self.LOUD, make_shipped([]), "--loud"), Blocked)


class TestHealthy:
    """`healthy`."""

    TEXT = "FROM scratch\nHEALTHCHECK CMD curl localhost\n"

    def checked(self, make_shipped: MakeShipped, *check: str, entries: tuple[Entry, ...] = ()) -> Shipped:
        """Make an image with this health check."""
        return with_config(make_shipped(list(entries), dockerfile=self.TEXT, lines=(2,)), healthcheck=check)

    def test_healthy_is_all_it_asks(self, make_shipped: MakeShipped) -> None:
        """By whatever means, curl aside."""
        assert healthy("healthy", "ok", self.checked(make_shipped, "CMD", "/greeter", "-health")) is None

    def test_a_missing_program_is_told_in_the_engines_words(self, make_shipped: MakeShipped) -> None:
        """curl, mostly."""
        shipped = self.checked(make_shipped, "CMD-SHELL", "curl localhost", entries=(file("bin/sh"),))
        answer = unmet(healthy("unhealthy", "curl: not found", shipped))
        assert "`curl localhost` leaves it unhealthy; it wrote: curl: not found" in answer.actual
        assert "a program that is in the image" in answer.hint
        assert answer.lines == (2,)

    def test_a_check_that_needs_a_shell_where_there_is_none_is_told(self, make_shipped: MakeShipped) -> None:
        """Whether there is one is seen in the image."""
        words = 'exec: "/bin/sh": no such file'
        answer = unmet(healthy("unhealthy", words, self.checked(make_shipped, "CMD-SHELL", "/greeter -health")))
        assert answer.actual.endswith('it wrote: exec: "/bin/sh": no such file')
        assert "needs a shell" in answer.hint

    def test_a_port_where_nothing_listens_is_told(self, make_shipped: MakeShipped) -> None:
        """The tool is there."""
        words = "wget: can't connect to remote host (127.0.0.1): Connection refused"
        shipped = self.checked(make_shipped, "CMD-SHELL", "wget", entries=(file("bin/sh"), file("bin/wget")))
        assert "which port" in unmet(healthy("unhealthy", words, shipped)).hint

    @pytest.mark.parametrize("words", ["exec: no such file", "/config: not found"])
    @pytest.mark.parametrize("check", ["CMD-SHELL /greeter -health", "CMD /greeter", "CMD-SHELL [ -f x ]"])
    def test_a_check_that_is_there_is_not_called_missing(
        self, make_shipped: MakeShipped, words: str, check: str
    ) -> None:
        """Whatever it writes."""
        shipped = self.checked(make_shipped, *check.split(" ", 1), entries=(file("bin/sh"), file("greeter")))
        assert "by hand" in unmet(healthy("unhealthy", words, shipped)).hint

    @pytest.mark.parametrize("check", [(), ("NONE",)])
    def test_no_check_is_told(self, make_shipped: MakeShipped, check: tuple[str, ...]) -> None:
        """HEALTHCHECK NONE is none."""
        assert "has no health check" in unmet(healthy("", "", self.checked(make_shipped, *check))).actual

    def test_one_that_never_makes_up_its_mind_is_told(self, make_shipped: MakeShipped) -> None:
        """A check that hangs."""
        assert "leaves it starting" in unmet(healthy("starting", "", self.checked(make_shipped, "CMD", "/wait"))).actual

    def test_curl_in_the_image_is_caught(self, make_shipped: MakeShipped) -> None:
        """A health check is no reason to ship it; a folder by that name is not meant."""
        shipped = self.checked(make_shipped, "CMD", "curl", entries=(file("usr/bin/curl"),))
        assert "/usr/bin/curl" in unmet(healthy("healthy", "", shipped)).actual
        hidden = Entry(PurePosixPath("usr/bin"), Kind.WHITEOUT, 0, 0, 0, 0)
        below = make_shipped([file("usr/bin/curl")], [hidden], dockerfile=self.TEXT)
        assert "/usr/bin/curl" in unmet(healthy("healthy", "", with_config(below, healthcheck=("CMD", "x")))).actual
        shipped = self.checked(make_shipped, "CMD", "x", entries=(file("usr/share/doc/curl"), folder("usr/bin/curl")))
        assert healthy("healthy", "", shipped) is None


class TestNoticesSilence:
    """`notices_silence`, and how its containers are started."""

    TEXT = "FROM scratch\nHEALTHCHECK CMD x || true\n"

    def checked(self, make_shipped: MakeShipped, *check: str, by: tuple[str, ...] = ()) -> Shipped:
        """Make an image with this health check, and perhaps a shell of its own."""
        return with_config(make_shipped([], dockerfile=self.TEXT), healthcheck=check, shell=by)

    @pytest.mark.parametrize("place", list(Quiet))
    def test_a_check_that_succeeds_where_nothing_answers_is_caught(
        self, make_shipped: MakeShipped, place: Quiet
    ) -> None:
        """In one place is enough; the message names the place."""
        checks = {quiet: Exit(0 if quiet is place else 1, False, 1.0, "") for quiet in Quiet}
        answer = unmet(notices_silence(checks, self.checked(make_shipped, "CMD-SHELL", "x || true")))
        assert answer.actual == f"`x || true` ends with exit code 0 also {place.value}"
        assert answer.lines == (2,)

    def test_one_that_fails_or_waits_for_ever_passes(self, make_shipped: MakeShipped) -> None:
        """The engine kills it in the end, and that is no success; whatever code it then ends with."""
        checks = {Quiet.ALONE: Exit(1, False, 1.0, ""), Quiet.PAUSED: Exit(0, True, 20.0, "")}
        assert notices_silence(checks, self.checked(make_shipped, "CMD", "x")) is None

    def test_it_is_started_as_the_engine_starts_it(self, make_shipped: MakeShipped) -> None:
        """Itself, or through the image's shell."""
        started = [
            asking(self.checked(make_shipped, "CMD", "/greeter", "-health")),
            asking(self.checked(make_shipped, "CMD-SHELL", "x || true")),
            asking(self.checked(make_shipped, "CMD-SHELL", "x", by=("/bin/bash", "-e", "-c"))),
        ]
        assert [(*how["entrypoint"], *how["arguments"]) for how in started] == [
            ("/greeter", "-health"),
            ("/bin/sh", "-c", "x || true"),
            ("/bin/bash", "-e", "-c", "x"),
        ]


class TestNoDuplicateBytes:
    """`no_duplicate_bytes`."""

    TEXT = "FROM scratch\nCOPY greeter /greeter\nRUN chown 1 /greeter\n"
    BIG = 9_000_000

    def test_a_file_that_a_later_layer_writes_again_is_caught(self, make_shipped: MakeShipped) -> None:
        """With its weight, the instruction and its line."""
        shipped = make_shipped(
            [file("greeter", self.BIG)], [file("greeter", self.BIG, uid=1)], dockerfile=self.TEXT, lines=(2, 3)
        )
        answer = unmet(no_duplicate_bytes(shipped))
        assert answer.actual == "/greeter (9.0 MB) is in two layers: `RUN chown 1 /greeter` writes it again"
        assert answer.lines == (3,)

    def test_a_file_that_was_moved_is_caught(self, make_shipped: MakeShipped) -> None:
        """RUN mv is a copy and a whiteout."""
        whiteout = Entry(PurePosixPath("greeter"), Kind.WHITEOUT, 0, 0, 0, 0)
        shipped = make_shipped([file("greeter", self.BIG)], [whiteout, file("bin/greeter", self.BIG)])
        assert isinstance(no_duplicate_bytes(shipped), Unmet)

    def test_bytes_of_the_base_count(self, make_shipped: MakeShipped) -> None:
        """`chown -R app /` writes the base again."""
        shipped = make_shipped([file("bin/busybox", 800_000)], [file("bin/busybox", 800_000, uid=1)], base_layers=1)
        assert isinstance(no_duplicate_bytes(shipped), Unmet)

    def test_what_layers_of_the_base_do_to_each_other_is_not_the_learners(self, make_shipped: MakeShipped) -> None:
        """Real base images have several layers, and not all of them are tidy."""
        twice = ([file("lib", 800_000)], [file("lib", 800_000)], [file("greeter", self.BIG)])
        assert no_duplicate_bytes(make_shipped(*twice, base_layers=2)) is None
        assert isinstance(no_duplicate_bytes(make_shipped(*twice, base_layers=1)), Unmet)

    def test_a_file_that_was_changed_or_deleted_is_not_meant(self, make_shipped: MakeShipped) -> None:
        """Other bytes are no copy, and deleting ships nothing twice."""
        whiteout = Entry(PurePosixPath("cache"), Kind.WHITEOUT, 0, 0, 0, 0)
        shipped = make_shipped(
            [file("db", 50_000), file("cache", self.BIG)], [file("db", 50_001), whiteout, file("app", 7_000_000)]
        )
        assert no_duplicate_bytes(shipped) is None

    @pytest.mark.parametrize("layers", [((0, 0), (1, 0)), ((0, 0), (0, 1))], ids=["another layer", "the same layer"])
    def test_the_same_bytes_under_another_name_are_caught(
        self, make_shipped: MakeShipped, layers: tuple[tuple[int, int], tuple[int, int]]
    ) -> None:
        """A second program for the health check is the first one again."""
        made: list[list[Entry]] = [[], []]
        sums: tuple[dict[int, int], dict[int, int]] = {}, {}
        for name, (layer, number) in zip(("bin/greeter", "bin/health"), layers, strict=True):
            made[layer].append(file(name, self.BIG))
            sums[layer][number] = 77
        answer = unmet(no_duplicate_bytes(make_shipped(*made, checksums=sums, lines=(2, 3))))
        assert "/bin/health (9.0 MB) has the same bytes as /bin/greeter" in answer.actual
        assert "link" in answer.hint

    def test_other_bytes_of_the_same_size_are_no_copy(self, make_shipped: MakeShipped) -> None:
        """Nor are copies in the base, and links to a file."""
        two = [file("a", self.BIG), file("b", self.BIG)]
        assert no_duplicate_bytes(make_shipped(two, checksums=({0: 1, 1: 2},))) is None
        assert no_duplicate_bytes(make_shipped(two, base_layers=1, checksums=({0: 1, 1: 1},))) is None
        link = Entry(PurePosixPath("b"), Kind.HARDLINK, 0, 0o755, 0, 0, link="a")
        assert no_duplicate_bytes(make_shipped([two[0], link], checksums=({0: 1},))) is None

    def test_small_files_and_folders_are_not_worth_a_word(self, make_shipped: MakeShipped) -> None:
        """A folder's owner costs no bytes."""
        shipped = make_shipped(
            [file("etc/passwd", 900), folder("data")], [file("etc/passwd", 900), folder("data", uid=1)]
        )
        assert no_duplicate_bytes(shipped) is None
