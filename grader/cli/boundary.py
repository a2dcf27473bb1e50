"""The one error boundary: whatever a command did not foresee ends in one line, a log and the machine's exit code.

Nothing is imported up here that takes time or may be missing. Errors that are foreseen are for `main.py`.
"""

import errno
import sys
import threading
from collections.abc import Callable
from contextlib import suppress

from grader.cli.streams import say, take_streams
from grader.errors import ExitCode

_LONGEST = 200
"""Characters of an error's own words in the one line; all of them are in the log."""


def run_guarded(run: Callable[[], int]) -> int:
    """Return the exit code that `run` returns, unless something unforeseen happens or standard output is lost.

    An exception in another thread counts as one of `run`.

    Raises:
        KeyboardInterrupt: it was interrupted.

    """
    output = take_streams()
    unforeseen: list[BaseException] = []
    threading.excepthook = lambda hooked: unforeseen.extend([hooked.exc_value] if hooked.exc_value else [])
    sys.unraisablehook = lambda _: None  # an object that cannot be tidied away changes no result
    code: int = ExitCode.MACHINE
    try:
        code = run()
        sys.stdout.flush()
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # noqa: BLE001 - that is what a boundary is for
        unforeseen.insert(0, error)
    lost = output.failure if output else None
    others = [error for error in unforeseen if error is not lost]
    if others:
        say(_told(others[0]))
        return ExitCode.MACHINE
    return _code_without_output(lost) if lost else code


def _code_without_output(lost: OSError) -> int:
    """Return the exit code of a command whose output did not arrive. A reader that went away has seen enough."""
    if lost.errno == errno.EPIPE:
        return ExitCode.READER_GONE
    say(f"standard output cannot be written: {lost.strerror}.")
    return ExitCode.MACHINE


def _told(error: BaseException) -> str:
    """Write the error into a log and return the line that says so."""
    words = ""
    with suppress(Exception):
        words = " ".join(str(error).split())
    words = words if len(words) <= _LONGEST else f"{words[:_LONGEST]} ..."
    name = type(error).__name__
    return (
        f"the workshop itself failed ({f'{name}: {words}' if words else name}); this is not a mistake of yours. "
        f"{_logged(error)}"
    )


def _logged(error: BaseException) -> str:
    """Write the traceback and how the command was called into a new log; return a sentence that says where it is."""
    with suppress(Exception):
        import traceback

        from grader.logs import new_log

        log = new_log()
        if log:
            with log.open("w", encoding="utf-8", errors="backslashreplace") as file:
                file.write(f"{' '.join(sys.argv)}\nPython {sys.version}\n\n")
                file.writelines(traceback.format_exception(type(error), error, error.__traceback__))
            return f"The details are in {log}"
    return "No log of it could be written."
