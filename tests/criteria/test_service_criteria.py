"""Criteria that are asked of a running container: each names the cause that a learner can fix."""

from collections.abc import Callable
from pathlib import PurePosixPath

import pytest

from grader.criteria.answers_http import answers_http
from grader.criteria.built_from_source import built_from_source
from grader.criteria.endpoint_works import temp_dir, time_zones
from grader.criteria.facts import Shipped
from grader.criteria.outcome import Blocked, Unmet
from grader.criteria.silence_words import silence_words
from grader.engine.model import Exchange
from grader.engine.silence import Ended, ListensElsewhere, LoopbackOnly, NotStarted, StartFault, StartRefusal
from grader.image.model import ElfFacts, Entry, Kind

MakeShipped = Callable[..., Shipped]
ENDED = Ended(1, False, 512_000_000, "")
SILENT = Exchange("/", None, silence=ENDED)
FINE = Exchange("/", 200, b"Good day from NONCE!\n")


def program(path: str, *, mode: int = 0o755, interpreter: str | None = None, kind: Kind = Kind.FILE) -> Entry:
    """Make the entry of a program."""
    return Entry(PurePosixPath(path), kind, 10, mode, 0, 0, elf=ElfFacts("x86-64", interpreter))


def actual(answer: object) -> str:
    """Return what an unmet criterion saw."""
    assert isinstance(answer, Unmet)
    return answer.actual


class TestAnswersHttp:
    """`answers_http`."""

    def test_status_200_is_all_it_asks(self, make_shipped: MakeShipped) -> None:
        """What is answered is another criterion's question."""
        assert answers_http(FINE, make_shipped([])) is None

    def test_another_status_is_shown_with_its_body(self, make_shipped: MakeShipped) -> None:
        """The program's own words help most."""
        answer = answers_http(Exchange("/", 500, b"no greeting"), make_shipped([]))
        assert "500: no greeting" in actual(answer)

    def test_a_missing_loader_is_named(self, make_shipped: MakeShipped) -> None:
        """`no such file or directory` about a file that is there is what beginners despair of."""
        shipped = make_shipped([program("greeter", interpreter="/lib64/ld-linux-x86-64.so.2")], command=("/greeter",))
        assert "to start, it needs /lib64/ld-linux-x86-64.so.2, which" in actual(answers_http(SILENT, shipped))

    def test_a_shell_form_without_a_shell_is_named(self, make_shipped: MakeShipped) -> None:
        """CMD ./greeter on scratch."""
        shipped = make_shipped([program("greeter")], command=("/bin/sh", "-c", "./greeter"))
        assert "no shell" in actual(answers_http(SILENT, shipped))

    def test_a_program_that_is_not_there_is_named(self, make_shipped: MakeShipped) -> None:
        """The path in CMD and the path in COPY differ."""
        shipped = make_shipped([program("app/greeter")], command=("/greeter",))
        assert "`/greeter` is not in the image" in actual(answers_http(SILENT, shipped))

    def test_a_directory_in_place_of_the_program_is_named(self, make_shipped: MakeShipped) -> None:
        """COPY --from=build /src /greeter copies a folder."""
        shipped = make_shipped([program("greeter", kind=Kind.DIRECTORY)], command=("/greeter",))
        assert "is a directory" in actual(answers_http(SILENT, shipped))

    def test_a_program_without_its_execute_bit_is_named(self, make_shipped: MakeShipped) -> None:
        """Mode 0644 after a COPY from the host."""
        shipped = make_shipped([program("greeter", mode=0o644)], command=("/greeter",))
        assert "not executable (mode 0644)" in actual(answers_http(SILENT, shipped))

    def test_a_relative_program_is_looked_for_in_the_working_directory(self, make_shipped: MakeShipped) -> None:
        """WORKDIR /app with CMD ["./greeter"] is right, so another cause is named."""
        shipped = make_shipped([program("app/greeter")], command=("./greeter",), working_directory="/app")
        assert actual(answers_http(SILENT, shipped)) == silence_words(ENDED)

    def test_a_program_by_a_link_is_followed(self, make_shipped: MakeShipped) -> None:
        """Links in the middle of a path, absolute or not, are followed inside the image."""
        links = [
            Entry(PurePosixPath("bin"), Kind.SYMLINK, 0, 0o777, 0, 0, link="usr/bin"),
            Entry(PurePosixPath("usr/bin/greeter"), Kind.SYMLINK, 0, 0o777, 0, 0, link="/opt/greeter"),
        ]
        shipped = make_shipped([*links, program("opt/greeter")], command=("/bin/greeter",))
        assert actual(answers_http(SILENT, shipped)) == silence_words(ENDED)

    def test_links_in_a_circle_end(self, make_shipped: MakeShipped) -> None:
        """A hostile image does not hang the grader."""
        circle = [
            Entry(PurePosixPath("a"), Kind.SYMLINK, 0, 0o777, 0, 0, link="b"),
            Entry(PurePosixPath("b"), Kind.SYMLINK, 0, 0o777, 0, 0, link="a"),
        ]
        assert "is not in the image" in actual(answers_http(SILENT, make_shipped(circle, command=("/a",))))

    def test_the_line_is_that_of_the_start_command(self, make_shipped: MakeShipped) -> None:
        """The last one counts, as it does for the engine."""
        text = 'FROM scratch\nCMD ["/one"]\nCOPY a /a\nCMD ["/greeter"]\n'
        answer = answers_http(SILENT, make_shipped([], command=("/greeter",), dockerfile=text))
        assert isinstance(answer, Unmet)
        assert answer.lines == (4,)

    def test_json_with_single_quotes_is_named(self, make_shipped: MakeShipped) -> None:
        """With a shell and without one: the cause is the quotes, not the shell."""
        shipped = make_shipped([program("greeter")], command=("/bin/sh", "-c", "['/greeter']"))
        answer = answers_http(SILENT, shipped)
        assert "not valid JSON" in actual(answer)
        assert isinstance(answer, Unmet)
        assert "double quotes" in answer.hint

    def test_a_shell_that_tests_a_condition_is_no_broken_json(self, make_shipped: MakeShipped) -> None:
        """`[ -f x ] && ./x` begins with a bracket, too."""
        shipped = make_shipped([program("bin/sh")], command=("/bin/sh", "-c", "[ -f /x ] && /x"))
        assert actual(answers_http(SILENT, shipped)) == silence_words(ENDED)

    def test_a_named_user_without_passwd_is_named_with_its_line(self, make_shipped: MakeShipped) -> None:
        """On scratch a user's name cannot be looked up."""
        text = 'FROM scratch\nUSER app\nCMD ["/greeter"]\n'
        shipped = make_shipped([program("greeter")], command=("/greeter",), user="app:app", dockerfile=text)
        answer = answers_http(SILENT, shipped)
        assert "`app`" in actual(answer)
        assert isinstance(answer, Unmet)
        assert answer.lines == (2,)

    def test_a_numbered_user_or_one_with_a_passwd_is_not_the_cause(self, make_shipped: MakeShipped) -> None:
        """Numbers are not looked up; whether the name is in the file is for the engine to say."""
        passwd = Entry(PurePosixPath("etc/passwd"), Kind.FILE, 10, 0o644, 0, 0)
        for user, entries in (("65532:65532", []), ("app", [passwd])):
            shipped = make_shipped([program("greeter"), *entries], command=("/greeter",), user=user)
            assert actual(answers_http(SILENT, shipped)) == silence_words(ENDED)

    def test_a_user_that_the_engine_does_not_find_points_at_its_line(self, make_shipped: MakeShipped) -> None:
        """The image has an /etc/passwd, and no such name in it."""
        refusal = StartRefusal(StartFault.NO_SUCH_USER, "unable to find user app: no matching entries in passwd file")
        text = 'FROM alpine\nUSER app\nCMD ["/greeter"]\n'
        shipped = make_shipped([program("greeter"), program("etc/passwd")], command=("/greeter",), dockerfile=text)
        answer = answers_http(Exchange("/", None, silence=NotStarted(refusal)), shipped)
        assert isinstance(answer, Unmet)
        assert answer.lines == (2,)
        assert "user number" in answer.hint

    def test_a_dynamic_program_points_at_the_line_that_compiles(self, make_shipped: MakeShipped) -> None:
        """There it is fixed, not where it is started."""
        text = (
            'FROM golang AS b\nRUN go build -o /greeter .\nFROM scratch\nCOPY --from=b /greeter /\nCMD ["/greeter"]\n'
        )
        shipped = make_shipped([program("greeter", interpreter="/lib/ld")], command=("/greeter",), dockerfile=text)
        answer = answers_http(SILENT, shipped)
        assert isinstance(answer, Unmet)
        assert answer.lines == (2,)

    def test_starting_only_what_the_base_starts_is_told_in_the_hint(self, make_shipped: MakeShipped) -> None:
        """Golang starts bash, which ends at once: the log does not help there."""
        shipped = make_shipped([program("bin/bash")], command=("bash",), base_command=("bash",), base_layers=1)
        answer = answers_http(SILENT, shipped)
        assert isinstance(answer, Unmet)
        assert "starts what alpine:latest starts" in answer.hint

    def test_a_program_on_the_loopback_points_at_the_setting(self, make_shipped: MakeShipped) -> None:
        """Where nothing outside the container reaches it."""
        text = 'FROM scratch\nENV ADDRESS=127.0.0.1:8080\nCMD ["/greeter"]\n'
        shipped = make_shipped([program("greeter")], command=("/greeter",), dockerfile=text)
        answer = answers_http(Exchange("/", None, silence=LoopbackOnly(8080)), shipped)
        assert isinstance(answer, Unmet)
        assert answer.lines == (2,)
        assert "every interface" in answer.hint

    def test_a_program_elsewhere_in_the_image_is_pointed_out(self, make_shipped: MakeShipped) -> None:
        """Where it is tells which of the two paths is wrong; a folder of that name is no program."""
        entries = [program("src/greeter"), program("opt/greeter", kind=Kind.DIRECTORY)]
        shipped = make_shipped(entries, command=("/app/greeter",))
        assert actual(answers_http(SILENT, shipped)) == "`/app/greeter` is not in the image; there is /src/greeter"

    def test_a_bare_name_is_looked_for_on_path(self, make_shipped: MakeShipped) -> None:
        """It is in the image, only not where a bare name is looked for."""
        shipped = make_shipped([program("src/greeter")], command=("greeter",), working_directory="/src")
        answer = answers_http(SILENT, shipped)
        assert "in no folder of the image's PATH; there is /src/greeter" in actual(answer)

    def test_a_program_on_another_port_points_at_the_setting(self, make_shipped: MakeShipped) -> None:
        """EXPOSE does not move it."""
        text = 'FROM scratch\nENV ADDRESS=:3000\nCMD ["/greeter"]\n'
        shipped = make_shipped([program("greeter")], command=("/greeter",), dockerfile=text)
        answer = answers_http(Exchange("/", None, silence=ListensElsewhere(8080, (3000,))), shipped)
        assert isinstance(answer, Unmet)
        assert answer.lines == (2,)


class TestBuiltFromSource:
    """`built_from_source`."""

    def test_the_nonce_in_the_answer_is_the_proof(self, make_shipped: MakeShipped) -> None:
        """The text around it is the learner's business."""
        assert built_from_source(FINE, make_shipped([]), "NONCE") is None

    def test_a_fixed_answer_is_caught(self, make_shipped: MakeShipped) -> None:
        """It answers, but not with what was in the source."""
        answer = built_from_source(Exchange("/", 200, b"Hello"), make_shipped([]), "NONCE")
        assert "it answered: Hello" in actual(answer)

    def test_a_line_that_writes_the_text_is_pointed_at(self, make_shipped: MakeShipped) -> None:
        """The greeting is in the Dockerfile in place of the source."""
        text = "FROM a\nCOPY . .\nRUN echo Hello > greeting.txt\nRUN go build\n"
        answer = built_from_source(Exchange("/", 200, b"Hello"), make_shipped([], dockerfile=text), "NONCE")
        assert isinstance(answer, Unmet)
        assert answer.lines == (3,)

    def test_it_cannot_be_told_when_nothing_answers(self, make_shipped: MakeShipped) -> None:
        """A dead container is not also a liar."""
        answer = built_from_source(SILENT, make_shipped([]), "NONCE")
        assert isinstance(answer, Blocked)
        assert answer.by == "answers-http"


class TestEndpoints:
    """The program's own endpoints."""

    def test_a_failing_endpoint_shows_the_programs_words(self, make_shipped: MakeShipped) -> None:
        """They name what is missing."""
        answer = time_zones(Exchange("/tz", 500, b"unknown time zone Europe/Berlin"), make_shipped([]))
        assert "unknown time zone" in actual(answer)

    def test_a_working_one_passes_and_a_silent_one_blocks(self, make_shipped: MakeShipped) -> None:
        """Neither is a fail."""
        assert time_zones(Exchange("/tz", 200, b"12:00"), make_shipped([])) is None
        assert isinstance(time_zones(SILENT, make_shipped([])), Blocked)


class TestWhatEnds:
    """A container that ended without an error: what it started does not stay in front."""

    def test_a_program_in_the_background_is_said(self, make_shipped: MakeShipped) -> None:
        """The shell has nothing to wait for."""
        shipped = make_shipped([program("bin/sh")], command=("/bin/sh", "-c", "greeter &"))
        answer = answers_http(Exchange("/", None, silence=Ended(0, False, 1, "")), shipped)
        assert isinstance(answer, Unmet)
        assert "`&` sends the program to the background" in answer.hint

    @pytest.mark.parametrize(("code", "words"), [(0, "keeps running"), (1, "Run it yourself")])
    def test_a_program_that_ends_is_told_by_its_code(self, make_shipped: MakeShipped, code: int, words: str) -> None:
        """Without an error there is nothing to read in a log."""
        shipped = make_shipped([program("greeter")], command=("/greeter",))
        answer = answers_http(Exchange("/", None, silence=Ended(code, False, 1, "")), shipped)
        assert isinstance(answer, Unmet)
        assert words in answer.hint


@pytest.mark.parametrize(
    ("copy", "words"),
    [("/tmp /tmp", "COPY copies what is in a folder, and not its mode"), ("/rootfs /", "`mkdir -m 1777`")],
)
def test_a_tmp_that_is_there_is_not_to_be_added(make_shipped: MakeShipped, copy: str, words: str) -> None:
    """Its mode is the cause: COPY leaves that of the folder itself behind, and keeps that of folders in it."""
    folder = Entry(PurePosixPath("tmp"), Kind.DIRECTORY, 0, 0o755, 0, 0)
    text = f"FROM scratch\nCOPY --from=builder {copy}\nCMD x\n"
    answer = temp_dir(Exchange("/tmp", 500, b"no"), make_shipped([folder], dockerfile=text, lines=(2,)))
    assert isinstance(answer, Unmet)
    assert words in answer.hint
    assert "mode 0755" in answer.hint
    assert answer.lines == (2,)


def test_a_tmp_that_is_missing_is_to_be_added(make_shipped: MakeShipped) -> None:
    """An empty base has none."""
    answer = temp_dir(Exchange("/tmp", 500, b"no"), make_shipped([]))
    assert isinstance(answer, Unmet)
    assert answer.hint.startswith("Add a /tmp")


def test_a_command_with_its_arguments_in_one_string_is_said(make_shipped: MakeShipped) -> None:
    """The program is there; what is looked for has the arguments in its name."""
    shipped = make_shipped([program("greeter")], command=("/greeter -port 8080",))
    answer = answers_http(SILENT, shipped)
    assert isinstance(answer, Unmet)
    assert "is one string" in answer.actual
    other = answers_http(SILENT, make_shipped([program("greeter")], command=("/greet -port 8080",)))
    assert isinstance(other, Unmet)
    assert "is not in the image" in other.actual
    assert "one string" not in other.actual
