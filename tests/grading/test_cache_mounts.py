"""Looking into cache mounts, with builds that are only said to have been made."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from grader.criteria.facts import Attempt
from grader.criteria.outcome import BlockedError
from grader.dockerfile.reader import read
from grader.engine.model import BuildEnd, BuildResult
from grader.errors import MachineError
from grader.exercise.model import Variant
from grader.grading.cache_mounts import CacheMounts
from grader.grading.probe import Prober

TEXT = """FROM golang:1.26 AS builder
RUN --mount=type=cache,target=/cache make
FROM scratch
COPY --from=builder /program /
"""
PLAIN = Variant(cache_mounts="caches")


class Engine:
    """Builds whatever is asked, but what is named in `failing`, and answers probes with `report`."""

    def __init__(self, report: str = "", failing: tuple[str, ...] = ()) -> None:
        self.report = report
        self.failing = failing
        self.built: list[Variant] = []

    def attempt(self, variant: Variant) -> Attempt:
        """Note the build, and say how it went."""
        self.built.append(variant)
        end = BuildEnd.FAILED if variant.name in self.failing else BuildEnd.BUILT
        return Attempt(variant.name, read(variant.dockerfile or TEXT), BuildResult(end, None, (), 1.0))

    @contextmanager
    def laid_out(self, variant: Variant) -> Iterator["Engine"]:
        """Be the container of any image."""
        assert variant in self.built
        yield self

    def read_file(self, path: str) -> bytes | None:
        """Return the report."""
        return self.report.encode() if path == "/report" else None

    def modified(self, path: str) -> str | None:
        """Tell nothing."""
        raise AssertionError(path)


def mounts_on(engine: Engine, text: str = TEXT) -> CacheMounts:
    """Make the cache mounts of a submission."""
    return CacheMounts(Prober(text, engine.attempt, engine.laid_out))


def test_what_the_mounts_hold_is_read_from_behind_the_step_that_has_them() -> None:
    """In the variant's own set of mounts, and with the submission's text up to that step."""
    engine = Engine("go\t/cache\nmount\t/cache\t7\t2\nhas\t/cache\tword\n")
    (mount,) = mounts_on(engine).after(PLAIN, "word").mounts
    assert (mount.path, mount.line, mount.entries, mount.fresh, mount.held) == ("/cache", 2, 7, 2, ("word",))
    look = engine.built[-1]
    assert look.cache_mounts == "caches"
    assert look.dockerfile.startswith(
        "FROM golang:1.26 AS builder\nRUN --mount=type=cache,target=/cache make\nUSER 0\n"
    )


def test_a_build_that_failed_blocks_the_question() -> None:
    """Though the stage with the mounts may be sound."""
    with pytest.raises(BlockedError):
        mounts_on(Engine(failing=("plain",))).after(PLAIN)


def test_a_stage_that_cannot_be_looked_into_is_no_fault_of_the_learner() -> None:
    """It takes a shell there."""
    with pytest.raises(MachineError, match="line 2"):
        mounts_on(Engine(failing=("plain:caches-2-0",))).after(PLAIN)


def test_seeding_comes_before_the_step_and_may_fail() -> None:
    """It borrows the base's files; what cannot be seeded is built from nothing."""
    engine = Engine(failing=("plain:seeded-1-0",))
    mounts_on(engine).seed(PLAIN)
    (seed,) = engine.built
    assert "make" not in seed.dockerfile.partition("USER 0")[0]
    assert "--mount=type=bind,from=golang:1.26,target=/workshop-base" in seed.dockerfile


def test_seeding_that_the_machine_cannot_do_is_left_out() -> None:
    """What is missing is missing for the build too, which says so with a line of the learner's own file."""

    def attempt(variant: Variant) -> Attempt:
        raise MachineError(variant.name)

    CacheMounts(Prober(TEXT, attempt, Engine().laid_out)).seed(PLAIN)


def test_without_a_cache_mount_nothing_is_probed() -> None:
    """Nor seeded, nor forgotten."""
    engine = Engine()
    mounts = mounts_on(engine, "FROM scratch\nCOPY . /\n")
    mounts.seed(PLAIN)
    mounts.forget()
    assert engine.built == []


def test_what_was_looked_into_is_emptied_at_the_end() -> None:
    """A failure then is nobody's concern."""
    engine = Engine(failing=("plain:forgotten-2-0",))
    mounts = mounts_on(engine)
    mounts.after(PLAIN)
    mounts.forget()
    assert engine.built[-1].name == "plain:forgotten-2-0"
    assert "-delete" in engine.built[-1].dockerfile


def test_mounts_are_emptied_as_often_as_asked() -> None:
    """The layer cache must not answer in place of the second time."""
    engine = Engine()
    mounts = mounts_on(engine)
    mounts.empty(PLAIN)
    mounts.empty(PLAIN)
    first, second = (variant for variant in engine.built if "emptied" in variant.name)
    assert first.name != second.name
    assert first.dockerfile != second.dockerfile


def test_what_is_spoilt_keeps_its_size() -> None:
    """Nothing is cut off or put behind."""
    engine = Engine()
    mounts_on(engine).spoil(PLAIN)
    assert "1<>" in engine.built[-1].dockerfile
