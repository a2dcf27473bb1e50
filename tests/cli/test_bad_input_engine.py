"""Whatever people hand in: a learner's fault is a failed criterion in clear words, and never a traceback or a hang.

Exercise 01 serves, because it asks the least; the submissions start from busybox and needs no compiler.
"""

import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.running import Ran, Workshop

pytestmark = pytest.mark.engine

FAILED = 1
SERVE = 'EXPOSE 8080\nCMD ["httpd", "-f", "-p", "8080", "-h", "/www"]\n'
GOOD = f"FROM busybox\nCOPY greeting.txt /www/index.html\n{SERVE}"
Check = Callable[..., Ran]


@pytest.fixture
def check(workshop: Workshop, tmp_path: Path) -> Check:
    """Hand in a Dockerfile and return how `check 01` came out, with no traceback in any case."""

    def run(content: bytes | str, *more: str) -> Ran:
        handed_in = tmp_path / "handed-in"
        handed_in.mkdir(exist_ok=True)
        data = content.encode() if isinstance(content, str) else content
        (handed_in / "Dockerfile").write_bytes(data)
        return grade(workshop, handed_in, *more)

    return run


def grade(workshop: Workshop, handed_in: Path, *more: str) -> Ran:
    """Grade what is in the folder; whatever happens, the words are for people."""
    ran = workshop("check", "01", "--submission", handed_in, "--format", "json", "--quiet", *more)
    assert "Traceback" not in ran.err + ran.out
    assert ran.verdict["schema"] == "workshop/verdict/v1"
    return ran


def said_of_the_build(ran: Ran) -> str:
    """Return what the learner reads when `builds` fails and everything else is blocked by it."""
    assert ran.code == FAILED, ran.err
    assert ran.failed == {"builds"}
    statuses = {result["status"] for result in ran.verdict["criteria"]}
    assert statuses == {"failed", "blocked"}
    told = ran.criterion("builds")
    assert all(told[part] for part in ("expected", "actual", "why", "hint"))
    return str(told["actual"])


class TestWhatIsNoDockerfile:
    """Files that cannot be taken: `builds` fails and says what was there."""

    def test_none_at_all(self, workshop: Workshop, tmp_path: Path) -> None:
        """An empty folder gets the name of the file that it lacks."""
        assert "no Dockerfile" in said_of_the_build(grade(workshop, tmp_path))

    def test_a_folder_in_its_place(self, workshop: Workshop, tmp_path: Path) -> None:
        """The same name, but a folder."""
        (tmp_path / "Dockerfile").mkdir()
        assert "a folder" in said_of_the_build(grade(workshop, tmp_path))

    def test_a_pipe_in_its_place_does_not_hang(self, workshop: Workshop, tmp_path: Path) -> None:
        """Opening one would wait for a writer for ever."""
        os.mkfifo(tmp_path / "Dockerfile")
        assert "device" in said_of_the_build(grade(workshop, tmp_path))

    def test_a_device_in_its_place_is_not_read(self, workshop: Workshop, tmp_path: Path) -> None:
        """A link to /dev/zero has no end."""
        (tmp_path / "Dockerfile").symlink_to("/dev/zero")
        assert "symbolic link" in said_of_the_build(grade(workshop, tmp_path))

    def test_a_link_is_not_followed(self, workshop: Workshop, tmp_path: Path) -> None:
        """Not even to a good Dockerfile: it could be a neighbour's."""
        (tmp_path / "other").write_text(GOOD)
        (tmp_path / "Dockerfile").symlink_to("other")
        assert "symbolic link" in said_of_the_build(grade(workshop, tmp_path))

    def test_twenty_megabytes(self, check: Check) -> None:
        """Refused by its size, which is named."""
        assert "20.0 MB" in said_of_the_build(check(b"#" * 20_000_000))

    @pytest.mark.parametrize("content", [b"", b"\n\n  \n"])
    def test_an_empty_one(self, check: Check, content: bytes) -> None:
        """Named as such."""
        assert "empty" in said_of_the_build(check(content))

    def test_a_binary(self, check: Check) -> None:
        """A zero byte is in no text."""
        assert "not text" in said_of_the_build(check(b"\x7fELF\x02\x01\x01\0\0\0" + bytes(range(256)) * 8))


class TestEncodings:
    """What editors make of a good Dockerfile is still a good Dockerfile."""

    @pytest.mark.parametrize(
        "content",
        [
            b"\xef\xbb\xbf" + GOOD.encode(),
            GOOD.replace("\n", "\r\n").encode(),
            b"# gr\xfc\xdfe\n" + GOOD.encode(),
            GOOD.removesuffix("\n").encode(),
        ],
        ids=["byte order mark", "CRLF", "Latin-1 comment", "no line break at the end"],
    )
    def test_is_no_reason_to_fail(self, check: Check, content: bytes) -> None:
        """All criteria of exercise 01 pass: busybox serves what was in the source."""
        ran = check(content)
        assert ran.failed == set(), ran.out
        assert ran.code == 0


class TestWhatDoesNotBuild:
    """The builder says no: `builds` says why and names the line."""

    @pytest.mark.parametrize(
        ("content", "says", "line"),
        [
            ("RUN true\n", "FROM", 1),
            ("# greeter\nARG GO_VERSION=1.26\n", "FROM", 1),
            ("FROM busybox\nRUM true\n", "RUM", 2),
            ("FROM busybox AS builder\nFROM busybox\nCOPY --from=bulider /a /b\n", "did you mean builder", 3),
            ("FROM busybox AS a\nCOPY --from=b /x /x\nFROM busybox AS b\nCOPY --from=a /x /x\n", "b", 2),
            ("FROM busybox\nCOPY nowhere.txt /\n", "nowhere.txt", 2),
            ("FROM busybox\n\nRUN echo the reason; exit 7\n", "the reason", 3),
        ],
        ids=["no FROM", "ARG alone", "no instruction", "no stage", "circular", "missing file", "failing command"],
    )
    def test_says_why_and_where(self, check: Check, content: str, says: str, line: int) -> None:
        """The cause in words, the line by number."""
        ran = check(content)
        assert says in said_of_the_build(ran)
        assert ran.criterion("builds")["lines"] == [line]

    def test_a_build_without_end_is_cancelled(self, check: Check) -> None:
        """At its deadline, on the engine too; the instruction is named."""
        ran = check("FROM busybox\nRUN while :; do sleep 1; done\n", "--build-deadline", "8")
        assert "had not ended" in said_of_the_build(ran)
        assert ran.criterion("builds")["lines"] == [2]

    def test_a_build_that_floods_its_log_is_cancelled(self, check: Check) -> None:
        """Neither memory nor disk fills up, and the learner reads why."""
        ran = check("FROM busybox\nRUN yes\n", "--build-deadline", "40")
        assert re.search("more output than|had not ended", said_of_the_build(ran))


class TestWhatDoesNotServe:
    """It builds, but what runs does not do its part: `answers-http` says what was seen."""

    @pytest.mark.parametrize(
        ("dockerfile", "says"),
        [
            ('FROM busybox\nEXPOSE 8080\nCMD ["sh", "-c", "echo gone; exit 3"]\n', "exit code 3"),
            ('FROM busybox\nEXPOSE 8080\nCMD ["sleep", "1000"]\n', "nothing answered on port 8080"),
            (GOOD.replace('"8080", "-h"', '"127.0.0.1:8080", "-h"'), "127.0.0.1"),
            (GOOD.replace('"8080", "-h"', '"9090", "-h"'), "9090"),
            ('FROM busybox\nEXPOSE 8080\nCMD ["/nowhere"]\n', "/nowhere"),
            ("FROM busybox\nEXPOSE 8080\nCMD ['httpd', '-f', '-p', '8080']\n", "not valid JSON"),
        ],
        ids=["exits at once", "never listens", "loopback only", "another port", "no such program", "single quotes"],
    )
    def test_is_told_what_was_seen(self, check: Check, dockerfile: str, says: str) -> None:
        """`builds` passes, `answers-http` fails with the cause."""
        ran = check(dockerfile)
        assert ran.code == FAILED
        assert "builds" not in ran.failed
        assert "answers-http" in ran.failed
        assert says in ran.criterion("answers-http")["actual"]

    def test_one_that_ignores_sigterm_is_removed_all_the_same(self, check: Check) -> None:
        """And costs nothing where nobody asked for a graceful stop."""
        stubborn = "trap '' TERM; httpd -f -p 8080 -h /www & while :; do wait; sleep 1; done"
        ran = check(f'FROM busybox\nCOPY greeting.txt /www/index.html\nEXPOSE 8080\nCMD ["sh", "-c", "{stubborn}"]\n')
        assert ran.code == 0, ran.out

    def test_terminal_escapes_stay_in_the_container(self, check: Check, workshop: Workshop, tmp_path: Path) -> None:
        """What a learner's program prints must not move anyone's cursor, in JSON or in the terminal."""
        ran = check('FROM busybox\nEXPOSE 8080\nCMD ["printf", "\\\\033[2Jboo\\\\007\\\\n"]\n')
        assert "boo" in ran.criterion("answers-http")["actual"]
        assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]", ran.criterion("answers-http")["actual"])
        shown = workshop("check", "01", "--submission", tmp_path / "handed-in", "--quiet")
        assert "\x1b" not in shown.out
        assert "\x07" not in shown.out

    def test_a_fork_bomb_stays_inside(self, check: Check) -> None:
        """The container's process limit works, and the next learner is graded as if nothing had been."""
        bomb = 'FROM busybox\nEXPOSE 8080\nCMD ["sh", "-c", "b() { b | b & }; b; sleep 60"]\n'
        assert "answers-http" in check(bomb).failed
        assert check(GOOD).code == 0


class TestWhatNoMachineCanBuild:
    """Mistakes that only show at the end of a build, or before it: the learner's, and not the machine's."""

    @pytest.mark.parametrize("more", ["", 'ENV A=b\nCMD ["/x"]\n'])
    def test_an_image_without_a_file(self, check: Check, more: str) -> None:
        """Some builders make it, and it cannot be read."""
        assert "begins from scratch" in said_of_the_build(check(f"FROM scratch\n{more}"))

    @pytest.mark.parametrize(
        ("text", "words"),
        [
            ("FROM busybxo\nCOPY . /\n", "did you mean busybox"),
            ("FROM b AS a\nCOPY . /\nFROM a AS b\nCOPY . /\n", "comes later"),
            ("FROM --platform=linux/amd46 busybox\nCOPY . /\n", "did you mean linux/amd64?"),
            ("// syntax=docker/dockerfile:1\nFROM busybox\n", "a comment begins with #"),
        ],
    )
    def test_a_name_that_cannot_be(self, check: Check, text: str, words: str) -> None:
        """Without a registry, too."""
        assert words in said_of_the_build(check(text))
