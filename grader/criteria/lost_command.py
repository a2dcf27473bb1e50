"""Why a step does not find what an earlier step or COPY should have brought: read from what its shell or program said.

What is missing was seen in the log; the Dockerfile's text only says which line above is the cause.
"""

import posixpath
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from grader.criteria.facts import Attempt
from grader.dockerfile.model import Instruction
from grader.dockerfile.mounts import mounts_of
from grader.dockerfile.stages import chain
from grader.languages.known import LANGUAGES

_NO_COMMAND = re.compile(r"^(?:/bin/)?\w*sh: (?:line )?(?:\d+: )?[\w.-]+: (?:command )?not found", re.MULTILINE)
_NO_FILE = (
    re.compile(r"no such file or directory, \w+ '([^'\n]+)'"),  # Node.js
    re.compile(r"([^\s:'\"]+)'?: No such file or directory"),
)
_NOT_WRITTEN = re.compile(r"(?:no such file or directory, mkdir|read-only file system, \w+) '([^'\n]+)'")
_WITHOUT_TOOLS = re.compile(r"--omit[= ]dev|--production\b|--only[= ]prod|NODE_ENV[= ]production")


@dataclass(frozen=True, slots=True)
class Loss:
    """What a step above the failed one did, on `line`, and what helps."""

    line: int
    did: str
    hint: str


def loss(attempt: Attempt, failed: Instruction, log: str) -> Loss | None:
    """Return why something is missing in a step that wrote `log`; None if nothing above it is known as the cause."""
    above = _above(attempt, failed)
    covered = _in_a_bind_mount(above, failed, log)
    if covered:
        return covered
    if _NO_COMMAND.search(log):
        return _lost_packages(above) or _in_another_stage(attempt, above, failed)
    missing = next((match[1] for pattern in _NO_FILE if (match := pattern.search(log))), "")
    return _unpacked_folder(above, missing) if missing else None


def _in_a_bind_mount(above: Sequence[Instruction], failed: Instruction, log: str) -> Loss | None:
    """Find the bind mount in which something was to be written: npm says of a folder only that it is not there."""
    match = _NOT_WRITTEN.search(log)
    folder = "/"
    for step in above:
        if step.keyword == "WORKDIR":
            folder = posixpath.join(folder, step.arguments.strip())
    for mount in mounts_of(failed) if match else ():
        options = {option.partition("=")[0].lower() for option in mount.text.split(",")}
        place = posixpath.normpath(posixpath.join(folder, mount.target)).rstrip("/") + "/"
        path = posixpath.join(folder, match[1]) if match else ""
        if mount.kind == "bind" and mount.target and path.startswith(place) and not options & {"rw", "readwrite"}:
            did = f"it would write into the bind mount on {place.rstrip('/') or '/'}, which is read-only"
            return Loss(mount.line, did, "Write to a folder outside of the mount, or COPY the files and mount nothing.")
    return None


def _above(attempt: Attempt, failed: Instruction) -> list[Instruction]:
    """Return the instructions of the failed one's stage that were made before it, its base stages' first."""
    for stage in attempt.dockerfile.stages:
        if failed in stage.instructions:
            steps = chain(attempt.dockerfile, stage)
            return [step for step in steps if step.first_line < failed.first_line]
    return []


def _lost_packages(above: Sequence[Instruction]) -> Loss | None:
    """Find the last step that installed packages, if they are in a mount or without those that the build needs."""
    for language in LANGUAGES:
        steps = [step for step in above if step.keyword == "RUN" and _has(step, language.installs)]
        if steps:
            return _in_a_mount(steps[-1], language.packages) or _left_out(steps[-1], above)
    return None


def _in_another_stage(attempt: Attempt, above: Sequence[Instruction], failed: Instruction) -> Loss | None:
    """Find the stage that installs packages, if nothing in the stage of the failed step brings any."""
    for language in LANGUAGES:
        brings = (step.keyword == "COPY" and any(flag.name == "from" for flag in step.flags) for step in above)
        if not language.packages or not _has(failed, (f"{word.split()[0]} " for word in language.installs)):
            continue
        if any(brings) or any(_has(step, language.installs) for step in above):
            continue
        for stage in attempt.dockerfile.stages:
            for step in stage.instructions:
                if step.keyword == "RUN" and _has(step, language.installs) and step.first_line < failed.first_line:
                    did = f"line {step.first_line} installs the packages in another stage"
                    return Loss(step.first_line, did, f"Begin from that stage, or copy {language.packages} from it.")
    return None


def _in_a_mount(step: Instruction, packages: str) -> Loss | None:
    line = step.first_line
    kinds = (mount.kind for mount in mounts_of(step) if packages and PurePosixPath(mount.target).name == packages)
    for kind in kinds:
        did = f"line {line} installs into a {kind} mount, and what is in a mount is in no layer"
        return Loss(line, did, f"Mount the cache of the tool that installs, and not {packages} itself.")
    return None


def _left_out(step: Instruction, above: Sequence[Instruction]) -> Loss | None:
    settings = [other for other in above if other.keyword in ("ENV", "ARG") and other.first_line < step.first_line]
    line = next((cause.first_line for cause in (step, *settings) if _WITHOUT_TOOLS.search(cause.arguments)), None)
    if line is None:
        return None
    did = f"line {line} leaves out the packages that only the build needs"
    return Loss(line, did, "Install all packages for the build, and leave those out of the last stage only.")


def _has(step: Instruction, words: Iterable[str]) -> bool:
    return any(word in step.arguments for word in words)


def _unpacked_folder(above: Sequence[Instruction], path: str) -> Loss | None:
    """Find a COPY of a folder with the missing name, to a place that does not have this name: only its content came."""
    missing = PurePosixPath(path).parts
    for step in reversed(above):
        words = step.json_form or step.arguments.split()
        if step.keyword not in ("COPY", "ADD") or not words:
            continue
        *sources, target = map(PurePosixPath, words)
        for source in sources:
            if source.name in missing and source.name and source.name != target.name:
                did = f"line {step.first_line} copies what is in {source}, and not the folder itself"
                return Loss(step.first_line, did, f"Name the folder in the target, too: COPY {source} ./{source.name}.")
    return None
