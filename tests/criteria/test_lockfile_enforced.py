"""`lockfile_enforced`: of two builds that differ in the lockfile alone, one fails and the other does not."""

from grader.criteria.facts import Attempt, Installed
from grader.criteria.lockfile_enforced import lockfile_enforced
from grader.criteria.outcome import Blocked, Unmet
from grader.dockerfile.reader import read
from grader.engine.model import BuildEnd, BuildResult

BUILT = Attempt("one", read("FROM node\nRUN npm ci\n"), BuildResult(BuildEnd.BUILT, "sha256:i", (), 1.0))
FAILED = Attempt("two", BUILT.dockerfile, BuildResult(BuildEnd.FAILED, None, (), 1.0))
BEFORE = (Installed("", "a", 2),)


def test_only_the_build_with_a_lockfile_that_disagrees_fails() -> None:
    """So it is for the lockfile's sake."""
    assert lockfile_enforced(BUILT, FAILED, BEFORE) is None


def test_a_build_that_takes_no_notice_is_caught() -> None:
    """The line is that of the installation."""
    answer = lockfile_enforced(BUILT, BUILT, BEFORE)
    assert isinstance(answer, Unmet)
    assert answer.lines == (2,)


def test_a_build_that_fails_either_way_tells_nothing() -> None:
    """It may fail for quite another reason."""
    assert isinstance(lockfile_enforced(FAILED, FAILED, BEFORE), Blocked)
