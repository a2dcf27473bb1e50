"""Reads an engine's refusal to start a container: whether it is the image's fault, and which fault. Pure.

Only the engine's refusal is read here, never a program's log: there the same words can mean anything.
"""

import re

from grader.engine.plain_text import plain_text
from grader.engine.silence import StartFault, StartRefusal

_EXEC = (
    # What runc writes before this depends on its version; it contains no program's name, because names are in quotes.
    r'(?:unable to start container process|starting container process caused): [^"]*?'
    r'exec(?:: "(?:[^"\\]|\\.)*"| /\S+)'
)
_MISSING = r"[^\"]*(?:no such file|not found in \$PATH|not a directory)"
_FAULTS = (
    (StartFault.NO_COMMAND, r"^no command specified"),
    (StartFault.NO_SUCH_USER, r"^unable to find user |no matching entries in passwd file$|^uids and gids must be in"),
    (StartFault.NO_SUCH_GROUP, r"^unable to find group |no matching entries in group file$"),
    (StartFault.WORKING_DIRECTORY, r"container process[^\"]*: chdir to cwd|^cannot mkdir: \S+ is not a directory"),
    (StartFault.PERMISSION_DENIED, rf"{_EXEC}: permission denied"),
    (StartFault.PROGRAM_MISSING, rf"{_EXEC}: {_MISSING}"),
    # crun, as Podman uses it
    (StartFault.PROGRAM_MISSING, r"executable file .*not found in \$PATH|attempted to invoke a command that was not"),
    (StartFault.OTHER, rf"{_EXEC}|^cannot mount volume over existing file"),
    # A volume of the image: the kit mounts none
    (
        StartFault.OTHER,
        r'error mounting "[^"]*/volumes/|destination can\'t be \'/\'|evalSymlinksInScope: too many links',
    ),
)
"""Words of engines; the first match counts."""
_PATTERNS = tuple((kind, re.compile(pattern, re.IGNORECASE | re.DOTALL)) for kind, pattern in _FAULTS)
_PREAMBLE = re.compile(
    r'(?:failed to create [a-z ]+: )*OCI runtime (?:create|exec) failed: .*?(?=exec: "|exec /)', re.DOTALL
)
"""What engines and runtimes write before the words that matter; each version has its own."""


def start_refusal(refusal: str) -> StartRefusal | None:
    """Return which fault of the image the engine reports; None for any other reason, which is the machine's fault."""
    line = " ".join(plain_text(refusal).split())
    kind = next((kind for kind, pattern in _PATTERNS if pattern.search(line)), None)
    return StartRefusal(kind, cause(line)) if kind else None


def cause(refusal: str) -> str:
    """Return only the cause from an engine's words about a program that it cannot start."""
    return _PREAMBLE.sub("", refusal).strip().removesuffix(": unknown")
