"""What is going on while a cell is graded: one line that changes, and is the exercise's name again at the end.

So the output that is kept in the file says nothing of how the run went.
"""

from collections.abc import Callable
from types import TracebackType
from typing import Any

from grader.record.events import Event, Progress
from grader.reports.progress_words import progress_words


class Watching:
    """Shows a title at once and what is being done after it; `show` displays a text and returns what changes it."""

    def __init__(self, title: str, show: Callable[[str], Callable[[str], Any]]) -> None:
        self._title = title
        self._change = show(title)
        self._shown = title

    def __enter__(self) -> "Watching":  # noqa: PYI034 - Self is not in 3.10; not to be subclassed
        """Begin."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Leave the title alone."""
        if self._shown != self._title:
            self._change(self._title)

    def on_event(self, event: Event) -> None:
        """Take one event of the grading's record; how many bytes of something are done is not shown."""
        if not isinstance(event, Progress):
            return
        text = f"{self._title}\n  {progress_words(event)}"
        if text != self._shown:
            self._shown = text
            self._change(text)
