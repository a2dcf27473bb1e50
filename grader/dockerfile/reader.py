"""Text to `Dockerfile`: instructions with their parts, then stages, then what is wrong. Never raises on any text.

How lines are joined is in `lines.py`, how stages hang together in `staging.py`; nothing is built or judged here.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import chain, islice
from types import MappingProxyType

from grader.dockerfile.doubts import doubts
from grader.dockerfile.faults import KEYWORDS, WITH_JSON, faults
from grader.dockerfile.lines import LogicalLine, directives, logical_lines, split_lines, too_long_lines
from grader.dockerfile.model import Dockerfile, Instruction, Problem
from grader.dockerfile.staging import Staging, make_stages, platform_values
from grader.dockerfile.staging_problems import doubtful_problems, fatal_problems
from grader.dockerfile.undeclared import undeclared_variables
from grader.dockerfile.words import json_strings, split_instruction

_NO_ARGUMENTS: Mapping[str, str] = MappingProxyType({})
_KEYWORD_OF = {keyword.lower(): keyword for keyword in KEYWORDS}
_PROBLEM_CAP = 20
"""Problems of one kind that are looked for: one explains a failed build, and a text can have any number."""


def read(
    text: str,
    build_args: Mapping[str, str] = _NO_ARGUMENTS,
    platform: str = "linux/amd64",
    target_platform: str = "",
) -> Dockerfile:
    """Read a Dockerfile; `build_args` take part in the expansion of FROM as `--build-arg` does.

    `platform` is the engine's, `os/architecture` or `os/architecture/variant`: FROM may use its parts. So it may those
    of `target_platform`, which `--platform` names; without it they are the same.
    """
    lines = split_lines(text)
    found = directives(lines)
    logical = tuple(logical_lines(lines, found.escape))
    instructions = tuple(_instruction(line) for line in logical)
    staging = make_stages(instructions, build_args, found.escape, platform_values(platform, target_platform))
    pairs = tuple(zip(logical, instructions, strict=True))
    fatal = chain(
        found.problems,
        too_long_lines(lines),
        (fault for line, step in pairs for fault in islice(faults(line, step, found.escape), _PROBLEM_CAP)),
        fatal_problems(staging, found.escape),
    )
    doubtful = _doubtful(instructions, staging, found.escape)
    problems = (*_in_order(fatal), *_in_order(doubtful))
    return Dockerfile(found.values, instructions, staging.stages, problems)


def _doubtful(instructions: tuple[Instruction, ...], staging: Staging, escape: str) -> Iterator[Problem]:
    for step in instructions:
        yield from doubts(step, escape)
    yield from doubtful_problems(staging)
    yield from undeclared_variables(staging)


def _in_order(problems: Iterator[Problem]) -> list[Problem]:
    return sorted(islice(problems, _PROBLEM_CAP), key=lambda problem: problem.line)


def _instruction(line: LogicalLine, *, is_trigger: bool = False) -> Instruction:
    written, flags, arguments = split_instruction(line.text)
    keyword = _KEYWORD_OF.get(written.lower(), written)
    json_form = json_strings(arguments) if keyword in WITH_JSON else None
    if keyword == "HEALTHCHECK" and arguments[:3].upper() == "CMD":
        json_form = json_strings(arguments[3:])
    trigger = None
    if keyword == "ONBUILD" and arguments and not is_trigger:
        trigger = _instruction(replace(line, text=arguments), is_trigger=True)
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
