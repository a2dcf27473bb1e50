"""Looks into the cache mounts that a submission's builds fill, and empties them. Criteria say what it means.

`cache_probe.py` has the questions, and reads the answers.
"""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from itertools import count

from grader.criteria.facts import Caches
from grader.criteria.outcome import BlockedError
from grader.dockerfile.reader import read
from grader.dockerfile.stages import final_base
from grader.errors import MachineError
from grader.exercise.model import Variant
from grader.grading.builds import must_be_built
from grader.grading.cache_probe import BASE, EMPTY, LOOK, MARK, SEED, SPOIL, Place, caches_of, places
from grader.grading.probe import Prober, Question, Report


class CacheMounts:
    """The cache mounts of the submission's builds."""

    def __init__(self, prober: Prober) -> None:
        self._prober = prober
        self._latest: Variant | None = None
        self._numbers = count(1)

    def seed(self, variant: Variant) -> None:
        """Before `variant` is built, copy the base image's Go cache, if it has one, into the variant's mounts.

        So the first build only compiles the program's own packages. This only saves time: if the copy is not possible,
        it is left out.
        """
        dockerfile = read(self._prober.text)
        for place in places(dockerfile, variant.target):
            base = final_base(dockerfile, place.stage)
            if base not in ("", "scratch"):
                mounts = (*place.mounts, f"type=bind,from={base},target={BASE}")
                stage, until = place.before
                with suppress(MachineError):  # the build itself will meet it, and names the right line
                    self._prober.run(variant, Question(f"seeded-{until}", stage, until, SEED, mounts=mounts))

    def mark(self, variant: Variant) -> None:
        """Build `variant` and leave a mark in its cache mounts: it separates what is written later from the rest.

        Raises:
            BlockedError: it does not build.

        """
        self._run_all(variant, "marked", MARK)

    def after(self, variant: Variant, *texts: str) -> Caches:
        """Build `variant` and return what its cache mounts then contain, and which of `texts` their objects contain.

        Raises:
            BlockedError: it does not build.

        """
        found = [caches_of(report.text, place.line) for place, report in self._run(variant, "caches", LOOK, texts)]
        mounts = tuple(mount for caches in found for mount in caches.mounts)
        return Caches(mounts, next((caches.go_cache for caches in found if caches.go_cache), ""))

    def spoil(self, variant: Variant) -> None:
        """Damage each compiled package in the mounts that `variant` was built with: a build that reads one fails.

        Raises:
            BlockedError: it does not build.

        """
        self._run_all(variant, "spoilt", SPOIL)

    def empty(self, variant: Variant) -> None:
        """Delete all files in the mounts that `variant` was built with, also if it was called before.

        Raises:
            BlockedError: it does not build.

        """
        number = str(next(self._numbers))  # among the arguments, so that no call is served from the layer cache
        self._run_all(variant, f"emptied-{number}", EMPTY, (number,))

    def forget(self) -> None:
        """Delete all files in the mounts that were examined: they belong to this run, and no other build uses them."""
        if self._latest:
            with suppress(MachineError, BlockedError):
                self._run_all(self._latest, "forgotten", EMPTY)

    def _run_all(self, variant: Variant, what: str, script: str, arguments: Sequence[str] = ()) -> None:
        for _ in self._run(variant, what, script, arguments):
            pass

    def _run(
        self, variant: Variant, what: str, script: str, arguments: Sequence[str] = ()
    ) -> Iterator[tuple[Place, Report]]:
        """Run a script at each place where caches are mounted, and return its report."""
        of_variant = must_be_built(self._prober.attempt(variant))
        self._latest = variant
        for place in places(of_variant.dockerfile, variant.target):
            question = Question(
                f"{what}-{place.until}", place.stage.index, place.until, script, tuple(arguments), place.mounts
            )
            report = self._prober.ask(variant, question)
            if not report.ran:
                raise MachineError(
                    f"The cache mounts of line {place.line} could not be examined. A stage that mounts them "
                    "must have a shell."
                )
            yield place, report
