"""Text to `Dockerfile`: instructions with their parts, then stages, then what is wrong. Never raises on any text.

How lines are joined is in `lines.py`, how stages hang together in `staging.py`; nothing is built or judged here.
"""

import difflib
from collections.abc import Mapping
from types import MappingProxyType

from grader.dockerfile.lines import LogicalLine, directives, logical_lines, split_lines
from grader.dockerfile.model import Dockerfile, Instruction, Problem
from grader.dockerfile.staging import make_stages
from grader.dockerfile.words import json_strings, take_flags

KEYWORDS = (
    "ADD", "ARG", "CMD", "COPY", "ENTRYPOINT", "ENV", "EXPOSE", "FROM", "HEALTHCHECK", "LABEL", "MAINTAINER",
    "ONBUILD", "RUN", "SHELL", "STOPSIGNAL", "USER", "VOLUME", "WORKDIR",
)  # fmt: skip
_WITH_FLAGS = ("ADD", "COPY", "FROM", "HEALTHCHECK", "RUN")
_WITH_JSON = ("ADD", "CMD", "COPY", "ENTRYPOINT", "RUN", "SHELL", "VOLUME")
_NO_ARGUMENTS: Mapping[str, str] = MappingProxyType({})


def read(text: str, build_args: Mapping[str, str] = _NO_ARGUMENTS) -> Dockerfile:
    """Read a Dockerfile; `build_args` take part in the expansion of FROM as `--build-arg` does."""
    lines = split_lines(text)
    found = directives(lines)
    escape = dict(found).get("escape", "\\")
    if escape not in ("\\", "`"):
        escape = "\\"
    problems: list[Problem] = []
    instructions = []
    for line in logical_lines(lines, escape):
        instruction = _instruction(line, escape)
        instructions.append(instruction)
        problems += _problems_of(line, instruction)
    stages, stage_problems = make_stages(tuple(instructions), build_args, escape)
    problems += stage_problems
    if not stages:
        problems.append(Problem(1, _without_from(instructions)))
    return Dockerfile(found, tuple(instructions), stages, tuple(sorted(problems, key=lambda problem: problem.line)))


def _instruction(line: LogicalLine, escape: str) -> Instruction:
    keyword, _, rest = line.text.replace("\t", " ", 1).partition(" ") if line.text else ("", "", "")
    keyword = keyword.upper()
    rest = line.text[len(keyword) :].strip()
    flags, arguments = take_flags(rest, escape) if keyword in _WITH_FLAGS else ((), rest)
    json_form = json_strings(arguments) if keyword in _WITH_JSON else None
    trigger = None
    if keyword == "ONBUILD" and rest:
        inner = LogicalLine(rest, line.original, line.first_line, line.last_line, line.heredocs)
        trigger = None if rest.upper().startswith("ONBUILD") else _instruction(inner, escape)
    if keyword == "HEALTHCHECK" and arguments.upper().startswith("CMD"):
        json_form = json_strings(arguments[3:])
    return Instruction(
        keyword=keyword,
        arguments=arguments,
        flags=flags,
        json_form=json_form,
        heredocs=line.heredocs,
        first_line=line.first_line,
        last_line=line.last_line,
        original=line.original,
        trigger=trigger,
    )


def _problems_of(line: LogicalLine, instruction: Instruction) -> list[Problem]:
    at = instruction.first_line
    if line.unterminated:
        return [Problem(at, f"the here-document that ends with {line.unterminated} never ends")]
    if instruction.keyword not in KEYWORDS:
        near = difflib.get_close_matches(instruction.keyword[:20], KEYWORDS, n=1)
        offer = f": did you mean {near[0]}?" if near else f"; instructions are {', '.join(KEYWORDS)}"
        return [Problem(at, f"unknown instruction {instruction.keyword[:40]}{offer}")]
    if not instruction.arguments and instruction.keyword not in ("CMD", "ENTRYPOINT"):
        return [Problem(at, f"{instruction.keyword} needs an argument")]
    found = []
    arguments = instruction.arguments
    if instruction.keyword in ("CMD", "ENTRYPOINT") and instruction.json_form is None and arguments.startswith("["):
        found.append(Problem(at, f"{instruction.keyword} looks like the JSON form but is not JSON: use double quotes"))
    if instruction.keyword in ("COPY", "ADD") and any(word.startswith("#") for word in arguments.split()):
        found.append(
            Problem(at, f"a comment cannot stand at the end of a line: {instruction.keyword} takes it for files")
        )
    return found


def _without_from(instructions: list[Instruction]) -> str:
    if not instructions:
        return "the Dockerfile has no instruction: it begins with FROM"
    return "the Dockerfile has no FROM: it says which image to start from"
