"""The image for debugging is the one that is shipped, and a shell."""

from dataclasses import replace

from grader.criteria.answers_http import answers_http
from grader.criteria.facts import Shipped
from grader.criteria.formatting import megabytes, shortened
from grader.criteria.no_toolchain import no_toolchain
from grader.criteria.outcome import Answer, Blocked, Unmet
from grader.criteria.silence_words import said
from grader.criteria.start import start_of
from grader.engine.model import Exchange, Exit
from grader.engine.silence import StartFault

WHY = "You must debug the program that is shipped, or you look for the fault in another program."
PROGRAM_CAP = 200_000_000
SAID = "a shell"
SHELL = {"entrypoint": ("sh",), "arguments": ("-c", f"echo {SAID}"), "port": None}
"""How a container is started that proves that there is a shell."""


def lacks_shell(shell: Exit) -> bool:
    """Whether a container, started with `sh` as its entry point, was refused because there is none in the image."""
    return shell.refusal is not None and shell.refusal.kind is StartFault.PROGRAM_MISSING


def program_of(shipped: Shipped) -> str:
    """Return the absolute path of the program that the image starts, empty if it is not in the image."""
    start = start_of(shipped)
    return f"/{start.path}" if start and start.path else ""


def debug_target(
    debug: Shipped, exchange: Exchange, shell: Exit, program: bytes | None, wanted: bytes | None
) -> Answer:
    """Passes if the image answers, has a shell and no toolchain, and its program is byte for byte the `wanted` one.

    `shell` is how a container ended that was started as `SHELL` says; `program` and `wanted` are
    the bytes of the programs that the debug image and the shipped image start, None if there is none.
    """
    if wanted is None:
        return Blocked("default-is-runtime", "can't tell until the image that is shipped starts a program")
    answer = answers_http(exchange, debug) or no_toolchain(debug)
    if isinstance(answer, Unmet):
        return replace(answer, expected=f"with --target debug: {answer.expected}")
    if shell.code != 0 or SAID not in shell.log:
        why_not = (
            "it is not in the image" if lacks_shell(shell) else shortened(said(shell)) or f"exit code {shell.code}"
        )
        actual = f"`sh` does not start in it: {why_not}"
        hint = "Start that stage from a base with a shell, or copy a shell from an image that has one."
        return Unmet("`docker run --entrypoint sh` gives a shell", actual, WHY, hint, debug.attempt.final_from)
    if program == wanted:
        return None
    lines = debug.attempt.last_line("COPY", "ADD", "RUN")
    sizes = f"{megabytes(len(program or b''))}, the shipped one has {megabytes(len(wanted))}"
    actual = f"{program_of(debug)} is another program: it has {sizes}"
    hint = "Copy the program into both stages from the same builder."
    return Unmet("exactly the program that is shipped, byte for byte", actual, WHY, hint, lines)
