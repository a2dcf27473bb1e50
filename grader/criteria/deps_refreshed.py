"""A change of the dependencies installs them again."""

from collections.abc import Sequence

from grader.criteria.builds import builds
from grader.criteria.deps_cached import nothing_installed
from grader.criteria.facts import Attempt, Installed
from grader.criteria.outcome import Answer, Unmet

EXPECTED = "with one more dependency in package.json and package-lock.json, the packages are installed again"
WHY = "A cache that keeps old packages ships the wrong ones, and you only notice in production."


def deps_refreshed(attempt: Attempt, before: Sequence[Installed], after: Sequence[Installed]) -> Answer:
    """Passes if the build after the change (`attempt`) succeeds, and what is shipped was installed again."""
    broken = builds(attempt)
    if isinstance(broken, Unmet):
        hint = "Only package.json and package-lock.json should decide what is installed."
        return Unmet(EXPECTED, f"that build fails: {broken.actual}", WHY, hint, broken.lines)
    if not before:
        return nothing_installed()
    last = before[-1]
    if all(installed.mark != last.mark for installed in after):
        return None
    hint = "The step that installs must see package.json and package-lock.json, and must always do its work."
    lines = (last.line,) if last.line is not None else ()
    return Unmet(
        EXPECTED, "they are still those of the build before: the new dependency is not there", WHY, hint, lines
    )
