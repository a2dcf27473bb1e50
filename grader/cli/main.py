"""Where `workshop` starts, and the one place where errors become exit codes. The commands are in `commands.py`.

Nothing is imported up here that takes time, so that Ctrl-C is understood from the first moment on.
"""

import signal
import sys
from types import FrameType


def main() -> None:
    """Run the command line; every error that is known ends in one line on standard error and its exit code."""
    try:
        signal.signal(signal.SIGTERM, _interrupt)
        code = _run()
    except KeyboardInterrupt:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        sys.stderr.write("workshop: interrupted; nothing was left behind.\n")
        code = 130
    sys.exit(code)


def _run() -> int:
    import click

    from grader.cli.commands import workshop
    from grader.errors import ExitCode, KitError

    try:
        code = workshop(standalone_mode=False)
    except click.ClickException as error:
        error.show()
        return ExitCode.USAGE
    except KitError as error:
        click.echo(f"workshop: {error}", err=True)
        return error.exit_code
    except click.Abort:
        raise KeyboardInterrupt from None
    return code if isinstance(code, int) else ExitCode.PASSED


def _interrupt(signum: int, frame: FrameType | None) -> None:
    """Treat a polite request to end like Ctrl-C, so that what was made is removed."""
    del signum, frame
    raise KeyboardInterrupt


if __name__ == "__main__":
    main()
