"""Instructions to stages: names, bases after ARG expansion, and what each stage takes from others.

Source of the rules: the Dockerfile reference, "FROM", "Understand how ARG and FROM interact" and "COPY --from".
"""

import difflib
from collections.abc import Mapping

from grader.dockerfile.expansion import expand
from grader.dockerfile.model import Copy, Instruction, Problem, Stage
from grader.dockerfile.words import split_words

_NAME_CAP = 100
"""Names looked at, and characters of a name, when the nearest one is offered."""
PLATFORM_ARGUMENTS = tuple(
    f"{side}{part}" for side in ("BUILD", "TARGET") for part in ("PLATFORM", "OS", "ARCH", "VARIANT")
)


def make_stages(
    instructions: tuple[Instruction, ...], build_args: Mapping[str, str], escape: str
) -> tuple[tuple[Stage, ...], list[Problem]]:
    """Group instructions into stages; return them with what is wrong between them."""
    problems: list[Problem] = []
    first = next((at for at, step in enumerate(instructions) if step.keyword == "FROM"), len(instructions))
    values = _global_arguments(instructions[:first], build_args, escape, problems)
    starts = [at for at, step in enumerate(instructions) if step.keyword == "FROM"]
    stages: list[Stage] = []
    names: dict[str, int] = {}
    all_names = {_name_of(instructions[at], escape) for at in starts} - {""}
    for index, start in enumerate(starts):
        end = starts[index + 1] if index + 1 < len(starts) else len(instructions)
        stage, found = _stage(index, instructions[start:end], values, names, all_names, escape)
        stages.append(stage)
        problems += found
        if stage.name in names:
            problems.append(
                Problem(stage.first_line, f"there are two stages called {stage.name}; the last one is meant")
            )
        if stage.name:
            names[stage.name] = index
    return tuple(stages), problems


def _global_arguments(
    before: tuple[Instruction, ...], build_args: Mapping[str, str], escape: str, problems: list[Problem]
) -> dict[str, str]:
    """Return the values of ARGs before the first FROM; each may use those before it."""
    values: dict[str, str] = {}
    for step in before:
        if step.keyword != "ARG":
            problems.append(Problem(step.first_line, f"{step.keyword} stands before the first FROM; only ARG may"))
            continue
        for word in split_words(step.arguments, escape):
            name, equals, default = word.partition("=")
            if name in build_args:
                values[name] = build_args[name]
            elif equals:
                values[name] = expand(default, values, escape)[0]
    return values


def _name_of(step: Instruction, escape: str) -> str:
    words = split_words(step.arguments, escape)
    if len(words) == 3 and words[1].upper() == "AS":  # noqa: PLR2004 - image AS name
        return words[2].lower()
    return ""


def _stage(
    index: int,
    steps: tuple[Instruction, ...],
    values: Mapping[str, str],
    names: Mapping[str, int],
    all_names: set[str],
    escape: str,
) -> tuple[Stage, list[Problem]]:
    start = steps[0]
    problems: list[Problem] = []
    words = split_words(start.arguments, escape)
    if len(words) not in (1, 3) or (len(words) == 3 and words[1].upper() != "AS"):  # noqa: PLR2004 - image AS name
        problems.append(Problem(start.first_line, "FROM takes an image, or an image, AS and a name"))
    base, missing = expand(words[0] if words else "", values, escape)
    for name in missing:
        if name not in PLATFORM_ARGUMENTS:
            words_for = f"FROM uses ${name}, which no ARG before the first FROM gives a value"
            problems.append(Problem(start.first_line, words_for))
    if not base:
        problems.append(Problem(start.first_line, "FROM names no image once its variables are filled in"))
    base_stage = names.get(base.lower())
    name = _name_of(start, escape)
    if base_stage is None and base.lower() in all_names and base.lower() == name:
        problems.append(Problem(start.first_line, f"the stage {name} starts from itself"))
    copies, found = _copies(steps[1:], index, names, all_names)
    platform = next((flag.value for flag in start.flags if flag.name == "platform"), "")
    stage = Stage(index, name, base, base_stage, platform, steps[1:], copies, start.first_line, steps[-1].last_line)
    return stage, problems + found + _used_without_declaring(steps[1:], values)


def _copies(
    steps: tuple[Instruction, ...], index: int, names: Mapping[str, int], all_names: set[str]
) -> tuple[tuple[Copy, ...], list[Problem]]:
    copies = []
    problems = []
    for step in steps:
        for source in _sources(step):
            stage, problem = _resolve(source, index, names, all_names)
            copies.append(Copy(source, stage, step.first_line))
            if problem:
                problems.append(Problem(step.first_line, problem))
    return tuple(copies), problems


def _sources(step: Instruction) -> list[str]:
    """What the instruction takes files from: the values of --from, and of from= in --mount."""
    if step.keyword in ("COPY", "ADD"):
        return [flag.value for flag in step.flags if flag.name == "from" and flag.value]
    found = []
    if step.keyword == "RUN":
        for flag in step.flags:
            fields = flag.value.split(",") if flag.name == "mount" else []
            found += [field[5:] for field in fields if field.startswith("from=") and field[5:]]
    return found


def _resolve(source: str, index: int, names: Mapping[str, int], all_names: set[str]) -> tuple[int | None, str]:
    """Return the stage a --from names (None: an image), and what is wrong with it in words."""
    name = source.lower()
    if name in names:
        return names[name], ""
    if source.isascii() and source.isdecimal():
        number = int(source[:9])
        if number < index:
            return number, ""
        return None, f"--from={source} names stage {number}, but only the stages before this one (it is {index}) count"
    if name in all_names:
        return None, f"--from={source} names a stage that comes later, or this one itself; it must come before"
    if not any(char in source for char in "/:.@$"):
        near = difflib.get_close_matches(name[:_NAME_CAP], list(names)[:_NAME_CAP], n=1)
        if near:
            return None, f"there is no stage {source}: did you mean {near[0]}?"
    return None, ""


def _used_without_declaring(steps: tuple[Instruction, ...], values: Mapping[str, str]) -> list[Problem]:
    """Find global ARGs that a stage uses though it does not declare them: they are empty there."""
    problems = []
    declared: set[str] = set()
    for step in steps:
        if step.keyword in ("ARG", "ENV"):
            declared |= {word.partition("=")[0] for word in step.arguments.split()}
        for name in values:
            used = f"${{{name}}}" in step.arguments or f"${name}" in step.arguments.replace("/", " ").split()
            if used and name not in declared:
                problems.append(
                    Problem(
                        step.first_line,
                        f"ARG {name} from before FROM is empty in a stage that does not repeat `ARG {name}`",
                    )
                )
                declared.add(name)
    return problems
