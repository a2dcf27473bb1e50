"""Looks into the cache mounts that a submission's builds filled, and empties them. Criteria say what it means.

How one looks into a mount is `cache_probe.py`.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, suppress
from dataclasses import replace

from grader.criteria.facts import Attempt, Caches
from grader.errors import MachineError
from grader.exercise.model import Variant
from grader.pytest_plugin.api import BlockedError
from grader.pytest_plugin.cache_probe import EMPTY, FORGET, LOOK, MARK, REPORT, Probe, caches_of, probes, probing
from grader.pytest_plugin.installation import Files


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
            caches_of(report, probe.after.first_line) for probe, report in self._run(variant, "caches", LOOK, texts)
        ]
        mounts = tuple(mount for caches in found for mount in caches.mounts)
        return Caches(mounts, next((caches.go_cache for caches in found if caches.go_cache), ""))

    def empty(self, variant: Variant) -> None:
        """Take all out of the mounts that `variant` was built with, except what Go's build cache consists of.

        Raises:
            BlockedError: it does not build.

        """
        self._run_all(variant, "emptied", EMPTY)

    def forget(self) -> None:
        """Leave nothing in the mounts that were looked into: they are this run's, and no other build uses them."""
        if self._latest:
            with suppress(MachineError, BlockedError):
                self._run_all(self._latest, "forgotten", FORGET)

    def _run_all(self, variant: Variant, what: str, script: str) -> None:
        for _ in self._run(variant, what, script):
            pass

    def _run(
        self, variant: Variant, what: str, script: str, arguments: Sequence[str] = ()
    ) -> Iterator[tuple[Probe, str]]:
        """Run a script in each place to look from, and give its report."""
        self._latest = variant
        for probe in probes(self._attempt(variant).dockerfile, variant.target):
            dockerfile = probing(self._text, probe, script, arguments)
            look = replace(
                variant, name=f"{variant.name}:{what}-{probe.stage.index}", dockerfile=dockerfile, target=None
            )
            attempt = self._attempt(look)
            if attempt.result is None or not attempt.result.built:
                raise MachineError(
                    f"The cache mounts of line {probe.after.first_line} could not be looked into: that takes a shell "
                    "in the stage that mounts them."
                )
            with self._laid_out(look) as files:
                yield probe, (files.read_file(REPORT) or b"").decode("utf-8", "replace")
