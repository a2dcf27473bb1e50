"""The program gets the signal to stop, finishes its work and ends."""

from collections.abc import Iterable
from pathlib import PurePosixPath

from grader.criteria.facts import Shipped
from grader.criteria.formatting import shortened
from grader.criteria.outcome import Answer, Unmet
from grader.criteria.start import start_of
from grader.engine.model import Exit
from grader.image.model import Kind

SECONDS = 2.0
WHY = "Stopping a container takes time, and a program that ignores the signal is killed in the middle of its work."


def stops_gracefully(exits: Iterable[Exit], shipped: Shipped) -> Answer:
    """Passes if a container, when it was stopped, ended with exit code 0 within `SECONDS`.

    `exits` are those of containers that are alike. The next one is only used if the one before was only slow, so that
    a busy machine is not mistaken for a slow program.
    """
    slow = None
    for ended in exits:
        slow = _unmet(ended, shipped)
        if slow is None or ended.killed or ended.code != 0:
            return slow
    return slow


def _unmet(ended: Exit, shipped: Shipped) -> Unmet | None:
    expected = f"after SIGTERM the container ends with exit code 0 in less than {SECONDS:.0f} s"
    lines = shipped.attempt.last_line("ENTRYPOINT", "CMD")
    if not ended.killed and ended.code == 0:
        if ended.seconds < SECONDS:
            return None
        hint = "What does the program still do between the signal and its end?"
        return Unmet(expected, f"it took {ended.seconds:.1f} s to end", WHY, hint, lines)
    how = f"it ended with exit code {ended.code}"
    if ended.killed:
        how = f"it did not end, and was killed after {ended.seconds:.0f} s"
    start = start_of(shipped)
    if start and start.through_shell:
        command = shortened(" ".join(start.words), 60)
        actual = f"{how}: process 1 is `{command}`, and a shell does not pass signals on"
        return Unmet(expected, actual, WHY, "Make the program itself process 1: the JSON form needs no shell.", lines)
    if start and start.path and _is_script(shipped, start.path):
        actual = (
            f"{how}: process 1 is the script /{start.path}, and a shell that runs a script does not pass signals on"
        )
        hint = "The script must replace itself with the program at its end: look for exec in the lesson."
        return Unmet(expected, actual, WHY, hint, lines)
    signal = shipped.image.config.stop_signal
    if signal and signal.upper().removeprefix("SIG") not in ("TERM", "15"):
        stop = shipped.attempt.last_line("STOPSIGNAL")
        return Unmet(expected, f"{how}; the stop signal is {signal}", WHY, "Leave the stop signal as it is.", stop)
    hint = "Which program is process 1? Look with `docker top`: what the image starts must be the program itself."
    return Unmet(expected, how, WHY, hint, lines)


def _is_script(shipped: Shipped, path: PurePosixPath) -> bool:
    entry = shipped.tree[path].entry
    return entry.kind is Kind.FILE and entry.elf is None
