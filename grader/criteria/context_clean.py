"""What the build does not need stays out of the build context."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from grader.criteria.facts import Shipped
from grader.criteria.formatting import megabytes
from grader.criteria.outcome import Answer, Unmet
from grader.dockerfile.ignore import deciding, with_comment
from grader.exercise.submission import IgnoreFile

WHY = "The complete context is sent to the engine at each build, and one COPY of everything puts it into an image."
_MOST = 3


@dataclass(frozen=True, slots=True)
class Canary:
    """A file that was planted in the context and does not belong there, and a hint for the case that it is there."""

    path: str
    hint: str


def context_clean(context: Shipped, root: PurePosixPath, canaries: Sequence[Canary]) -> Answer:
    """Passes if no canary is in the context; `context` is an image that has all of the context under `root`."""
    came = [canary for canary in canaries if root / canary.path in context.tree]
    if not came:
        return None
    size = sum(context.tree[root / canary.path].entry.size for canary in came)
    more = f" and {len(came) - _MOST} more" if came[_MOST:] else ""
    names = ", ".join(canary.path for canary in came[:_MOST])
    actual = (
        f"{names}{more} reached the context ({megabytes(size)}); {_reason(context.attempt.ignore_file, came[0].path)}"
    )
    kinds = len({canary.path for canary in canaries})
    expected = f"none of {kinds} files that the workshop put there for this check reaches the context"
    return Unmet(expected, actual, WHY, _hint(context.attempt.ignore_file, came[0]))


def _reason(ignore_file: IgnoreFile, path: str) -> str:
    if ignore_file.text is None:
        near = f" (there is {ignore_file.near}, which is not read)" if ignore_file.near else ""
        return f"there is no .dockerignore next to the Dockerfile{near}"
    name = ignore_file.name
    instead = f", and {ignore_file.unread} is not read because of it" if ignore_file.unread else ""
    rule = deciding(ignore_file.text, path)
    if rule and not rule.keeps_out:
        return f"line {rule.line} of {name}, `{rule.text}`, lets {path} in again{instead}"
    commented = with_comment(ignore_file.text, path)
    if commented and not rule:
        return f"line {commented.line} of {name}, `{commented.text}`, is one pattern, its comment included{instead}"
    return f"no line of {name} matches {path}{instead}"


def _hint(ignore_file: IgnoreFile, canary: Canary) -> str:
    if ignore_file.text is None and not ignore_file.near:
        return "Create a file with that name in the folder that is built: each line is a pattern of what stays out."
    if ignore_file.text is None:
        return "The file's name must be .dockerignore, with the dot, and it must be in the root of the build context."
    rule = deciding(ignore_file.text, canary.path)
    if rule and not rule.keeps_out:
        return (
            "The last line that matches a path decides: check the order of the lines. "
            "Without `**/` a pattern begins at the root."
        )
    if not rule and with_comment(ignore_file.text, canary.path):
        return "A comment needs its own line, which begins with #."
    if ignore_file.unread:
        return f"The builder reads {ignore_file.name} in place of {ignore_file.unread}: keep one of the two."
    return canary.hint
