"""The learner's loop: a save brings findings at once and a verdict after, keys ask for a hint, a check, the next one.

How it looks and where keys come from is for the command line; how files and gradings are followed is in the
other modules.
"""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from queue import SimpleQueue
from threading import Event as Flag
from threading import Thread
from typing import Protocol

from grader.errors import KitError
from grader.exercise.model import Exercise
from grader.exercise.workspace import default_submission, nonce_key
from grader.grading.grade import GradeRequest
from grader.learner.file_changes import FileContents, saves
from grader.learner.progress import remember_verdict, standing
from grader.learner.regrading import Regrading, Result
from grader.learner.starter_size import remember_starter_size, starter_image, starter_size
from grader.record.events import Event
from grader.verdict import Verdict


class Wish(Enum):
    """What a learner may ask for while files are watched."""

    HINT = "hint"
    NEXT = "next"
    BACK = "back"
    AGAIN = "again"
    QUIT = "quit"


class View(Protocol):
    """What shows the loop. `on_event` comes from another thread, the rest from the one that watches."""

    def saved(self, text: str) -> None:
        """A Dockerfile is there, or there again, with this text; it is about to be graded."""

    def gone(self) -> None:
        """There is no Dockerfile any more; what was running is cancelled."""

    def on_event(self, event: Event) -> None:
        """Something happened in the running grading."""

    def superseded(self) -> None:
        """The running grading is cancelled, because something newer is asked."""

    def graded(self, verdict: Verdict) -> None:
        """The grading has ended with a verdict."""

    def failed(self, error: KitError) -> None:
        """The grading could not be done."""

    def hint(self) -> None:
        """A hint is asked for."""

    def ask_to_leave(self) -> None:
        """The next exercise is asked for, and this one is not passed: the same wish again goes on."""


Message = FileContents | Wish | Result | BaseException


@dataclass(slots=True)
class Watch:
    """One exercise that is watched. `poll` looks at the files again and again, where no events are available."""

    exercise: Exercise
    workspace: Path
    view: View
    engine: str | None = None
    poll: bool = False
    _messages: "SimpleQueue[Message]" = field(default_factory=SimpleQueue)
    _number: int = 0
    _is_under_way: bool = False
    _content: FileContents | None = None
    _is_leaving: bool = False

    @property
    def folder(self) -> Path:
        """Where the learner edits."""
        return default_submission(self.exercise, self.workspace)

    def wish(self, wish: Wish) -> None:
        """Ask for something; may be called from any thread."""
        self._messages.put(wish)

    def run(self) -> Wish:
        """Watch until the learner wants to quit, to go on to the next exercise or back; return which.

        An exercise that is not passed is left for the next one only if that is asked for twice.

        Raises:
            UsageError: the workspace has no folder for the exercise.
            KeyboardInterrupt: after what was running has removed what it made.

        """
        _ = self.folder  # that there is none is reported before anything is begun
        with ExitStack() as stack:
            regrading = stack.enter_context(Regrading(self._request, self._on_event, self._messages.put))
            stack.enter_context(self._watched())
            while True:
                message = self._messages.get()
                if message in (Wish.QUIT, Wish.BACK) or (message is Wish.NEXT and self._may_leave()):
                    return Wish(message)
                self._take(message, regrading)

    def _may_leave(self) -> bool:
        """Whether the exercise is passed, or it was asked for the second time in a row; else ask."""
        if self._is_leaving or standing(self.workspace, self.exercise).is_passed:
            return True
        self._is_leaving = True
        self.view.ask_to_leave()
        return False

    def _request(self) -> GradeRequest:
        """Make it again for each grading: the starter's size may be known by now."""
        return GradeRequest(
            self.exercise,
            self.folder,
            nonce_key(self.workspace),
            engine=self.engine,
            starter_size=starter_size(self.workspace, self.exercise),
            before=starter_image(self.workspace, self.exercise),
        )

    @contextmanager
    def _watched(self) -> Iterator[None]:
        stop = Flag()
        thread = Thread(target=self._follow, args=(stop,), name="saves")
        thread.start()
        try:
            yield
        finally:
            stop.set()
            thread.join()

    def _follow(self, stop: Flag) -> None:
        try:
            for content in saves(self.exercise, self.folder, stop, poll=self.poll):
                self._messages.put(content)
        except Exception as error:  # noqa: BLE001 - raised again in the thread that can end the command
            self._messages.put(error)

    def _on_event(self, number: int, event: Event) -> None:
        if number == self._number:
            self.view.on_event(event)

    def _take(self, message: Message, regrading: Regrading) -> None:
        if isinstance(message, BaseException):
            raise message
        if message is Wish.NEXT:
            return
        self._is_leaving = False
        if isinstance(message, Result):
            self._take_result(message)
        elif message is Wish.HINT:
            self.view.hint()
        elif message is Wish.AGAIN:
            self._check(regrading)
        elif not isinstance(message, Wish):
            self._content = message
            self._check(regrading)

    def _check(self, regrading: Regrading) -> None:
        """Show what the text alone tells, then have it graded; what was running is of no interest any more."""
        if self._is_under_way:
            self.view.superseded()
        dockerfile = (self._content or {}).get("Dockerfile")
        self._is_under_way = dockerfile is not None
        if dockerfile is None:
            regrading.cancel()
            self.view.gone()
            return
        self.view.saved(dockerfile.decode("utf-8", "replace"))
        self._number += 1
        regrading.ask(self._number)

    def _take_result(self, result: Result) -> None:
        if result.number != self._number or not self._is_under_way:
            return
        self._is_under_way = False
        if result.verdict:
            remember_starter_size(self.workspace, self.exercise, self.folder, result.verdict)
            remember_verdict(self.workspace, self.exercise, self.folder, result.verdict)
            self.view.graded(result.verdict)
        elif isinstance(result.error, KitError):
            self.view.failed(result.error)
        elif result.error:
            raise result.error
