"""What is shown while a grade lasts: on a terminal, in a log, and not at all."""

import fcntl
import io
import os
import pty
import re
import struct
import termios
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TextIO

import pytest
from rich.console import Console

from grader.record.events import (
    AskedCriterion,
    CriteriaKnown,
    CriterionJudged,
    Doing,
    EngineKnown,
    GradingEnded,
    Progress,
)
from grader.reports.progress import PlainLines, ProgressView
from grader.reports.progress_live import LiveDisplay
from grader.verdict import CriterionResult, EngineSummary, Outcome

HIDE, SHOW = "\x1b[?25l", "\x1b[?25h"


@dataclass(frozen=True, slots=True)
class Prepared:
    """News of a base image, as `images prepare` has it."""

    reference: str
    doing: str
    done: int | None = None
    total: int | None = None


def build(step: str = "") -> Progress:
    """Make the event of a build, or of one of its steps."""
    return Progress(Doing.BUILD, "plain", step)


def result(title: str, status: Outcome) -> CriterionJudged:
    """Make the event of a criterion that is known."""
    return CriterionJudged(CriterionResult(title, title, status, 0, 1))


def a_grade(view: ProgressView) -> None:
    """Tell of a complete grade, in the record's order."""
    view.on_event(CriteriaKnown((AskedCriterion("builds", "Builds", 1), AskedCriterion("size", "Small", 1))))
    view.on_event(EngineKnown(EngineSummary("docker", "28", "BuildKit")))
    for done in range(0, 200, 10):
        view.on_event(Progress(Doing.BASE_IMAGE, "golang:1.26", "pulling", None, done * 10**6, 200 * 10**6))
    view.on_event(Progress(Doing.BASE_IMAGE, "golang:1.26", "unpacking"))
    view.on_event(build())
    for step in range(1, 9):
        view.on_event(build(f"[builder {step}/8] RUN echo \x1b[31m{step}"))
    view.on_event(Progress(Doing.READ_IMAGE, "plain"))
    view.on_event(result("The Dockerfile builds", Outcome.PASSED))
    view.on_event(result("The image is small", Outcome.FAILED))
    view.on_event(GradingEnded())


class TestInALog:
    """A stream that is no terminal."""

    def test_there_is_one_plain_line_a_phase(self) -> None:
        """Thirty events make four lines, without a control character, each with who speaks before it."""
        stream = io.StringIO()
        with ProgressView(stream) as view:
            a_grade(view)
        assert stream.getvalue().splitlines() == [
            "workshop: golang:1.26: pulling",
            "workshop: golang:1.26: unpacking",
            "workshop: building your Dockerfile",
            "workshop: reading the image of your Dockerfile",
        ]

    def test_every_step_with_a_base_image_is_a_phase(self) -> None:
        """A stand-in takes a minute, and the words for its steps begin alike."""
        stream = io.StringIO()
        with ProgressView(stream) as view:
            view.on_prepare(Prepared("golang:1.26", "making a stand-in: fetching Go 1.26"))
            view.on_prepare(Prepared("golang:1.26", "making a stand-in: finishing it"))
        assert stream.getvalue().count("\n") == 2

    def test_a_file_name_with_a_blank_is_one_subject(self) -> None:
        """`images load "my room.tar"` says what is done with which file."""
        stream = io.StringIO()
        with ProgressView(stream) as view:
            view.on_prepare(Prepared("my room: 2.tar", "checking it", 1, 2))
            view.on_prepare(Prepared("my room: 2.tar", "loading it", 1, 2))
        assert stream.getvalue().splitlines() == [
            "workshop: my room: 2.tar: checking it",
            "workshop: my room: 2.tar: loading it",
        ]

    def test_what_lasts_is_said_again_after_a_while(self) -> None:
        """A log that says nothing for a minute looks like a program that hangs."""
        written = threading.Event()

        class Stream(io.StringIO):
            def write(self, text: str) -> int:
                if "still working" in text:
                    written.set()
                return super().write(text)

        stream = Stream()
        lines = PlainLines(stream, quiet_seconds=0.05)
        lines.start()
        lines.work(Progress(Doing.BASE_IMAGE, "golang:1.26", "finishing it"))
        assert written.wait(20)
        lines.stop()
        first, second, *_ = stream.getvalue().splitlines()
        assert first == "workshop: golang:1.26: finishing it"
        assert second.startswith("workshop: golang:1.26: finishing it (still working,")

    def test_quiet_is_quiet(self) -> None:
        """Not a byte."""
        stream = io.StringIO()
        with ProgressView(stream, quiet=True) as view:
            a_grade(view)
            view.on_prepare(Prepared("alpine:latest", "pulling"))
        assert stream.getvalue() == ""

    def test_threads_that_prepare_at_the_same_time_write_whole_lines(self) -> None:
        """Base images are prepared in parallel; each phase of each is named once."""
        stream = io.StringIO()
        with ProgressView(stream) as view:

            def prepare(reference: str) -> None:
                for done in range(200):
                    view.on_prepare(Prepared(reference, "pulling", done, 200))

            threads = [threading.Thread(target=prepare, args=(f"image-{number % 4}",)) for number in range(8)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
        assert sorted(stream.getvalue().splitlines()) == [f"workshop: image-{number}: pulling" for number in range(4)]

    def test_a_stream_that_is_closed_does_not_cost_the_grade(self) -> None:
        """`workshop check 02 2>&1 | head -1` still grades."""
        stream = io.StringIO()
        with ProgressView(stream) as view:
            stream.close()
            a_grade(view)


@contextmanager
def a_terminal(lines: int = 24, columns: int = 80) -> Iterator[tuple[TextIO, Callable[[], str]]]:
    """Give a terminal to write to, and a function that closes it and returns all that was written."""
    leader, follower = pty.openpty()
    fcntl.ioctl(follower, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))
    written: list[bytes] = []

    def read() -> None:
        try:
            while data := os.read(leader, 65536):
                written.append(data)
        except OSError:  # the other end is closed: how Linux says it of a terminal
            return

    reader = threading.Thread(target=read)
    reader.start()
    stream = os.fdopen(follower, "w", encoding="utf-8")

    def close() -> str:
        stream.close()
        reader.join(10)
        return b"".join(written).decode()

    try:
        yield stream, close
    finally:
        close()
        os.close(leader)


@pytest.fixture(autouse=True)
def _a_plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """What rich looks at is the same wherever the tests run."""
    for name in ("NO_COLOR", "FORCE_COLOR", "TTY_COMPATIBLE", "TTY_INTERACTIVE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("COLUMNS", "60")
    monkeypatch.setenv("LINES", "12")


class TestOnATerminal:
    """A stream that can move its cursor."""

    def test_the_cursor_is_hidden_and_given_back_and_the_lines_are_taken_away(self) -> None:
        """The report has the screen to itself afterwards."""
        with a_terminal() as (stream, close):
            with ProgressView(stream) as view:
                a_grade(view)
            written = close()
        assert written.count(HIDE) == 1
        assert written.rindex(SHOW) > written.rindex(HIDE)
        assert written.endswith("\x1b[1A\x1b[2K")

    def test_ctrl_c_gives_the_cursor_back(self) -> None:
        """However it ends."""

        def interrupted(stream: TextIO) -> None:
            with ProgressView(stream) as view:
                view.on_event(build())
                raise KeyboardInterrupt

        with a_terminal() as (stream, close):
            with pytest.raises(KeyboardInterrupt):
                interrupted(stream)
            written = close()
        assert SHOW in written[written.rindex(HIDE) :]

    def test_no_color_is_respected(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Cursor movement stays; colour goes."""
        monkeypatch.setenv("NO_COLOR", "1")
        with a_terminal() as (stream, close):
            with ProgressView(stream) as view:
                a_grade(view)
            written = close()
        assert HIDE in written
        assert not re.search(r"\x1b\[[0-9;]*[1-9][0-9;]*m", written)

    def test_a_terminal_that_cannot_move_its_cursor_gets_plain_lines(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """An editor's shell window, for one."""
        monkeypatch.setenv("TERM", "dumb")
        with a_terminal() as (stream, close):
            with ProgressView(stream) as view:
                a_grade(view)
            written = close()
        assert "\x1b" not in written
        assert "workshop: building your Dockerfile\r\n" in written

    def test_nothing_goes_to_standard_output(self, capfd: pytest.CaptureFixture[str]) -> None:
        """`--format json` writes the verdict there and nothing else."""
        with a_terminal() as (stream, close):
            with ProgressView(stream) as view:
                a_grade(view)
                print("{}")  # noqa: T201 - stands for the verdict
            assert "{}" not in close()
        assert capfd.readouterr().out == "{}\n"


def drawn(display: LiveDisplay, columns: int = 60, lines: int = 12, encoding: str = "utf-8") -> list[str]:
    """Draw one frame and return its lines."""
    stream = io.TextIOWrapper(io.BytesIO(), encoding=encoding)
    console = Console(file=stream, width=columns, height=lines, _environ={})
    with console.capture() as capture:
        console.print(display)
    stream.close()
    return capture.get().splitlines()


@pytest.fixture
def display() -> LiveDisplay:
    """A display whose clock is at 12 seconds after the start."""
    times = iter([0.0])
    return LiveDisplay(Console(file=io.StringIO(), _environ={}), clock=lambda: next(times, 12.4))


class TestAFrame:
    """What is drawn at one moment."""

    def test_it_says_what_is_done_for_how_long_and_what_is_known(self, display: LiveDisplay) -> None:
        """The build step first, then criteria as words."""
        display.expect(9)
        display.work(build("[builder 2/5] RUN go build"))
        display.learn("The Dockerfile builds", Outcome.PASSED)
        display.learn("The image is small", Outcome.FAILED)
        first, *others = drawn(display)
        assert re.fullmatch(r". building your Dockerfile: \[builder 2/5\] RUN go build +12 s ?", first)
        assert [line.rstrip() for line in others] == [
            "  ✓ PASSED  The Dockerfile builds",
            "  ✗ FAILED  The image is small",
            "  2 of 9 criteria",
        ]

    def test_base_images_have_bars_until_something_else_begins(self, display: LiveDisplay) -> None:
        """Several at a time; bytes in MB, parts as they are."""
        display.work(Progress(Doing.BASE_IMAGE, "golang:1.26", "pulling", done=50_000_000, total=200_000_000))
        display.work(Progress(Doing.BASE_IMAGE, "alpine:latest", "unpacking", done=2, total=3))
        display.work(Progress(Doing.BASE_IMAGE, "node:22", "looking"))
        first, *others = drawn(display, columns=80)
        assert "getting base images" in first
        assert re.fullmatch(r"  golang:1.26  pulling  ━{5}─{15}  50.0 MB of 200 MB", others[0])
        assert re.fullmatch(r"  alpine:latest  unpacking  ━{13}─{7}  2 of 3", others[1])
        assert others[2] == "  node:22  looking"
        display.work(Progress(Doing.READ_IMAGE, "plain"))
        assert len(drawn(display)) == 1

    @pytest.mark.parametrize(("columns", "lines"), [(20, 4), (40, 5), (10, 3)])
    def test_a_small_terminal_is_not_overrun(self, display: LiveDisplay, columns: int, lines: int) -> None:
        """Lines are cut at the edge, and there are fewer of them than the terminal has."""
        display.expect(30)
        display.work(build(f"RUN {'x' * 300}"))
        for number in range(30):
            display.learn(f"Criterion {number} has a long title that does not fit", Outcome.PASSED)
        frame = drawn(display, columns, lines)
        assert len(frame) < lines
        assert all(len(line) <= columns for line in frame)

    def test_many_base_images_do_not_overrun_it_either(self, display: LiveDisplay) -> None:
        """What does not fit is left out."""
        for number in range(30):
            display.work(Progress(Doing.BASE_IMAGE, f"image:{number}", "pulling", done=1, total=2))
        assert len(drawn(display, lines=6)) == 5

    def test_ascii_is_enough(self, display: LiveDisplay) -> None:
        """A terminal in an old encoding gets no question marks."""
        display.work(Progress(Doing.BASE_IMAGE, "golang:1.26", "pulling", done=1, total=2))
        display.learn("The image is small…", Outcome.FAILED)
        frame = "\n".join(drawn(display, encoding="ascii"))
        assert frame.isascii()
        assert "x FAILED  The image is small..." in frame


def test_a_ctrl_c_while_it_begins_is_one_and_gives_the_cursor_back(monkeypatch: pytest.MonkeyPatch) -> None:
    """The cursor is hidden by then, and nothing is drawn yet."""
    console = Console(file=io.StringIO(), force_terminal=True, _environ={"TERM": "xterm"})
    display = LiveDisplay(console)

    def interrupted(_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(console, "push_render_hook", interrupted)
    with pytest.raises(KeyboardInterrupt):
        display.start()
    display.stop()
    assert console.file.getvalue().endswith("\x1b[?25h")  # type: ignore[attr-defined]
