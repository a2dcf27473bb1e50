"""Finds variables that are given before FROM, or by BuildKit, and used in a stage that does not ask for them.

They are empty there: this builds, but is rarely what is meant. Source of the rule: the Dockerfile reference,
"Understand how ARG and FROM interact".
"""

import re
from collections.abc import Iterator

from grader.dockerfile.model import Instruction, Problem, ProblemKind
from grader.dockerfile.staging import Staging, platform_values

_STAGE_CAP = 200
"""Stages looked at: each inherits what those below it know, which a long chain would copy again and again."""
_USE = re.compile(r"(?<![\\`$])\$(?:\{([A-Za-z_]\w*)|([A-Za-z_]\w*))", re.ASCII)
_SINGLE_QUOTED = re.compile("'[^']*'")
_SET = re.compile(r"\b([A-Za-z_]\w*)=|\b(?:read|for)\s+(?:-\w+\s+)*([A-Za-z_]\w*)", re.ASCII)
_FILLED_IN_DURING_BUILD = (
    "ADD", "ARG", "COPY", "ENV", "EXPOSE", "LABEL", "RUN", "STOPSIGNAL", "USER", "VOLUME", "WORKDIR",
)  # fmt: skip


def undeclared_variables(staging: Staging) -> Iterator[Problem]:
    """Yield the first use of each such variable in each stage."""
    names = staging.global_names | platform_values("").keys()
    declared: list[set[str]] = []
    for stage in staging.stages[:_STAGE_CAP]:
        known = set(declared[stage.base_stage]) if stage.base_stage is not None else set()
        declared.append(known)
        for step in stage.instructions:
            for name in (_used(step) & names) - known:
                known.add(name)
                message = f"{name} is empty here unless the base image sets it: the stage needs its own `ARG {name}`"
                yield Problem(step.first_line, ProblemKind.UNDECLARED_VARIABLE, message, fatal=False, subject=name)
            if step.keyword in ("ARG", "ENV"):
                known |= names & {word.partition("=")[0] for word in step.arguments.split()}


def _used(step: Instruction) -> set[str]:
    if step.keyword not in _FILLED_IN_DURING_BUILD or "$" not in step.original:
        return set()
    text = _SINGLE_QUOTED.sub("", step.arguments)
    text += "".join(heredoc.content for heredoc in step.heredocs if heredoc.expand or step.keyword == "RUN")
    used = {braced or plain for braced, plain in _USE.findall(text)}
    if step.keyword == "RUN":
        used -= {assigned or looped for assigned, looped in _SET.findall(text)}
    return used
