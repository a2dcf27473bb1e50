"""What the program of a failed step said, cut down to what tells the cause: most end with lines that do not. Pure."""

import re
from itertools import takewhile

from grader.engine.last_words import last_words

_TAIL = 3
_NPM = re.compile(r"npm (?:error|ERR!) ?(.*)")
_NPM_BANNER = "> "
"""With this npm repeats the script that it runs, on another stream than the error: before it or behind it."""
_NPM_HELP = ("Usage:", "Clean install a project", "Options:", "A complete log of this run", 'Run "npm help')
"""With these npm goes over from the cause to its own manual."""
_NPM_ASIDE = re.compile(r"(?:code|errno|syscall|path) \S+$|enoent(?: This is related to npm .*)?$")

_SHELL_ALONE = re.compile(r"^((?:/bin/)?sh:) *\n", re.MULTILINE)
"""A shell writes its name and its complaint by themselves, and a builder that comes in between makes them two lines."""


def telling(log: str) -> str:
    """Return npm's words for the cause, or the error that Node ended with, or else the last lines; empty if none."""
    log = _SHELL_ALONE.sub(r"\1 ", log)
    found = (_NPM.match(line) for line in log.splitlines())
    npm = [match[1].strip() for match in found if match]
    cause = takewhile(lambda line: not line.startswith(_NPM_HELP), npm)
    words = " ".join(line.removeprefix("enoent ") for line in cause if line and not _NPM_ASIDE.match(line))
    if words:
        return words
    lines = [line for line in log.splitlines() if line.strip() and not line.startswith(_NPM_BANNER)]
    last = last_words("\n".join(lines))
    return last if last and last != lines[-1].strip() else " / ".join(lines[-_TAIL:])
