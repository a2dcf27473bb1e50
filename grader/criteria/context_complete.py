"""What the build needs reaches the build context."""

from collections.abc import Collection
from pathlib import PurePosixPath

from grader.criteria.facts import Shipped
from grader.criteria.outcome import Answer, Unmet
from grader.dockerfile.ignore import deciding

WHY = "A pattern that matches too much breaks the build, or worse: it builds, and something is missing."
_MOST = 3


def context_complete(context: Shipped, root: PurePosixPath, needed: Collection[str]) -> Answer:
    """Passes if every path of `needed` is in the context; `context` is an image that has all of it under `root`."""
    missing = sorted(path for path in needed if root / path not in context.tree)
    if not missing:
        return None
    more = f" and {len(missing) - _MOST} more" if missing[_MOST:] else ""
    actual = f"{', '.join(missing[:_MOST])}{more} did not reach the context"
    ignore_file = context.attempt.ignore_file
    rule = deciding(ignore_file.text or "", missing[0])
    if rule and rule.keeps_out:
        actual += f": line {rule.line} of {ignore_file.name}, `{rule.text}`, keeps {missing[0]} out"
    hint = "Make that pattern narrower, or bring back what is needed with a later line that starts with `!`."
    return Unmet("everything that the build reads reaches the context", actual, WHY, hint)
