"""Reads what BuildKit and its runtime report about a failed step, if it names the cause in a fixed form. Pure.

The output of a step's own program is not read here: it can contain anything.
"""

import re

from grader.engine.model import BuildResult, BuildStep

_MISSING = re.compile(r'"(?P<path>/[^"]*)":? not found|lstat (?P<walked>/\S*): no such file or directory')
_NO_PROGRAM = r'container process.*exec: "(?P<program>/bin/\w+)": stat \S+: no such file or directory'
_NO_PROGRAM_IN_ERROR = re.compile(_NO_PROGRAM)
_NO_PROGRAM_AS_LOG = re.compile(rf"[^\n]*{_NO_PROGRAM}[^\n]*")
"""runc's words are in the error, or they are the complete log: no program ran that could write more."""
_EXIT_CODE = re.compile(r"\A(?:executor failed running \[|process \").*exit code: (\d+)\Z", re.DOTALL)
_UNREACHABLE = re.compile(r'\b(?:Get|Head) "(?P<url>https?://[^"]+)": (?:dial |net/|context deadline|EOF)')


def missing_source(step: BuildStep) -> str:
    """Return the missing source of a COPY or ADD, empty if that was not the fault.

    Old builders name the first folder of it that is missing.
    """
    match = _MISSING.search(step.error)
    return (match["path"] or match["walked"]) if match else ""


def missing_program(step: BuildStep) -> str:
    """Return the missing program, such as `/bin/sh`, that runs the step; empty if that was not the fault."""
    match = _NO_PROGRAM_IN_ERROR.search(step.error) or _NO_PROGRAM_AS_LOG.fullmatch(step.log.strip())
    return match["program"] if match else ""


def exit_code(step: BuildStep) -> int | None:
    """Return the exit code of a step's command; None if the step failed in another way."""
    match = _EXIT_CODE.search(step.error)
    return int(match[1]) if match else None


def unreachable_url(result: BuildResult) -> str:
    """Return the address that the builder itself could not fetch for an ADD; empty if that was not the fault."""
    match = _UNREACHABLE.search(result.error)
    return match["url"] if match else ""


def cannot_read_ignore_file(result: BuildResult) -> bool:
    """Whether a pattern of .dockerignore stopped the build."""
    return "excludepatterns" in result.error
