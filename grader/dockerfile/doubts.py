"""What in one instruction builds but may not be meant: a JSON form that is not JSON, a comment that is not a comment.

Each sentence is true whether or not it is meant so. What no builder accepts is `faults.py`.
"""

import re
from collections.abc import Iterator
from dataclasses import replace

from grader.dockerfile.faults import argument_faults, parsing_faults
from grader.dockerfile.model import Instruction, Problem, ProblemKind
from grader.dockerfile.words import comment_at_end, json_array

_COMMENT_BECOMES = {
    "ADD": "file names",
    "ARG": "names",
    "COPY": "file names",
    "USER": "a part of the name",
    "VOLUME": "paths",
    "WORKDIR": "a part of the path",
}
_ALMOST_JSON = re.compile(
    r"""\[(?:['"]|[^\s\[\]"']+,)"""  # a shell's `[` has a blank after it
    r"""|\[\s+(?:'[^']*'|"[^"]*")\s*(?:,|\]\s*(?:\#.*)?$)"""
)
_IN_JSON_FORM = ("CMD", "ENTRYPOINT", "RUN", "COPY", "ADD", "VOLUME")


def doubts(instruction: Instruction, escape: str) -> Iterator[Problem]:
    """Yield what the instruction does though it looks like something else."""
    keyword, arguments = instruction.keyword, instruction.arguments
    if keyword in _IN_JSON_FORM and instruction.json_form is None and _ALMOST_JSON.match(arguments):
        message = (
            f"{keyword} looks like the JSON form but is not JSON, so it is read as the shell form: "
            "use double quotes, and commas between the strings"
        )
        yield _doubt(instruction, ProblemKind.ALMOST_JSON, message)
    elif instruction.json_form is not None and (json_array(arguments) or ("", ""))[1]:
        message = (
            f"{keyword} has text after its JSON form: "
            "most builders ignore it, the newest read everything as the shell form"
        )
        yield _doubt(instruction, ProblemKind.TEXT_AFTER_JSON, message)
    elif keyword in _COMMENT_BECOMES and instruction.json_form is None and comment_at_end(arguments):
        becomes = _COMMENT_BECOMES[keyword]
        message = f"{keyword} reads # and the rest of the line as {becomes}: a comment needs its own line"
        yield _doubt(instruction, ProblemKind.COMMENT_AT_END, message)
    if keyword == "RUN" and not arguments:
        yield _doubt(instruction, ProblemKind.NO_ARGUMENT, "RUN has no command")
    if instruction.trigger:
        reported = set(parsing_faults(instruction.trigger, escape))
        for fault in argument_faults(instruction.trigger, escape):
            if fault not in reported:
                yield replace(fault, message=f"when the ONBUILD trigger is used, {fault.message}", fatal=False)


def _doubt(instruction: Instruction, kind: ProblemKind, message: str) -> Problem:
    return Problem(instruction.first_line, kind, message, fatal=False, subject=instruction.keyword)
