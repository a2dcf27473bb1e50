"""What the program of a failed step said, cut down to the cause: most end with lines about something else. Pure."""

import re

from grader.languages.known import cause_in, last_error_in

_TAIL = 3
_REPEATED = "> "
"""With this npm repeats the script that it runs, on another stream than the error: before it or after it."""
_SHELL_ALONE = re.compile(r"^((?:/bin/)?sh:) *\n", re.MULTILINE)
"""A shell writes its name and its complaint by themselves, and a builder that comes in between makes them two lines."""

_MANUAL = re.compile(r"BusyBox v\d|[Uu]sage(?:: | of )")
"""With this programs begin to explain themselves, below the line that says what they did not understand."""


def telling(log: str) -> str:
    """Return what a language's tool says of the cause, or a program's error, or else the last lines; empty if none."""
    log = _SHELL_ALONE.sub(r"\1 ", log)
    cause = cause_in(log)
    if cause:
        return cause
    lines = [line for line in log.splitlines() if line.strip() and not line.startswith(_REPEATED)]
    manual = next((at for at, line in enumerate(lines) if _MANUAL.match(line)), 0)
    if manual:
        return lines[manual - 1].strip()
    last = last_error_in("\n".join(lines))
    return last if last and last != lines[-1].strip() else " / ".join(lines[-_TAIL:])
