"""What is written after the image's name in `docker run` reaches the program."""

from grader.criteria.answers_http import OK, cannot_tell
from grader.criteria.facts import Shipped
from grader.criteria.formatting import shortened
from grader.criteria.outcome import Answer, Unmet
from grader.criteria.silence_words import silence_words
from grader.criteria.start import start_of
from grader.engine.model import Exchange

WHY = "An image with an entry point is used like the program itself: `docker run IMAGE --flag`."


def arguments_pass(plain: Exchange, extended: Exchange, shipped: Shipped, argument: str) -> Answer:
    """Passes if the program gets `argument` when it is given, and otherwise does not get its own name.

    Both are its answers to the question what its arguments are, one on each line: `plain` when run as it is,
    `extended` with `argument` after the image's name.
    """
    blocked = cannot_tell(plain)
    if blocked:
        return blocked
    expected = f"with `docker run IMAGE {argument}` the program's arguments include {argument}"
    if extended.status != OK:
        instead = extended.text if extended.status else silence_words(extended.silence)
        actual = f"with {argument} it does not answer: {shortened(instead)}"
        hint = "Arguments take the place of CMD: the program itself belongs in ENTRYPOINT."
        return Unmet(expected, actual, WHY, hint, shipped.attempt.last_line("CMD"))
    if argument not in extended.text.splitlines():
        return _lost(expected, extended, shipped)
    own = _own_name(plain, shipped)
    if own is None:
        return None
    actual = f"without arguments the program gets its own name as an argument: {own}"
    hint = "CMD contains the default arguments of ENTRYPOINT, not the program again."
    expected = "without arguments the program only gets the default arguments in CMD"
    return Unmet(expected, actual, WHY, hint, shipped.attempt.last_line("CMD"))


def _lost(expected: str, extended: Exchange, shipped: Shipped) -> Unmet:
    given = shortened(", ".join(line for line in extended.text.splitlines() if line)) or "none"
    start = start_of(shipped)
    actual = f"the program's arguments are: {given}"
    hint = "Start the program with ENTRYPOINT, in a form that takes more arguments."
    if start and start.through_shell:
        actual += "; the shell that ENTRYPOINT starts does not pass on what comes after it"
        hint = "The shell form of ENTRYPOINT drops arguments: the JSON form passes them on."
    return Unmet(expected, actual, WHY, hint, shipped.attempt.last_line("ENTRYPOINT"))


def _own_name(plain: Exchange, shipped: Shipped) -> str | None:
    start = start_of(shipped)
    program = start.words[0] if start else ""
    return program if program in plain.text.splitlines() else None
