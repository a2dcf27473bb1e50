"""One of the program's own endpoints works: this needs something in the image."""

from grader.criteria.answers_http import OK, cannot_tell
from grader.criteria.facts import Shipped
from grader.criteria.formatting import shortened
from grader.criteria.outcome import Answer, Unmet
from grader.criteria.start import find_file
from grader.engine.model import Exchange


def tls_roots(exchange: Exchange, shipped: Shipped) -> Answer:
    """Passes if the program finds the certificate authorities that it checks servers against."""
    return _works(
        exchange,
        shipped,
        expected="the program loads the system's root certificates",
        why="Without root certificates every HTTPS call that the program makes fails.",
        hint="Copy the CA bundle from a stage that has one, to the same path.",
    )


def time_zones(exchange: Exchange, shipped: Shipped) -> Answer:
    """Passes if the program finds time zone data."""
    return _works(
        exchange,
        shipped,
        expected="the program loads the time zone Europe/Berlin",
        why="Without time zone data a program knows only UTC, and fails when the first user asks for local time.",
        hint="Go can put time zone data into the program, or read it from a file that you copy: see the lesson.",
    )


def temp_dir(exchange: Exchange, shipped: Shipped) -> Answer:
    """Passes if the program, with its user, can write a temporary file."""
    folder = "/tmp"  # noqa: S108 - a folder of the image
    found, lines = find_file(shipped, folder), shipped.attempt.final_from
    hint = "Add a /tmp that the program's user may write to: make it in the builder, and copy it."
    if found:
        entry, lines = found[1].entry, shipped.lines_of_layers({found[1].layer}) or lines
        hint = f"{folder} is there, with mode {entry.mode:04o} for user {entry.uid}: "
        hint += "`mkdir -m 1777` in the builder makes one that everyone may write to."
        if _copied_alone(shipped, folder, lines):
            hint = (
                f"COPY copies what is in a folder, and not its mode: this {folder} has mode {entry.mode:04o}. "
                "In the builder, make a folder with a tmp in it, and copy what is in that one."
            )
    return _works(
        exchange,
        shipped,
        expected="the program writes a temporary file",
        why="Libraries write uploads and other temporary files to /tmp, and an empty base has no /tmp.",
        hint=hint,
        lines=lines,
    )


def _copied_alone(shipped: Shipped, folder: str, lines: tuple[int, ...]) -> bool:
    """Whether the line that brought a folder is a COPY with it as its target."""
    steps = (step for step in shipped.attempt.final_instructions if step.first_line in lines and step.keyword == "COPY")
    return any((step.json_form or step.arguments.split())[-1].rstrip("/") == folder for step in steps)


def _works(
    exchange: Exchange, shipped: Shipped, *, expected: str, why: str, hint: str, lines: tuple[int, ...] = ()
) -> Answer:
    blocked = cannot_tell(exchange)
    if blocked or exchange.status == OK:
        return blocked
    actual = f"GET {exchange.path} answered {exchange.status}: {shortened(exchange.text)}"
    return Unmet(expected, actual, why, hint, lines or shipped.attempt.final_from)
