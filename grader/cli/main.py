"""Where `workshop` starts, and where the errors that are foreseen become exit codes; the others are `boundary.py`'s.

The commands are in `commands.py`. Nothing is imported up here that takes time, so that Ctrl-C is understood from the
first moment on.
"""

import signal
import sys
from types import FrameType

_ENDING = [getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]
"""How a process is asked to end: by whoever started it, or by a terminal that is closed."""


def main() -> None:
    """Run the command line and end with its exit code; what goes wrong ends in one line on standard error."""
    try:
        code = _ended()
    except KeyboardInterrupt:  # a second one, while the first one was being handled
        code = 130
    sys.exit(code)


def _ended() -> int:
    """Return the exit code; from there on there is nothing left to clean up, and signals do what they always do."""
    try:
        for number in _ENDING:
            if signal.getsignal(number) is not signal.SIG_IGN:  # `nohup` ignores it on purpose
                signal.signal(number, _interrupt)
        code = _guarded()
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    except KeyboardInterrupt:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        code = _interrupted()
    for number in _ENDING:
        signal.signal(number, signal.SIG_DFL)
    return code


def _guarded() -> int:
    from grader.cli.boundary import run_guarded

    return run_guarded(_run)


def _interrupted() -> int:
    from grader.cli.streams import say

    say("interrupted.")
    return 130


def _run() -> int:
    import click

    from grader.called import called
    from grader.cli.commands import run_command
    from grader.errors import ExitCode, KitError

    try:
        return run_command(called(), sys.argv[1:])
    except click.ClickException as error:
        error.show()
        return ExitCode.USAGE
    except KitError as error:
        click.echo(f"workshop: {error}", err=True)
        return error.exit_code
    except click.Abort:
        raise KeyboardInterrupt from None


def _interrupt(signum: int, frame: FrameType | None) -> None:
    """Treat a polite request to end like Ctrl-C, so that what was made is removed."""
    del signum, frame
    for number in _ENDING:  # one is enough: what is being removed now must not be interrupted by the next
        signal.signal(number, signal.SIG_IGN)
    raise KeyboardInterrupt


if __name__ == "__main__":
    main()
