"""The criteria of cache mounts: what they catch, and what they let pass."""

from dataclasses import replace
from pathlib import PurePosixPath

import pytest

from grader.criteria.builds import builds
from grader.criteria.cache_is_used import builds_again, cache_is_read, cache_is_used, stale
from grader.criteria.cache_not_shipped import cache_not_shipped
from grader.criteria.cold_cache_builds import builds_cold, cold_cache_answers, cold_cache_builds, has_cache
from grader.criteria.facts import Attempt, CacheMount, Caches
from grader.criteria.outcome import Blocked, Unmet
from grader.criteria.sources_not_copied import sources_not_copied
from grader.dockerfile.reader import read
from grader.engine.model import BuildEnd, BuildResult, BuildStep, Exchange, Exit
from grader.engine.silence import StartFault, StartRefusal
from grader.image.model import Entry, Kind, Match
from tests.criteria.conftest import MakeShipped

TEXT = """FROM golang:1.26 AS builder
WORKDIR /src
RUN --mount=target=. --mount=type=cache,target=/cache \\
    go build -o /cache/greeter .
FROM scratch
COPY --from=builder /cache/greeter /greeter
CMD ["/greeter"]
"""
FIRST, SECOND = "wk5hp-first", "wk5hp-second"
BOTH = CacheMount("/cache", 3, entries=700, fresh=4, held=(FIRST, SECOND))
OBJECT = f"{'0f' * 32}-d"


def file(path: str, size: int = 1000) -> Entry:
    """Make a regular file."""
    return Entry(PurePosixPath(path), Kind.FILE, size, 0o644, 0, 0)


@pytest.fixture
def attempt() -> Attempt:
    """A build that gave an image."""
    return Attempt("plain", read(TEXT), BuildResult(BuildEnd.BUILT, "sha256:1", (), 1.0))


def failed(attempt: Attempt, instruction: str, error: str, log: str = "") -> Attempt:
    """Let its build end with an error in a step."""
    step = BuildStep(
        f"[builder 3/3] {instruction}", "", None, instruction, cached=False, seconds=1.0, log=log, error=error
    )
    return replace(attempt, result=BuildResult(BuildEnd.FAILED, None, (step,), 1.0, error))


def judged(attempt: Attempt, *mounts: CacheMount, go_cache: str = "/cache") -> Unmet:
    """Return what is not met with these mounts."""
    answer = cache_is_used(Caches(mounts, go_cache), (FIRST, SECOND), attempt)
    assert isinstance(answer, Unmet)
    return answer


class TestCacheIsUsed:
    """`cache_is_used`."""

    def test_objects_of_both_builds_in_one_mount_pass(self, attempt: Attempt) -> None:
        """Also next to another mount that has none."""
        mounts = (CacheMount("/go/pkg/mod", 3, entries=0, fresh=0), BOTH)
        assert cache_is_used(Caches(mounts, "/cache"), (FIRST, SECOND), attempt) is None

    def test_no_mount_is_said_with_the_line_that_compiles(self, attempt: Attempt) -> None:
        """There is nothing else to point at."""
        answer = judged(attempt)
        assert "no step of the build mounts a cache" in answer.actual
        assert answer.lines == (3,)

    def test_a_mount_where_go_does_not_write_is_told_where_go_does(self, attempt: Attempt) -> None:
        """The folder that Go itself names."""
        answer = judged(attempt, CacheMount("/go/pkg/mod", 3, 0, 0), go_cache="/root/.cache/go-build")
        assert "/go/pkg/mod" in answer.actual
        assert "/root/.cache/go-build" in answer.actual

    def test_a_folder_that_begins_alike_is_not_the_mount(self, attempt: Attempt) -> None:
        """`/cache2` is not in `/cache`."""
        assert "/cache2" in judged(attempt, CacheMount("/cache", 3, 0, 0), go_cache="/cache2").actual

    def test_the_right_folder_at_another_step_asks_which_step_compiles(self, attempt: Attempt) -> None:
        """The mount is where Go writes, and is empty anyway."""
        answer = judged(attempt, CacheMount("/cache", 2, 0, 0))
        assert "its own RUN" in answer.hint
        assert answer.lines == (3,)

    def test_a_cache_that_the_compiling_step_leaves_empty_asks_what_empties_it(self, attempt: Attempt) -> None:
        """The mount is where it belongs, at the step to which it belongs."""
        assert "empty it" in judged(attempt, CacheMount("/cache", 3, 0, 0)).hint

    def test_a_cache_that_lost_the_build_before_is_told(self, attempt: Attempt) -> None:
        """Emptied by the build, or another one each time."""
        assert "nothing from the build before" in judged(attempt, replace(BOTH, held=(SECOND,))).actual

    def test_a_build_that_did_all_anew_is_told(self, attempt: Attempt) -> None:
        """The objects are there, and were not taken."""
        assert "559 of the 749" in judged(attempt, replace(BOTH, entries=749, fresh=559)).actual

    def test_a_build_that_damaged_packages_do_not_stop_reads_none(self, attempt: Attempt) -> None:
        """The mount that grows is named; next to it may be others."""
        caches = Caches((CacheMount("/go/pkg/mod", 3, 0, 0), BOTH), "/cache")
        answer = cache_is_read(attempt, caches, (FIRST, SECOND), attempt)
        assert isinstance(answer, Unmet)
        assert "in /cache, and the next one reads nothing" in answer.actual
        assert answer.lines == (3,)

    @pytest.mark.parametrize("end", [BuildEnd.FAILED, BuildEnd.DEADLINE])
    def test_a_build_that_they_stop_reads_them(self, attempt: Attempt, end: BuildEnd) -> None:
        """Only a build that succeeds shows that it needs none."""
        spoilt = replace(attempt, result=BuildResult(end, None, (), 1.0))
        assert cache_is_read(spoilt, Caches((BOTH,), "/cache"), (FIRST, SECOND), attempt) is None

    def test_a_second_build_that_fails_is_told(self, attempt: Attempt) -> None:
        """A step that cannot be done twice."""
        answer = builds_again(failed(attempt, "RUN mkdir /cache/go", "exit code: 1", "mkdir: File exists"))
        assert isinstance(answer, Unmet)
        assert "File exists" in answer.actual
        assert builds_again(attempt) is None

    def test_an_old_answer_is_told_and_a_new_one_passes(self, attempt: Attempt) -> None:
        """A program that is kept in a cache is yesterday's; one that does not answer is another criterion's."""
        answer = stale(Exchange("/", 200, b"of wk5hp-first"), SECOND, attempt)
        assert isinstance(answer, Unmet)
        assert "wk5hp-first" in answer.actual
        assert stale(Exchange("/", 200, b"of wk5hp-second"), SECOND, attempt) is None
        assert stale(Exchange("/", None), SECOND, attempt) is None


class TestColdCacheBuilds:
    """`cold_cache_builds` and what it needs."""

    def test_it_is_blocked_without_a_cache(self) -> None:
        """Nothing can be empty that is not there."""
        assert isinstance(has_cache(Caches()), Blocked)
        assert has_cache(Caches((BOTH,))) is None

    def test_a_build_that_needs_what_is_gone_is_told_with_its_line(self, attempt: Attempt) -> None:
        """In the builder's words."""
        instruction = "RUN --mount=target=. --mount=type=cache,target=/cache     go build -o /cache/greeter ."
        answer = builds_cold(failed(attempt, instruction, "exit code: 127", "sh: /tools/compile: not found"))
        assert isinstance(answer, Unmet)
        assert "/tools/compile" in answer.actual
        assert answer.lines == (3,)
        assert builds_cold(attempt) is None

    def test_an_image_must_run_the_source_that_it_was_built_from(self, attempt: Attempt) -> None:
        """What it prints contains the nonce; an old program, or none, does not."""
        assert cold_cache_builds(Exit(0, killed=False, seconds=0.1, log=f"{SECOND}\n"), SECOND, attempt) is None
        assert isinstance(cold_cache_builds(Exit(0, killed=False, seconds=0.1, log=FIRST), SECOND, attempt), Unmet)
        refusal = StartRefusal(StartFault.PROGRAM_MISSING, "no such file")
        refused = Exit(127, killed=False, seconds=0.1, log="", refusal=refusal)
        answer = cold_cache_builds(refused, SECOND, attempt)
        assert isinstance(answer, Unmet)
        assert "no such file" in answer.actual

    def test_the_whole_program_must_answer_with_its_own_source(self, attempt: Attempt) -> None:
        """It decides if the small one did not pass."""
        assert cold_cache_answers(Exchange("/", 200, SECOND.encode()), SECOND, attempt) is None
        answer = cold_cache_answers(Exchange("/", 200, FIRST.encode()), SECOND, attempt)
        assert isinstance(answer, Unmet)
        assert FIRST in answer.actual
        assert answer.lines == (7,)
        silent = cold_cache_answers(Exchange("/", None), SECOND, attempt)
        assert isinstance(silent, Unmet)
        assert "nothing" in silent.actual


class TestCacheNotShipped:
    """`cache_not_shipped`."""

    def test_objects_above_the_base_are_told_with_their_folder(self, make_shipped: MakeShipped) -> None:
        """And with the line that brought them."""
        shipped = make_shipped([file("bin/sh")], [file(f"cache/0f/{OBJECT}")], base_layers=1, lines=(None, 7))
        answer = cache_not_shipped(shipped)
        assert isinstance(answer, Unmet)
        assert "/cache " in answer.actual
        assert answer.lines == (7,)

    def test_what_the_base_has_and_names_that_are_only_like_it_pass(self, make_shipped: MakeShipped) -> None:
        """A learner did not bring the base's; a digest alone is no object of Go's."""
        shipped = make_shipped(
            [file(f"cache/0f/{OBJECT}")], [file("blobs/" + "0f" * 32), file("a-d"), file(f"x{OBJECT}")], base_layers=1
        )
        assert cache_not_shipped(shipped) is None


class TestSourcesNotCopied:
    """`sources_not_copied`."""

    def test_a_source_in_a_layer_of_any_stage_is_told(self, make_shipped: MakeShipped) -> None:
        """Deleted ones, too, with the line that brought them."""
        found = Match(b"canary", 0, PurePosixPath("src/main.go"))
        builder = make_shipped([], [], matches=(found,), lines=(3, 4), dockerfile="FROM scratch AS builder\n")
        answer = sources_not_copied((builder, make_shipped([])), "canary")
        assert isinstance(answer, Unmet)
        assert "stage builder: /src/main.go (deleted by a later instruction" in answer.actual
        assert answer.lines == (3,)

    def test_a_canary_in_no_file_passes(self, make_shipped: MakeShipped) -> None:
        """In the history it stands because a learner's command has it."""
        shipped = make_shipped([], matches=(Match(b"canary", None, None), Match(b"other", 0, PurePosixPath("a.go"))))
        assert sources_not_copied((shipped,), "canary") is None


class TestBuilds:
    """What `builds` says of mounts."""

    def test_a_program_left_in_a_mount_is_told_with_both_lines(self, attempt: Attempt) -> None:
        """COPY finds nothing, since what is in a mount is in no layer."""
        copy = "COPY --from=builder /cache/greeter /greeter"
        error = 'failed to compute cache key: "/cache/greeter" not found: not found'
        answer = builds(failed(attempt, copy, error))
        assert isinstance(answer, Unmet)
        assert "line 3 has a cache mount on /cache" in answer.actual
        assert answer.lines == (3, 6)

    def test_a_program_written_into_a_bind_mount_gets_its_own_hint(self, attempt: Attempt) -> None:
        """Go's words alone do not say which folder it is, or why."""
        log = "go: open greeter: read-only file system"
        answer = builds(failed(attempt, "RUN go build -o greeter .", "exit code: 1", log))
        assert isinstance(answer, Unmet)
        assert "bind mount" in answer.hint
