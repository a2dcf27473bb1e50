"""What is installed is what the lockfile says: one that disagrees with package.json fails the build."""

from collections.abc import Sequence

from grader.criteria.facts import Attempt, Installed
from grader.criteria.outcome import Answer, Blocked, Unmet

EXPECTED = "a package.json with a dependency that package-lock.json does not know fails the build"
WHY = "The lockfile is what was tested: a build that goes its own way ships versions that nobody has seen."


def lockfile_enforced(agreeing: Attempt, disagreeing: Attempt, before: Sequence[Installed]) -> Answer:
    """Hold if the build fails with a lockfile that disagrees, and succeeds with the same manifest and one that agrees.

    The second build shows that it is for the lockfile's sake that the first one fails.
    """
    if disagreeing.result is not None and disagreeing.result.built:
        lines = tuple(installed.line for installed in before if installed.line is not None)
        hint = "npm has two commands that install: one may change the lockfile, the other takes it as it is."
        return Unmet(EXPECTED, "it builds all the same", WHY, hint, lines[:1])
    if agreeing.result is None or not agreeing.result.built:
        return Blocked("deps-refreshed", "can't tell: the build also fails with a lockfile that agrees")
    return None
