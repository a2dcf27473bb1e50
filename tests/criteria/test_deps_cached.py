"""`deps_cached`: an installation that a change of source undoes is named with its cause; a lost cache blames nobody."""

from collections.abc import Iterator

import pytest

from grader.criteria.deps_cached import deps_cached
from grader.criteria.facts import Attempt, Installed
from grader.criteria.outcome import Blocked, Unmet
from grader.dockerfile.reader import read
from grader.errors import MachineError

DOCKERFILE = "FROM node AS build\nARG REVISION\nCOPY . .\nRUN npm ci\nFROM node\nCOPY --from=build /app /app\n"
ATTEMPT = Attempt("plain", read(DOCKERFILE), None)


def at(stage: str, mark: str, line: int | None = None, *sources: int) -> Installed:
    """Make an installation."""
    return Installed(stage, mark, line, sources)


def anew(first: str, second: str, repeated: str = "") -> Iterator[tuple[Installed, ...]]:
    """Make the installations after two more edits, and after the second of them again."""
    for mark in (first, second, repeated or second):
        yield at("build", mark), at("", mark)


NO_MORE: Iterator[tuple[Installed, ...]] = (pytest.fail("nothing more is built") for _ in range(1))


def test_the_same_installations_hold() -> None:
    """In every stage; nothing more is built for it."""
    before = (at("build", "a", 4), at("", "b", 6))
    assert deps_cached(ATTEMPT, before, (at("build", "a"), at("", "b")), NO_MORE) is None


def test_another_one_is_caught_with_the_lines_that_brought_the_source_and_installed() -> None:
    """The copy above the installation is the cause."""
    before = (at("build", "a", 4, 3), at("", "a", 6))
    answer = deps_cached(ATTEMPT, before, (at("build", "x"), at("", "x")), anew("y", "z"))
    assert isinstance(answer, Unmet)
    assert answer.lines == (3, 4)
    assert "in stage `build`" in answer.actual


def test_a_stage_that_installs_anew_is_caught_though_the_image_has_the_old_packages() -> None:
    """The build takes as long as if nothing were cached."""
    before = (at("build", "a", 4), at("", "b", 6))
    answer = deps_cached(ATTEMPT, before, (at("build", "x"), at("", "b")), anew("y", "z"))
    assert isinstance(answer, Unmet)


def test_without_source_above_it_a_build_argument_is_the_cause() -> None:
    """Its line is named."""
    before = (at("build", "a", 4), at("", "a", 6))
    answer = deps_cached(ATTEMPT, before, (at("build", "x"), at("", "x")), anew("y", "z"))
    assert isinstance(answer, Unmet)
    assert "build argument of line 2" in answer.actual
    assert answer.lines == (2, 4)


def test_without_either_the_order_is_what_to_look_at() -> None:
    """Nothing is claimed that was not seen."""
    attempt = Attempt("plain", read("FROM node\nRUN npm ci\n"), None)
    before = (at("", "a", 2),)
    answer = deps_cached(attempt, before, (at("", "x"),), anew("y", "z"))
    assert isinstance(answer, Unmet)
    assert answer.actual == "they were installed again"


def test_packages_that_are_gone_are_not_those_of_before() -> None:
    """The builds after an edit have none, all alike."""
    before = (at("", "a", 4),)
    assert isinstance(deps_cached(ATTEMPT, before, (), [(), (), ()]), Unmet)


def test_two_results_of_one_step_in_the_cache_are_no_ones_fault() -> None:
    """The first build has the one, and the one after an edit the other, as all that come after it."""
    before, after = (at("build", "a", 4), at("", "a", 6)), (at("build", "x"), at("", "x"))
    assert deps_cached(ATTEMPT, before, after, anew("x", "x")) is None
    assert deps_cached(ATTEMPT, before, after, anew("y", "y")) is None


def test_an_engine_that_keeps_no_layers_is_the_machines_fault() -> None:
    """The same build again is another installation."""
    with pytest.raises(MachineError, match="layer cache"):
        deps_cached(ATTEMPT, (at("", "a", 4),), (at("", "x"),), anew("y", "z", "w"))


def test_without_packages_it_cannot_be_told() -> None:
    """There is nothing to be cached."""
    assert isinstance(deps_cached(ATTEMPT, (), (), NO_MORE), Blocked)
