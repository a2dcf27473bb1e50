"""What is going on while a grade lasts, on standard error: live on a terminal, one line a phase elsewhere.

It only ever shows; the report that follows says what came of it. How it looks on a terminal is `progress_live.py`.
"""

from contextlib import suppress
from threading import Lock
from types import TracebackType
from typing import Protocol, TextIO

from grader.record.events import Event
from grader.reports.plain import in_ascii, line
from grader.reports.progress_live import Work, live_display
from grader.verdict import Outcome


class Preparing(Protocol):
    """What is told while a base image is prepared; `done` of `total` (bytes or parts) where that is known."""

    @property
    def reference(self) -> str:
        """The image."""

    @property
    def doing(self) -> str:
        """What is being done with it, in words."""

    @property
    def done(self) -> int | None:
        """How much of it is done."""

    @property
    def total(self) -> int | None:
        """Of how much."""


class Display(Protocol):
    """One way to show it. Calls may come from several threads."""

    def start(self) -> None:
        """Begin."""

    def stop(self) -> None:
        """Give the stream back as it was."""

    def expect(self, criteria: int) -> None:
        """Say how many criteria there will be."""

    def work(self, work: Work) -> None:
        """Say what is being done now."""

    def learn(self, title: str, outcome: Outcome) -> None:
        """Say how one criterion came out."""


class ProgressView:
    """Shows events from the moment it is entered; leaving it, however that happens, gives the terminal back."""

    def __init__(self, stream: TextIO, *, quiet: bool = False) -> None:
        self._display: Display | None = None if quiet else live_display(stream) or _Lines(stream)

    def __enter__(self) -> "ProgressView":  # noqa: PYI034 - Self is not in 3.10; not to be subclassed
        """Begin to show."""
        if self._display:
            self._display.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Take away what was only for the time being."""
        if self._display:
            self._display.stop()

    def on_event(self, event: Event) -> None:
        """Take one event of the grading's record; kinds that need not be shown are left aside."""
        if self._display is None:
            return
        fields = event.fields
        if event.kind == "criteria":
            self._display.expect(len(fields["criteria"]))
        elif event.kind == "progress":
            self._display.work(_work(fields["text"], fields["done"], fields["total"]))
        elif event.kind == "result":
            self._display.learn(fields["result"]["title"], Outcome(fields["result"]["status"]))

    def on_prepare(self, event: Preparing) -> None:
        """Take news of a base image."""
        if self._display:
            self._display.work(_work(f"{event.reference}: {event.doing}", event.done, event.total))


def _work(text: str, done: int | None, total: int | None) -> Work:
    """Tell what the words are about: a base image (`golang:1.26: pulling`), a build (`building plain: RUN ...`)."""
    subject, _, doing = line(text).partition(": ")
    is_image = bool(doing) and " " not in subject
    return Work(subject, doing, is_image, done, total)


class _Lines:
    """Plain lines, for logs and pipes: one when a phase begins. A stream that is gone is let be."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._told: set[tuple[str, str]] = set()
        self._lock = Lock()

    def start(self) -> None:
        """Nothing to do."""

    def stop(self) -> None:
        """Nothing to do."""

    def expect(self, criteria: int) -> None:
        """Of no interest in a log."""

    def learn(self, title: str, outcome: Outcome) -> None:
        """The report tells it."""

    def work(self, work: Work) -> None:
        """Write a line if this is another phase: another subject, or something else done to a base image."""
        phase = (work.subject, work.doing.partition(" ")[0] if work.is_image else "")
        text = f"{work.subject}: {work.doing}" if work.is_image else work.subject
        with self._lock, suppress(OSError, ValueError):
            if phase not in self._told:
                self._told.add(phase)
                self._stream.write(f"workshop: {in_ascii(text)}\n")
                self._stream.flush()
