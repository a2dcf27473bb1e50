"""Progress on a terminal: what is being done, base images with bars, criteria as they come in, seconds.

Drawn by rich into as many lines as the terminal has, and taken away in the end; text from outside is made safe before.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from threading import Lock
from typing import TextIO

from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.live import Live
from rich.table import Table
from rich.text import Text

from grader.criteria.formatting import megabytes
from grader.record.events import Doing, Progress
from grader.reports.plain import line
from grader.reports.progress_words import progress_words
from grader.reports.terminal_look import DIM, STYLES, Look
from grader.verdict import Outcome

REFRESH_PER_SECOND = 8
_COUNTED_IN_BYTES = 10_000
"""From this total on, what is counted are bytes, not parts."""
_BAR = 20
_SPINNERS = {True: "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏", False: "|/-\\"}


def live_display(stream: TextIO) -> "LiveDisplay | None":
    """Return a display if `stream` is a terminal that can move its cursor, else None."""
    if not stream.isatty():
        return None
    console = Console(file=stream, highlight=False, legacy_windows=False)
    return None if console.is_dumb_terminal else LiveDisplay(console)


class LiveDisplay:
    """A few lines at the bottom of the terminal, drawn again several times a second."""

    def __init__(self, console: Console, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._began = clock()
        self._lock = Lock()
        self._now: Progress | None = None
        self._images: dict[str, Progress] = {}
        self._known: list[tuple[str, Outcome]] = []
        self._expected = 0
        self._live = Live(
            self,
            console=console,
            refresh_per_second=REFRESH_PER_SECOND,
            transient=True,
            redirect_stdout=False,  # standard output is the report's alone
            redirect_stderr=False,
        )

    def start(self) -> None:
        """Hide the cursor and begin to draw."""
        self._began = self._clock()
        try:
            self._live.start(refresh=True)
        except BaseException:  # Ctrl-C comes here, too
            self.stop()
            raise

    def stop(self) -> None:
        """Take the lines away and show the cursor; a terminal that is gone does not cost the grade."""
        with suppress(OSError):
            try:
                self._live.stop()
            except IndexError:  # it was interrupted while it began: there is no hook yet for it to take back
                self._live.console.show_cursor(True)

    def expect(self, criteria: int) -> None:
        """Keep how many criteria there will be."""
        with self._lock:
            self._expected = criteria

    def work(self, work: Progress) -> None:
        """Keep what is being done; base images are many at a time, until something else begins."""
        with self._lock:
            if work.kind is Doing.BASE_IMAGE:
                self._images[work.subject] = work
                self._now = None
            else:
                self._images.clear()
                self._now = work

    def learn(self, title: str, outcome: Outcome) -> None:
        """Keep how a criterion came out."""
        with self._lock:
            self._known.append((line(title), outcome))

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Draw no more lines than the terminal has: what is being done first, then the newest criteria."""
        look = Look(options.max_width, not options.ascii_only)
        with self._lock:
            room = max(1, console.size.height - 1)
            lines: list[RenderableType] = [self._headline(look)]
            lines += self._image_lines(look)
            known = list(self._criteria_lines(look))
        lines += known[max(0, len(known) - max(0, room - len(lines))) :]
        yield Group(*lines[:room])

    def _headline(self, look: Look) -> Table:
        seconds = self._clock() - self._began
        spinner = _SPINNERS[look.unicode]
        turn = spinner[int(seconds * REFRESH_PER_SECOND) % len(spinner)]
        words = "getting base images" if self._images else "starting"
        if self._now:
            words = progress_words(self._now)
        table = Table.grid(padding=(0, 1, 0, 0), expand=True)
        table.add_column(width=1)
        table.add_column(no_wrap=True, ratio=1)
        table.add_column(no_wrap=True, justify="right")
        table.add_row(look.text(turn, "cyan"), look.cut(look.text(words)), look.text(f"{seconds:.0f} s", DIM))
        return table

    def _image_lines(self, look: Look) -> Iterator[Text]:
        for work in self._images.values():
            text = look.text(f"  {line(work.subject)}  {line(work.step)}")
            if work.done is not None and work.total:
                share = min(1.0, work.done / work.total)
                in_bytes = work.total >= _COUNTED_IN_BYTES
                figures = (megabytes(work.done), megabytes(work.total)) if in_bytes else (work.done, work.total)
                text.append("  ").append(look.meter(share, min(_BAR, look.width // 4), "cyan"))
                text.append(f"  {figures[0]} of {figures[1]}")
            yield look.cut(text)

    def _criteria_lines(self, look: Look) -> Iterator[Text]:
        for title, outcome in self._known:
            text = look.text("  ")
            text.append(f"{look.mark(outcome)} {outcome.value.upper()}", STYLES[outcome])
            yield look.cut(text.append("  ").append(look.text(title)))
        if self._expected:
            yield look.cut(look.text(f"  {len(self._known)} of {self._expected} criteria", DIM))
