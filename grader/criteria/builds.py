"""The submission builds."""

import posixpath
import re
from collections.abc import Sequence

from grader.criteria.facts import Attempt
from grader.criteria.formatting import shortened
from grader.criteria.lost_command import loss
from grader.criteria.outcome import Answer, Unmet
from grader.criteria.step_hints import LOOK, hint_of_step
from grader.criteria.step_words import telling
from grader.dockerfile.ignore import deciding
from grader.dockerfile.model import Instruction, Problem, ProblemKind
from grader.dockerfile.mounts import Mount, mount_over
from grader.engine.model import BuildEnd, BuildResult, BuildStep
from grader.engine.step_faults import (
    cannot_read_ignore_file,
    exit_code,
    missing_program,
    missing_source,
    unreachable_url,
)

WHY = "Nothing else can be checked before there is an image."
EXPECTED = "the Dockerfile builds"
_ALMOST_A_FLAG = re.compile(r"-?(?:from|chown|chmod|link|parents|exclude)=")
_STAGE_NAMES = "A stage's name comes after AS in its FROM; --from takes that name, or the stage's number."
_HINTS = {
    ProblemKind.NO_SUCH_STAGE: _STAGE_NAMES,
    ProblemKind.NO_SUCH_IMAGE: "Look at the spelling: Docker Hub shows which images and tags there are.",
    ProblemKind.BASE_COMES_LATER: "Move the stage that is used above the one that uses it.",
    ProblemKind.BAD_PLATFORM: "Leave --platform out, and the image is for this machine.",
}
"""What to try, by what is wrong with a name."""


def builds(attempt: Attempt) -> Answer:
    """Passes if the build gave an image; else it says which instruction failed, on which line, and with which words."""
    if attempt.refusal:
        refusal = attempt.refusal
        return Unmet(refusal.expected, refusal.actual, WHY, refusal.hint, refusal.lines)
    if attempt.slip:
        return _slip(attempt, attempt.slip)
    result = attempt.result
    if result is None:
        return Unmet(EXPECTED, "nothing was built", WHY, "Hand in a Dockerfile.")
    if result.end is BuildEnd.EMPTY:
        return _empty(attempt)
    return None if result.built else _failed(attempt, result)


def _empty(attempt: Attempt) -> Unmet:
    actual = "the last stage begins from scratch, which is empty, and puts no file into it"
    hint = "COPY --from=STAGE brings the program from the stage that makes it."
    return Unmet("an image with a program in it", actual, WHY, hint, attempt.final_from)


def _failed(attempt: Attempt, result: BuildResult) -> Unmet:
    step = next((step for step in result.steps if step.error), None) or _running(result)
    instruction = _instruction_of(attempt, step) if step else None
    if step and instruction:
        known = _known_cause(attempt, step, instruction)
        if known:
            return known
    doubtful = (_not_fetched(attempt, result) or _doubtful(attempt, result)) if step is None else None
    if doubtful:
        return doubtful
    lines = (instruction.first_line,) if instruction else _problem_lines(attempt, result)
    hint = _hole_in_from(attempt, lines) or _hint(
        result, step, attempt.ignore_file.name, has_problem=_has_fatal(attempt)
    )
    return Unmet(EXPECTED, _actual(result, step, attempt), WHY, hint, lines)


def _known_cause(attempt: Attempt, step: BuildStep, instruction: Instruction) -> Unmet | None:
    """Explain frequent causes in our own words: the builder's words differ between versions, and few explain."""
    what = f"`{shortened(instruction.original, 80)}` failed"
    lines: tuple[int, ...] = (instruction.first_line,)
    problem = _problem_of(attempt, instruction)
    if problem:
        return problem
    missing = missing_source(step)
    if missing and instruction.keyword in ("COPY", "ADD"):
        return _missing_file(attempt, instruction, missing, lines)
    no_program = missing_program(step)
    if no_program and instruction.keyword == "RUN" and instruction.json_form is None:
        hint = "RUN needs a shell and commands in its own stage: work in a stage that has them, and copy the result."
        shell = _shell_line(attempt, instruction)
        if shell:
            hint = f"SHELL names {no_program}, which this image does not have: small images have only /bin/sh."
            lines = (shell, *lines)
        return Unmet(EXPECTED, f"{what}: there is no {no_program} in this stage to run it", WHY, hint, lines)
    lost = loss(attempt, instruction, step.log) if instruction.keyword == "RUN" else None
    if lost:
        actual = shortened(f"{what}: {telling(step.log)}", 300)
        return Unmet(EXPECTED, f"{actual}; {lost.did}", WHY, lost.hint, tuple(dict.fromkeys((lost.line, *lines))))
    return None


def _shell_line(attempt: Attempt, failed: Instruction) -> int | None:
    """The line of the SHELL that is in force for an instruction; None if there is none in its stage above it."""
    stage = next((stage for stage in attempt.dockerfile.stages if failed in stage.instructions), None)
    above = [step for step in stage.instructions if step.first_line < failed.first_line] if stage else []
    return next((step.first_line for step in reversed(above) if step.keyword == "SHELL"), None)


def _slip(attempt: Attempt, slip: Problem) -> Unmet:
    """Explain what was seen before anything was built."""
    if not attempt.dockerfile.stages:
        expected = "a Dockerfile that begins with FROM (only ARG may come before it)"
        return Unmet(expected, slip.message, WHY, "Begin with a FROM line.", (slip.line,))
    return _misnamed(attempt, slip)


def _misnamed(attempt: Attempt, slip: Problem) -> Unmet:
    """Explain a stage or an image that was asked for under a name that cannot be."""
    fatal = [problem for problem in attempt.dockerfile.problems if problem.fatal]
    hint = _HINTS.get(slip.kind, "")
    if not hint:
        hint = "Fix that line: the Dockerfile reference shows the correct form of each instruction."
        doubtful = None if fatal else _refused(attempt, slip.line)
        if doubtful:
            return doubtful
    problem = next((found for found in fatal if found.line == slip.line), slip)
    return Unmet(EXPECTED, problem.message, WHY, _hole_in_from(attempt, (slip.line,)) or hint, (slip.line,))


def _not_fetched(attempt: Attempt, result: BuildResult) -> Unmet | None:
    """Explain an ADD of an address: the builder fetches it itself, without a step."""
    url = unreachable_url(result)
    added = (step for step in attempt.dockerfile.instructions if step.keyword == "ADD" and url and url in step.original)
    for step in added:
        actual = f"`{shortened(step.original, 80)}` failed: {url} cannot be reached"
        hint = "Builds here have no network: everything that is needed is in the build context or the base image."
        return Unmet(EXPECTED, actual, WHY, hint, (step.first_line,))
    return None


def _doubtful(attempt: Attempt, result: BuildResult) -> Unmet | None:
    """Explain what a builder refused before its first step; other builders go on and fail at that instruction."""
    return None if _has_fatal(attempt) else _refused(attempt, result.line)


def _has_fatal(attempt: Attempt) -> bool:
    return any(problem.fatal for problem in attempt.dockerfile.problems)


def _refused(attempt: Attempt, line: int | None) -> Unmet | None:
    refused = next((step for step in attempt.dockerfile.instructions if step.first_line == line), None)
    return _problem_of(attempt, refused) if refused else None


def _problem_of(attempt: Attempt, instruction: Instruction) -> Unmet | None:
    lines = (instruction.first_line,)
    problem = next((found for found in attempt.dockerfile.problems if found.line in lines), None)
    if problem is None:
        return None
    actual = f"`{shortened(instruction.original, 80)}` failed: {problem.message}"
    hint = "Fix that line: the Dockerfile reference shows its correct form."
    return Unmet(EXPECTED, actual, WHY, hint, lines)


def _missing_file(attempt: Attempt, instruction: Instruction, path: str, lines: tuple[int, ...]) -> Unmet:
    """Also say where it was looked for: no builder does that. `path` is as the builder names it."""
    words = instruction.json_form or tuple(instruction.arguments.split())
    if len(words) == 2 and not any(character in words[0] for character in "*?[$"):  # noqa: PLR2004 - one source, one target
        path = posixpath.normpath(f"/{words[0]}").replace("//", "/")
    source = next((flag.value for flag in instruction.flags if flag.name == "from"), "")
    kept_out = [] if source else _kept_out(attempt, words[:-1])
    path = kept_out[0] if kept_out else path
    where = f"the stage or image `{source}`" if source else "the build context"
    hint = _where_to_look(attempt, instruction, source)
    flag = next((word for word in words[:-1] if _ALMOST_A_FLAG.match(word)), "")
    if flag:
        hint = f"A flag begins with two dashes: --{flag.lstrip('-')}. Without them it is read as a file's name."
    lost = _lost_in_a_mount(attempt, instruction, path)
    if lost:
        mount, folder = lost
        where += f": line {mount.line} has a {mount.kind} mount on {folder}, and what is in a mount is in no layer"
        hint = "Write it to a folder that is not a mount, or copy it to one in the same RUN."
        lines = (mount.line, *lines)
    rule = deciding(attempt.ignore_file.text or "", path.lstrip("/")) if kept_out else None
    if rule:
        where += f": line {rule.line} of {attempt.ignore_file.name}, `{rule.text}`, keeps it out"
        hint = "Make that pattern narrower, or bring back what is needed with a later line that starts with `!`."
    actual = f"`{shortened(instruction.original, 80)}` failed: {path} is not in {where}"
    return Unmet(EXPECTED, actual, WHY, hint, lines)


def _where_to_look(attempt: Attempt, instruction: Instruction, source: str) -> str:
    """Say what to try when a file is not in `source`, what --from names, or in the context if that is empty."""
    if not source:
        return "COPY copies from the build context; to copy from another stage, name it with --from."
    if source in _sources_outside(attempt, instruction):
        return "That is an image that others made; what this Dockerfile builds is in its stages: name one of those."
    return f"Look into it with `docker build --target {source} .`, and write the full path from its root."


def _sources_outside(attempt: Attempt, instruction: Instruction) -> list[str]:
    """Return the sources of a COPY that are no stage of the Dockerfile."""
    copies = [copy for stage in attempt.dockerfile.stages for copy in stage.copies]
    return [copy.source for copy in copies if copy.line == instruction.first_line and copy.stage is None]


def _lost_in_a_mount(attempt: Attempt, instruction: Instruction, path: str) -> tuple[Mount, str] | None:
    """Return the mount that covered a missing file in the stage that it is copied from, and the mount's folder."""
    stages = attempt.dockerfile.stages
    sources = [copy.stage for stage in stages for copy in stage.copies if copy.line == instruction.first_line]
    source = sources[0] if sources else None
    return mount_over(stages[source], path) if source is not None else None


def _kept_out(attempt: Attempt, sources: Sequence[str]) -> list[str]:
    """Of the sources of a COPY, return those that the ignore file keeps out; builders name any one that is missing."""
    paths = [posixpath.normpath(f"/{source}").replace("//", "/") for source in sources]
    rules = [(path, deciding(attempt.ignore_file.text or "", path.lstrip("/"))) for path in paths]
    return [path for path, rule in rules if rule and rule.keeps_out]


def _running(result: BuildResult) -> BuildStep | None:
    """Of a build that was cancelled, the step that was running."""
    return result.steps[-1] if result.steps and result.end is not BuildEnd.FAILED else None


def _actual(result: BuildResult, step: BuildStep | None, attempt: Attempt) -> str:
    where = f"`{shortened(step.instruction, 80)}`" if step else "the build"
    if result.end is BuildEnd.DEADLINE:
        return f"{where} had not ended after {result.used:.0f} s, so the build was cancelled"
    if result.end is BuildEnd.LOG_FLOOD:
        return f"{where} wrote more output than is allowed, so the build was cancelled"
    if step is None:
        fatal = [problem for problem in attempt.dockerfile.problems if problem.fatal]
        named = next((problem for problem in fatal if result.line in (None, problem.line)), None)
        return shortened(named.message if named else result.error, 300)
    code = exit_code(step)
    silent = f"it wrote nothing and ended with exit code {code}" if code is not None else step.error
    return shortened(f"{where} failed: {telling(step.log) or silent}", 400)


def _hint(result: BuildResult, step: BuildStep | None, ignored_by: str, *, has_problem: bool) -> str:
    if result.end is BuildEnd.DEADLINE:
        return "Look for a command that waits for input or never ends, such as starting the server in a RUN."
    if result.end is BuildEnd.LOG_FLOOD:
        return "Make that command quieter, or look for a loop that never ends."
    if step is None and (result.line or has_problem):
        return "Fix that line: the Dockerfile reference shows the correct form of each instruction."
    if cannot_read_ignore_file(result):
        return f"The builder cannot read a pattern of {ignored_by}: look for an open bracket, or a line with only `!`."
    return hint_of_step(step) if step else LOOK


def _hole_in_from(attempt: Attempt, lines: tuple[int, ...]) -> str:
    """Return what explains a FROM that cannot be built though it is well formed: a variable in it has no value."""
    for step in attempt.dockerfile.instructions:
        if step.first_line in lines and step.keyword == "FROM" and "$" in step.arguments:
            return "Is there a variable in it without a value? FROM lines see only the ARGs above the first FROM."
    return ""


def _problem_lines(attempt: Attempt, result: BuildResult) -> tuple[int, ...]:
    fatal = [problem for problem in attempt.dockerfile.problems if problem.fatal]
    if not result.line:
        return tuple(problem.line for problem in fatal)[:1]
    named = {(problem.kind, problem.subject) for problem in fatal if problem.line == result.line}
    # Builders differ in which of two lines with the same fault they name; people fix the first one first.
    same = (problem.line for problem in fatal if (problem.kind, problem.subject) in named)
    return (min(same, default=result.line),)


def _instruction_of(attempt: Attempt, step: BuildStep) -> Instruction | None:
    """Find the Dockerfile's instruction for a step by stage and text, as BuildKit prints them after expansion."""
    wanted = " ".join(step.instruction.split())
    best: Instruction | None = None
    for stage in attempt.dockerfile.stages:
        if step.stage not in ("", stage.name, f"stage-{stage.index}"):
            continue
        for instruction in stage.instructions:
            text = " ".join(instruction.original.replace("\\\n", " ").split())
            same_keyword = wanted.split(" ", 1)[0].upper() == instruction.keyword
            if same_keyword and (wanted.upper() == text.upper() or best is None):
                best = instruction
            if wanted.upper() == text.upper():
                return instruction
        numbered = _numbered(stage.instructions, step.number)
        if numbered and wanted.upper().startswith(numbered.keyword):
            return numbered
    return best


def _numbered(instructions: tuple[Instruction, ...], number: int | None) -> Instruction | None:
    """Return the instruction with BuildKit's step number: FROM is 1 and only what makes a layer is counted."""
    layers = [step for step in instructions if step.keyword in ("RUN", "COPY", "ADD", "WORKDIR")]
    index = (number or 0) - 2
    return layers[index] if 0 <= index < len(layers) else None
