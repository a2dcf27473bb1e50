"""Looks into the cache mounts that a submission's builds fill, and empties them. Criteria say what it means.

What is asked there, and how the answers are read, is `cache_probe.py`.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, suppress
from dataclasses import replace

from grader.criteria.facts import Attempt, Caches
from grader.criteria.outcome import Blocked, BlockedError
from grader.dockerfile.reader import read
from grader.errors import MachineError
from grader.exercise.model import Variant
from grader.grading.cache_probe import BASE, EMPTY, LOOK, MARK, SEED, Place, caches_of, places
from grader.grading.installation import Files
from grader.grading.probe import REPORT, probing
from grader.grading.shipping import final_base


class CacheMounts:
    """The cache mounts of the submission whose Dockerfile is `text`."""

    def __init__(
        self,
        text: str,
        attempt: Callable[[Variant], Attempt],
        laid_out: Callable[[Variant], AbstractContextManager[Files]],
    ) -> None:
        self._text = text
        self._attempt = attempt
        self._laid_out = laid_out
        self._latest: Variant | None = None

    def seed(self, variant: Variant) -> None:
        """Before `variant` is built, put into its mounts what the base image has in Go's cache, if it has something.

        So the first build only compiles what is the program's own. It is no more than a saving of time: where nothing
        can be put there, nothing is.
        """
        dockerfile = read(self._text)
        for place in places(dockerfile, variant.target):
            base = final_base(dockerfile, place.stage)
            if base not in ("", "scratch"):
                mounts = (*place.mounts, f"type=bind,from={base},target={BASE}")
                until = place.first.first_line - 1
                text = probing(self._text, until, place.stage.index, SEED, mounts=mounts)
                self._attempt(_named(variant, "seeded", place, text))

    def mark(self, variant: Variant) -> None:
        """Build `variant` and leave a mark in its cache mounts: what is written to them later is told from the rest.

        Raises:
            BlockedError: it does not build.

        """
        self._run_all(variant, "marked", MARK)

    def after(self, variant: Variant, *texts: str) -> Caches:
        """Build `variant` and return what its cache mounts hold then, and which of `texts` stand in their objects.

        Raises:
            BlockedError: it does not build.

        """
        found = [
            caches_of(report, place.last.first_line) for place, report in self._run(variant, "caches", LOOK, texts)
        ]
        mounts = tuple(mount for caches in found for mount in caches.mounts)
        return Caches(mounts, next((caches.go_cache for caches in found if caches.go_cache), ""))

    def empty(self, variant: Variant) -> None:
        """Take all out of the mounts that `variant` was built with.

        Raises:
            BlockedError: it does not build.

        """
        self._run_all(variant, "emptied", EMPTY)

    def forget(self) -> None:
        """Leave nothing in the mounts that were looked into: they are this run's, and no other build uses them."""
        if self._latest:
            with suppress(MachineError, BlockedError):
                self._run_all(self._latest, "forgotten", EMPTY)

    def _run_all(self, variant: Variant, what: str, script: str) -> None:
        for _ in self._run(variant, what, script):
            pass

    def _run(
        self, variant: Variant, what: str, script: str, arguments: Sequence[str] = ()
    ) -> Iterator[tuple[Place, str]]:
        """Run a script in each stage that mounts caches, behind the last step that does, and give its report."""
        of_variant = self._attempt(variant)
        if of_variant.result is None or not of_variant.result.built:
            raise BlockedError(Blocked("builds", "can't tell until it builds"))
        self._latest = variant
        for place in places(of_variant.dockerfile, variant.target):
            text = probing(
                self._text, place.last.last_line, place.stage.index, script, arguments=arguments, mounts=place.mounts
            )
            look = _named(variant, what, place, text)
            attempt = self._attempt(look)
            if attempt.result is None or not attempt.result.built:
                raise MachineError(
                    f"The cache mounts of line {place.last.first_line} could not be looked into: that takes a shell "
                    "in the stage that mounts them."
                )
            with self._laid_out(look) as files:
                yield place, (files.read_file(REPORT) or b"").decode("utf-8", "replace")


def _named(variant: Variant, what: str, place: Place, dockerfile: str) -> Variant:
    name = f"{variant.name}:{what}-{place.stage.index}"
    return replace(variant, name=name, dockerfile=dockerfile, target=None)
