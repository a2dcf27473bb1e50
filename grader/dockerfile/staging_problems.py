"""What is wrong between instructions: FROM and its variables, stages' names, what is copied from where.

Each fatal problem fails on a real builder; the others are true sentences about text that builds.
"""

import difflib
import re
from collections.abc import Iterator, Sequence

from grader.dockerfile.expansion import expand
from grader.dockerfile.faults import expose_faults
from grader.dockerfile.model import Copy, Instruction, Problem, ProblemKind, Stage
from grader.dockerfile.references import is_image_reference
from grader.dockerfile.stages import reachable
from grader.dockerfile.staging import StageStart, Staging, copy_sources, mount_sources, stage_number
from grader.dockerfile.words import comment_at_end, plain_words, quoted_words

_NAME = re.compile(r"[a-z][a-z0-9._-]*")
_PLATFORM = re.compile(r"[\w-]+(?:\([\w.]+\))?(?:/[\w-]+){0,2}", re.ASCII)
_COMPARED = 100
"""Names looked at, and characters of a name, when the nearest one is offered."""
_SHOWN = 60


def fatal_problems(staging: Staging, escape: str) -> Iterator[Problem]:
    """Yield what makes every build of the last stage fail."""
    for step in staging.before:
        if step.keyword != "ARG":
            message = f"{step.keyword[:_SHOWN]} comes before the first FROM; only ARG may"
            yield _fatal(step, ProblemKind.BEFORE_FROM, message, step.keyword)
            break
    if not staging.stages:
        yield Problem(1, ProblemKind.NO_FROM, _without_from(staging.before), fatal=True)
        return
    images = sum(copy.stage is None for stage in staging.stages for copy in stage.copies)
    names = {stage.name for stage in staging.stages if stage.name}
    needed = {stage.index for stage in reachable(staging.stages, staging.stages[-1])}
    for start, stage in zip(staging.starts, staging.stages, strict=True):
        yield from _from_faults(start, names)
        for step in stage.instructions:
            yield from _source_faults(step, len(staging.stages), images)
            if stage.index in needed:
                yield from _building_faults(step, escape)
        if stage.index in needed:
            yield from _from_below(stage, staging.stages, fatal=True)
    yield from _circles(staging.stages)


def doubtful_problems(staging: Staging) -> Iterator[Problem]:
    """Yield what builds, though perhaps not as meant."""
    stages = staging.stages
    last = {stage.name: stage for stage in stages if stage.name}
    seen: set[str] = set()
    names = list(last)[:_COMPARED]
    compared: set[str] = set()
    needed = {stage.index for stage in reachable(stages, stages[-1])} if stages else set()
    for start, stage in zip(staging.starts, stages, strict=True):
        for name in start.base.missing:
            message = f"FROM uses ${name[:_SHOWN]}, but no ARG before the first FROM gives it a value"
            yield _doubt(stage, ProblemKind.BASE_WITHOUT_VALUE, message, name)
        below = last.get(stage.base)
        if stage.base_stage is None and below and below.index > stage.index:
            message = f"FROM {stage.base} uses the image of that name, because the stage {stage.base} comes later"
            yield _doubt(stage, ProblemKind.BASE_COMES_LATER, message, stage.base)
        if stage.name and stage.name in seen:
            where = "FROM uses the nearest one above it, --from the last one"
            message = f"another stage is already called {stage.name[:_SHOWN]}; {where}"
            yield _doubt(stage, ProblemKind.STAGE_NAME_TWICE, message, stage.name)
        seen.add(stage.name)
        for copy in stage.copies:
            if copy.stage is None and len(compared) < _COMPARED and copy.source not in compared:
                compared.add(copy.source)
                yield from _doubtful_source(copy, names)
        if stage.index not in needed:
            yield from _from_below(stage, stages, fatal=False)


def _fatal(step: Instruction, kind: ProblemKind, message: str, subject: str) -> Problem:
    return Problem(step.first_line, kind, message, fatal=True, subject=subject)


def _doubt(stage: Stage, kind: ProblemKind, message: str, subject: str) -> Problem:
    return Problem(stage.first_line, kind, message, fatal=False, subject=subject)


def _without_from(instructions: Sequence[Instruction]) -> str:
    if not instructions:
        return "the Dockerfile has no instruction: it must begin with FROM"
    return "the Dockerfile has no FROM, which says which image to start from"


def _from_faults(start: StageStart, names: set[str]) -> Iterator[Problem]:
    words, step = start.words, start.instruction
    if len(words) not in (1, 3) or (len(words) == 3 and words[1].upper() != "AS"):  # noqa: PLR2004 - image AS name
        why = ": a comment needs its own line" if comment_at_end(step.arguments) else ""
        message = f"FROM takes an image, or an image, AS and a name{why}"
        yield _fatal(step, ProblemKind.BAD_FROM, message, step.arguments)
        return
    if len(words) == 3 and not _NAME.fullmatch(words[2].lower()):  # noqa: PLR2004 - image AS name
        message = f"{words[2][:_SHOWN]} cannot be a stage's name: use letters, digits, . _ and -, a letter first"
        yield _fatal(step, ProblemKind.BAD_STAGE_NAME, message, words[2])
    yield from _base_faults(start, names)
    if any(flag.name == "platform" for flag in step.flags) and not start.platform.text:
        message = "--platform is empty after its variables are filled in"
        yield _fatal(step, ProblemKind.PLATFORM_EMPTY, message, "platform")
    elif start.platform.text and not _PLATFORM.fullmatch(start.platform.text):
        message = f"--platform takes system/machine such as linux/amd64, not {start.platform.text[:_SHOWN]}"
        yield _fatal(step, ProblemKind.BAD_PLATFORM, message, start.platform.text)


def _base_faults(start: StageStart, names: set[str]) -> Iterator[Problem]:
    base, step, written = start.base, start.instruction, start.words[0]
    if base.error:
        message = f"FROM {written[:_SHOWN]} cannot be filled in: {base.error[:200]}"
        yield _fatal(step, ProblemKind.BASE_NOT_FILLED_IN, message, written)
    elif not base.text:
        message = f"FROM {written[:_SHOWN]} names no image after its variables are filled in"
        yield _fatal(step, ProblemKind.BASE_EMPTY, message, written)
    elif base.text not in names and not is_image_reference(base.text):
        lower = base.text.lower()
        near = f": did you mean {lower}?" if lower in names or lower == "scratch" else ""
        message = f"FROM {base.text[:_SHOWN]} names neither a stage nor an image{near}"
        yield _fatal(step, ProblemKind.BASE_NO_IMAGE, message, base.text)


def _source_faults(step: Instruction, count: int, images: int) -> Iterator[Problem]:
    for source in copy_sources(step):
        number = stage_number(source)
        if number is None:
            yield from _name_faults(step, source, "COPY --from")
        elif not 0 <= number < count + images:  # BuildKit counts images that are copied from after the stages
            message = f"--from={source} names no stage: the stages have the numbers 0 to {count - 1}"
            yield _fatal(step, ProblemKind.SOURCE_NO_NUMBER, message, source)
    for source in mount_sources(step):
        yield from _name_faults(step, source, "RUN --mount=from")


def _name_faults(step: Instruction, source: str, where: str) -> Iterator[Problem]:
    if "$" in source:
        message = f"{where} does not fill in {source[:_SHOWN]}: add a stage, FROM ${{...}} AS name, and use its name"
        yield _fatal(step, ProblemKind.SOURCE_NOT_FILLED_IN, message, source)
    elif not _NAME.fullmatch(source.lower()) and not is_image_reference(source):
        message = f"{where}={source[:_SHOWN]} names neither a stage nor an image"
        yield _fatal(step, ProblemKind.SOURCE_NO_IMAGE, message, source)


def _building_faults(step: Instruction, escape: str) -> Iterator[Problem]:
    """Yield what stops a builder only when it comes to this step."""
    if step.keyword == "EXPOSE":
        yield from expose_faults(step)
    for word in _filled_in(step, escape):
        if expand(word, {}, escape).has_open_quote:
            message = f"{step.keyword} has a quote that is never closed in {word[:_SHOWN]}"
            yield _fatal(step, ProblemKind.UNCLOSED_QUOTE, message, word)
            return


def _filled_in(step: Instruction, escape: str) -> Sequence[str]:
    """Return the words of an instruction in which BuildKit fills variables in."""
    if step.keyword in ("COPY", "ADD", "VOLUME", "EXPOSE"):
        words = plain_words(step.arguments) if step.json_form is None else step.json_form
        return [word for word in words if "<<" not in word]
    if step.keyword in ("WORKDIR", "USER"):
        return [step.arguments]
    return quoted_words(step.arguments, escape) if step.keyword in ("ENV", "LABEL") else ()


def _from_below(stage: Stage, stages: Sequence[Stage], *, fatal: bool) -> Iterator[Problem]:
    for copy in stage.copies:
        if copy.stage is not None and copy.stage > stage.index:
            named = stages[copy.stage].name or f"number {copy.stage}"
            message = f"--from={copy.source} names the stage {named}, which comes later: it must come before this one"
            yield Problem(copy.line, ProblemKind.SOURCE_COMES_LATER, message, fatal, copy.source)


def _circles(stages: Sequence[Stage]) -> Iterator[Problem]:
    """Find the stages that copy from one another in a circle: those that stay when stages without needs are removed."""
    takes = [{copy.stage for copy in stage.copies if copy.stage is not None} for stage in stages]
    given: list[list[int]] = [[] for _ in stages]
    for index, sources in enumerate(takes):
        for source in sources:
            given[source].append(index)
    free = [index for index, sources in enumerate(takes) if not sources]
    left = set(range(len(stages)))
    while free:
        index = free.pop()
        left.discard(index)
        for other in given[index]:
            takes[other].discard(index)
            if not takes[other]:
                free.append(other)
    if left:
        index = _on_a_circle(takes, min(left))
        line = next(copy.line for copy in stages[index].copies if copy.stage in takes[index])
        name = stages[index].name or f"number {index}"
        own = index in takes[index]
        how = "copies from itself" if own else "copies from itself through other stages"
        yield Problem(line, ProblemKind.CIRCLE, f"the stage {name} {how}", fatal=True, subject=name)


def _on_a_circle(takes: Sequence[set[int]], index: int) -> int:
    """Follow what a stage takes from, up to one that was passed before; return the topmost from there on."""
    passed: dict[int, int] = {}
    while index not in passed:
        passed[index] = len(passed)
        index = min(takes[index])
    return min(list(passed)[passed[index] :])


def _doubtful_source(copy: Copy, names: Sequence[str]) -> Iterator[Problem]:
    source, shown = copy.source.lower(), copy.source[:_SHOWN]
    if source.isdecimal():
        message = f"--mount=from={shown} is read as an image: a mount needs the stage's name"
        yield Problem(copy.line, ProblemKind.MOUNT_BY_NUMBER, message, fatal=False, subject=copy.source)
        return
    if any(char in source for char in "/:.@$") or source == "scratch":
        return
    near = difflib.get_close_matches(source[:_COMPARED], names, n=1)
    if near:
        message = f"there is no stage {shown}, so this is read as an image: did you mean {near[0]}?"
        yield Problem(copy.line, ProblemKind.SOURCE_LIKE_STAGE, message, fatal=False, subject=copy.source)
