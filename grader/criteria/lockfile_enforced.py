"""What is installed is what the lockfile says: one that disagrees with package.json fails the build."""

from collections.abc import Sequence

from grader.criteria.facts import Attempt, Installed
from grader.criteria.outcome import Answer, Blocked, Unmet

EXPECTED = "a package.json with a dependency that package-lock.json does not know fails the build"
WHY = "The lockfile has the tested versions: a build that ignores it ships versions that nobody has tested."


def lockfile_enforced(agreeing: Attempt, disagreeing: Attempt, before: Sequence[Installed]) -> Answer:
    """Passes if the build fails with a lockfile that disagrees, and succeeds with one that agrees with the manifest.

    The second build shows that the first one fails because of the lockfile.
    """
    if disagreeing.result is not None and disagreeing.result.built:
        lines = tuple(installed.line for installed in before if installed.line is not None)
        hint = "npm has two commands that install: one may change the lockfile, the other uses it as it is."
        return Unmet(EXPECTED, "it builds anyway", WHY, hint, lines[:1])
    if agreeing.result is None or not agreeing.result.built:
        return Blocked("deps-refreshed", "can't tell: the build also fails with a lockfile that agrees")
    return None
