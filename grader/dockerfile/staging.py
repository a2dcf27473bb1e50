"""Instructions to stages: names, bases after ARG expansion, and what each stage takes from others.

Source of the rules: the Dockerfile reference, "FROM", "Understand how ARG and FROM interact" and "COPY --from", and
what BuildKit does. What is wrong between stages is `staging_problems.py`.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice

from grader.dockerfile.expansion import Expansion, expand
from grader.dockerfile.model import Copy, Instruction, Stage
from grader.dockerfile.mounts import options_of
from grader.dockerfile.pattern import Work
from grader.dockerfile.words import plain_words, quoted_words

TRIGGER_CAP = 50
"""Triggers of one stage that are looked at: as many as a Dockerfile has that is meant to be built."""
_INTEGER = re.compile(r"[+-]?[0-9]+")


@dataclass(frozen=True, slots=True)
class StageStart:
    """A FROM as it was understood: its words, and what its image and `--platform` expand to."""

    instruction: Instruction
    words: tuple[str, ...]
    base: Expansion
    platform: Expansion


@dataclass(frozen=True, slots=True)
class Staging:
    """The stages with what their problems are found in: the instructions before FROM, and each stage's start."""

    before: tuple[Instruction, ...]
    global_names: frozenset[str]
    starts: tuple[StageStart, ...]
    stages: tuple[Stage, ...]


def platform_values(platform: str, target: str = "") -> dict[str, str]:
    """Return the variables that BuildKit gives to FROM of itself, for a build on `platform` and for `target`.

    Both are `os/architecture` or `os/architecture/variant`; without a target they are the same.
    """
    values: dict[str, str] = {}
    for side, of_side in (("BUILD", platform), ("TARGET", target or platform)):
        system, architecture, variant = [*of_side.split("/", 2), "", ""][:3]
        parts = {"PLATFORM": of_side, "OS": system, "ARCH": architecture, "VARIANT": variant}
        values |= {f"{side}{part}": value for part, value in parts.items()}
    return values


def make_stages(
    instructions: tuple[Instruction, ...], build_args: Mapping[str, str], escape: str, platforms: Mapping[str, str]
) -> Staging:
    """Group instructions into stages. `platforms` are the variables that name the platforms built on and built for."""
    froms = [at for at, step in enumerate(instructions) if step.keyword == "FROM"]
    before = instructions[: froms[0]] if froms else instructions
    values = dict(platforms)
    values |= {name: value for name, value in build_args.items() if name in values}
    work = Work()
    names = _read_arguments(before, build_args, values, escape, work)
    starts = tuple(_start(instructions[at], values, escape, work) for at in froms)
    ends = [*froms[1:], len(instructions)]
    bodies = [instructions[at + 1 : end] for at, end in zip(froms, ends, strict=False)]
    return Staging(before, names, starts, _stages(starts, bodies))


def _read_arguments(
    before: tuple[Instruction, ...], build_args: Mapping[str, str], values: dict[str, str], escape: str, work: Work
) -> frozenset[str]:
    """Put the values of ARGs before the first FROM into `values`; each may use those before it. Return all names.

    An ARG without a value leaves what was there, as in the newest BuildKit; those up to Docker 26 empty it.
    """
    names = set()
    for step in before:
        for word in quoted_words(step.arguments, escape) if step.keyword == "ARG" else ():
            name, equals, default = word.partition("=")
            names.add(name)
            if name in build_args:
                values[name] = build_args[name]
            elif equals:
                values[name] = expand(default, values, escape, work).text
    return frozenset(names)


def _start(step: Instruction, values: Mapping[str, str], escape: str, work: Work) -> StageStart:
    words = tuple(plain_words(step.arguments))
    platform = next((flag.value for flag in step.flags if flag.name == "platform"), "")
    return StageStart(
        step,
        words,
        expand(words[0] if words else "", values, escape, work),
        expand(platform, values, escape, work),
    )


def _stages(starts: tuple[StageStart, ...], bodies: list[tuple[Instruction, ...]]) -> tuple[Stage, ...]:
    """FROM sees the stages above it; `--from` sees all, and the last one where two share a name."""
    above: dict[str, int] = {}
    bases: list[int | None] = []
    names = [_name_of(start) for start in starts]
    for index, start in enumerate(starts):
        bases.append(above.get(start.base.text))  # stages' names are lower case, and FROM minds case
        if names[index]:
            above[names[index]] = index
    stages = []
    for index, (start, body) in enumerate(zip(starts, bodies, strict=True)):
        base = bases[index]
        triggers = _triggers(bodies[base]) if base is not None else []
        stages.append(
            Stage(
                index=index,
                name=names[index],
                base=start.base.text,
                base_stage=base,
                platform=start.platform.text,
                instructions=body,
                copies=tuple(copy for step in (*triggers, *body) for copy in _copies(step, above, len(starts))),
                first_line=start.instruction.first_line,
                last_line=(body[-1] if body else start.instruction).last_line,
            )
        )
    return tuple(stages)


def _triggers(body: tuple[Instruction, ...]) -> list[Instruction]:
    """Return the triggers that bring in files."""
    found = (step.trigger for step in body if step.trigger and step.trigger.keyword in ("COPY", "RUN"))
    return list(islice(found, TRIGGER_CAP))


def _name_of(start: StageStart) -> str:
    if len(start.words) == 3 and start.words[1].upper() == "AS":  # noqa: PLR2004 - image AS name
        return start.words[2].lower()
    return ""


def _copies(step: Instruction, names: Mapping[str, int], count: int) -> Iterator[Copy]:
    """Yield what the instruction takes files from. Only COPY counts stages: in a mount a number is an image's name."""
    for source in copy_sources(step):
        number = stage_number(source)
        if number is not None:
            yield Copy(source, number if 0 <= number < count else None, step.first_line)
        else:
            yield Copy(source, names.get(source.lower()), step.first_line)
    for source in mount_sources(step):
        yield Copy(source, names.get(source.lower()), step.first_line)


def stage_number(source: str) -> int | None:
    """Return the number in `COPY --from`, also `+1` and `-1`; None if it is a name."""
    return int(source) if _INTEGER.fullmatch(source) and len(source) < 19 else None  # noqa: PLR2004 - Go's int64


def copy_sources(step: Instruction) -> list[str]:
    """Return the values of COPY's `--from`."""
    if step.keyword != "COPY":
        return []
    return [flag.value for flag in step.flags if flag.name == "from" and flag.value]


def mount_sources(step: Instruction) -> list[str]:
    """Return what RUN's mounts name as `from`; the last one where a mount names two."""
    if step.keyword != "RUN":
        return []
    found = []
    for flag in step.flags:
        options = options_of(flag.value) if flag.name == "mount" else ()
        found += [value for name, value in options if name == "from"][-1:]
    return [source for source in found if source]
