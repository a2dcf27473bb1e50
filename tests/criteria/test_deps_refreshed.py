"""`deps_refreshed`: a new dependency gives a new installation; a build that cannot take one is caught."""

from grader.criteria.deps_refreshed import deps_refreshed
from grader.criteria.facts import Attempt, Installed
from grader.criteria.outcome import Blocked, Unmet
from grader.dockerfile.reader import read
from grader.engine.model import BuildEnd, BuildResult

BUILT = Attempt("more", read("FROM node\nRUN npm ci\n"), BuildResult(BuildEnd.BUILT, "sha256:i", (), 1.0))
BROKEN = Attempt("more", BUILT.dockerfile, BuildResult(BuildEnd.FAILED, None, (), 1.0, "it broke", 2))
BEFORE = (Installed("tools", "t", 2), Installed("", "a", 7))


def test_another_installation_holds() -> None:
    """What the stages before it did does not matter."""
    assert deps_refreshed(BUILT, BEFORE, (Installed("tools", "t"), Installed("", "x"))) is None


def test_the_same_one_is_caught() -> None:
    """The line is that of the installation."""
    answer = deps_refreshed(BUILT, BEFORE, (Installed("tools", "x"), Installed("", "a")))
    assert isinstance(answer, Unmet)
    assert answer.lines == (7,)


def test_a_build_that_fails_is_caught_with_its_own_words() -> None:
    """It did build without the new dependency."""
    answer = deps_refreshed(BROKEN, BEFORE, ())
    assert isinstance(answer, Unmet)
    assert "it broke" in answer.actual


def test_without_packages_it_cannot_be_told() -> None:
    """There is nothing to be installed again."""
    assert isinstance(deps_refreshed(BUILT, (), ()), Blocked)
