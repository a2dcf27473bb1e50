"""Grades again and again, one at a time and always the newest: asking again cancels the running grading.

It runs in a thread of its own; what comes of it is passed on, and shown by others.
"""

from collections.abc import Callable
from dataclasses import dataclass
from threading import Condition, Thread

from grader.grading.grade import GradeRequest, grade
from grader.record.events import Event
from grader.verdict import Verdict

_NONE = 0


@dataclass(frozen=True, slots=True)
class Result:
    """How one grading ended: with a verdict, with an error, or cancelled, with neither."""

    number: int
    verdict: Verdict | None = None
    error: Exception | None = None


class Regrading:
    """A thread that grades on request. As a context manager it ends with its grading cancelled and cleaned up."""

    def __init__(
        self,
        request: Callable[[], GradeRequest],
        on_event: Callable[[int, Event], None],
        on_end: Callable[[Result], None],
    ) -> None:
        self._request = request
        self._on_event = on_event
        self._on_end = on_end
        self._changed = Condition()
        self._wanted = _NONE
        self._begun = _NONE
        self._is_closed = False
        self._thread = Thread(target=self._work, name="regrading")

    def __enter__(self) -> "Regrading":  # noqa: PYI034 - Self is not in 3.10; not to be subclassed
        """Begin to wait for requests."""
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Cancel what is running and wait until it has removed what it made."""
        with self._changed:
            self._is_closed = True
            self._changed.notify()
        self._thread.join()

    def ask(self, number: int) -> None:
        """Grade what the files contain now as grading `number` (from 1 on), and cancel the one running."""
        with self._changed:
            self._wanted = number
            self._changed.notify()

    def cancel(self) -> None:
        """Cancel the running grading and begin none."""
        with self._changed:
            self._wanted = _NONE

    def _work(self) -> None:
        while number := self._next():
            self._on_end(self._grade(number))

    def _next(self) -> int:
        """Wait for a request; return its number, or none at the end."""
        with self._changed:
            self._changed.wait_for(lambda: self._is_closed or self._wanted not in (_NONE, self._begun))
            self._begun = self._wanted
            return _NONE if self._is_closed else self._begun

    def _grade(self, number: int) -> Result:
        def is_cancelled() -> bool:
            return self._is_closed or self._wanted != number

        def tell(event: Event) -> None:
            if not is_cancelled():
                self._on_event(number, event)

        try:
            return Result(number, grade(self._request(), tell, is_cancelled))
        except KeyboardInterrupt:
            return Result(number)
        except Exception as error:  # noqa: BLE001 - handed to the thread that can show it or end the command
            return Result(number, error=error)
