"""What is going on while a grade lasts, on standard error: live on a terminal, one line a phase elsewhere.

It only ever shows; the report that follows says what came of it. How it looks on a terminal is `progress_live.py`.
"""

import time
from contextlib import suppress
from threading import Event as Flag
from threading import Lock, Thread
from types import TracebackType
from typing import Protocol, TextIO

from grader.record.events import CriteriaKnown, CriterionJudged, Doing, Event, Progress
from grader.reports.plain import in_ascii
from grader.reports.progress_live import live_display
from grader.reports.progress_words import progress_words, what_is_done
from grader.verdict import Outcome

QUIET_SECONDS = 10.0
"""In a log, nothing is written for so long at most while something lasts."""


class Preparing(Protocol):
    """What is reported while a base image is prepared; `done` of `total` (bytes or parts) where that is known."""

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

    def work(self, work: Progress) -> None:
        """Say what is being done now."""

    def learn(self, title: str, outcome: Outcome) -> None:
        """Say how one criterion came out."""


class ProgressView:
    """Shows events from the moment it is entered; leaving it, however that happens, gives the terminal back."""

    def __init__(self, stream: TextIO, *, quiet: bool = False) -> None:
        self._display: Display | None = None if quiet else live_display(stream) or PlainLines(stream)

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
        """Take one event of the grading's record; kinds that need not be shown are ignored."""
        if self._display is None:
            return
        match event:
            case CriteriaKnown():
                self._display.expect(len(event.criteria))
            case Progress():
                self._display.work(event)
            case CriterionJudged():
                self._display.learn(event.result.title, event.result.status)
            case _:
                pass

    def on_prepare(self, event: Preparing) -> None:
        """Take news of a base image."""
        if self._display:
            work = Progress(Doing.BASE_IMAGE, event.reference, event.doing, done=event.done, total=event.total)
            self._display.work(work)


class PlainLines:
    """Plain lines, for logs and pipes: one when a phase begins, and one from time to time while it lasts.

    A stream that is gone costs only the lines.
    """

    def __init__(self, stream: TextIO, quiet_seconds: float = QUIET_SECONDS) -> None:
        self._stream = stream
        self._quiet_seconds = quiet_seconds
        self._shown: set[tuple[str, ...]] = set()
        self._text = ""
        self._began = self._written = time.monotonic()
        self._lock = Lock()
        self._ended = Flag()
        self._reminder = Thread(target=self._remind, name="progress", daemon=True)

    def start(self) -> None:
        """Begin to remind."""
        self._reminder.start()

    def stop(self) -> None:
        """Write nothing any more."""
        self._ended.set()
        if self._reminder.is_alive():
            self._reminder.join()

    def expect(self, criteria: int) -> None:
        """Of no interest in a log."""

    def learn(self, title: str, outcome: Outcome) -> None:
        """The report says it."""

    def work(self, work: Progress) -> None:
        """Write a line if this is another phase: something else is done, or another step with a base image."""
        is_image = work.kind is Doing.BASE_IMAGE
        phase = (work.kind.value, work.subject, work.step if is_image else "")
        with self._lock:
            if phase not in self._shown:
                self._shown.add(phase)
                self._text = progress_words(work) if is_image else what_is_done(work)
                self._began = time.monotonic()
                self._write(self._text)

    def _remind(self) -> None:
        """Say what still lasts whenever nothing was written for a while, so that nobody thinks that it hangs."""
        while not self._ended.wait(self._quiet_seconds / 4):
            with self._lock:
                now = time.monotonic()
                if self._text and now - self._written >= self._quiet_seconds:
                    self._write(f"{self._text} (still working, {now - self._began:.0f} s)")

    def _write(self, text: str) -> None:
        self._written = time.monotonic()
        with suppress(OSError, ValueError):
            self._stream.write(f"workshop: {in_ascii(text)}\n")
            self._stream.flush()
