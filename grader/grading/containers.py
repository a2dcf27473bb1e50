"""Starts containers of the built images: one of each variant for all criteria, and others for a short time."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from grader.engine.container import Container
from grader.engine.labels import run_labels
from grader.engine.model import RunRequest
from grader.exercise.model import Variant
from grader.grading.builds import Builds
from grader.grading.images import Images
from grader.grading.run import PLAIN, MadeOnce, Run
from grader.record.events import Doing


class Containers:
    """The containers of one run; at the latest they are removed at its end."""

    def __init__(self, run: Run, builds: Builds, images: Images) -> None:
        self._run = run
        self._builds = builds
        self._images = images
        self._made = MadeOnce(run.exercise)
        self.reads_plain = False
        """Whether some criterion will look at the image of the ordinary build: it is then read early."""

    def container(self, variant: Variant) -> Container:
        """Return the one container of `variant` that runs until the end.

        Raises:
            BlockedError: it did not build.

        """
        self._builds.built(variant)
        return self._made.get(variant, lambda: self._start(variant))

    @contextmanager
    def laid_out(self, variant: Variant) -> Iterator[Container]:
        """Make a container of the image of `variant` that is never started, to read its files.

        Raises:
            BlockedError: it did not build.

        """
        self._builds.built(variant)
        with self._run.engine.lay_out(self._request(variant)) as container:
            yield container

    @contextmanager
    def another(self, variant: Variant, **how: Any) -> Iterator[Container]:
        """Start one more container of `variant`; `how` changes fields of its `RunRequest`. It is removed at the end.

        Raises:
            BlockedError: it did not build.

        """
        self._builds.built(variant)
        with self._run.engine.run(replace(self._request(variant), **how)) as container:
            yield container

    def _start(self, variant: Variant) -> Container:
        if variant.name == PLAIN and self.reads_plain:
            # The engine can start a container while it sends the image: neither waits for the other.
            self._images.read_ahead(variant)
        self._run.progress(Doing.START_CONTAINER, variant.name)
        return self._run.stack.enter_context(self._run.engine.run(self._request(variant)))

    def _request(self, variant: Variant) -> RunRequest:
        return RunRequest(self._builds.tag(variant), port=variant.port, labels=run_labels(self._run.job.run))
