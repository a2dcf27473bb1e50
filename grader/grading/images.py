"""Reads the built images, each once, and collects what explains them. Judges nothing."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from functools import cached_property

from grader.criteria.facts import Attempt, Shipped
from grader.dockerfile.references import parse_reference
from grader.dockerfile.stages import final_base, target_stage
from grader.engine.client import Engine
from grader.engine.streaming import until_cancelled
from grader.exercise.model import Variant
from grader.exercise.needles import needles
from grader.grading.builds import Builds
from grader.grading.run import PLAIN, MadeOnce, Run
from grader.grading.summary import image_summary
from grader.image.provenance import layer_lines
from grader.image.reader import read_image
from grader.image.tree import merged_tree
from grader.languages.known import PROGRAM_MARKS, TOOLCHAIN_REPOSITORIES
from grader.record.events import Doing, ImageRead


class Images:
    """The images of one run."""

    def __init__(self, run: Run, builds: Builds) -> None:
        self._run = run
        self._builds = builds
        self._made = MadeOnce(run.exercise)
        self._ahead: dict[str, Future[Shipped]] = {}

    def shipped(self, variant: Variant) -> Shipped:
        """Return what is in the image of `variant`.

        Raises:
            BlockedError: it did not build.

        """
        attempt = self._builds.built(variant)
        return self._made.get(variant, lambda: self._ship(variant, attempt))

    def read_ahead(self, variant: Variant) -> None:
        """Begin to read the image of `variant` in another thread, if nobody has begun yet: it will be needed."""
        if variant not in self._made and variant.name not in self._ahead:
            self._ahead[variant.name] = self._reader.submit(self._read, variant, self._builds.attempt(variant))

    def _ship(self, variant: Variant, attempt: Attempt) -> Shipped:
        self._run.progress(Doing.READ_IMAGE, variant.name)
        ahead = self._ahead.pop(variant.name, None)
        shipped = ahead.result() if ahead else self._read(variant, attempt)
        if variant.name == PLAIN:
            self._run.on_event(ImageRead(image_summary(shipped)))
        return shipped

    def _read(self, variant: Variant, attempt: Attempt) -> Shipped:
        run = self._run
        sought = needles(variant, run.nonces)
        return ship(run.engine, self._builds.tag(variant), attempt, sought, run.closing.is_set)

    @cached_property
    def _reader(self) -> ThreadPoolExecutor:
        """One thread that reads ahead; it has ended before the image is removed."""
        return self._run.stack.enter_context(ThreadPoolExecutor(max_workers=1, thread_name_prefix="read-ahead"))


def ship(
    engine: Engine, tag: str, attempt: Attempt, needles: tuple[bytes, ...], is_cancelled: Callable[[], bool]
) -> Shipped:
    """Read the image `tag` in one pass, searching all layers for `needles`, and collect what explains it.

    Raises:
        CancelledError: `is_cancelled` said so while it was read.

    """
    with closing(engine.save(tag)) as chunks:
        image = read_image(until_cancelled(chunks, is_cancelled), needles, PROGRAM_MARKS)
    reference = final_base(attempt.dockerfile, target_stage(attempt.dockerfile, attempt.target))
    return Shipped(
        attempt=attempt,
        image=image,
        tree=merged_tree(image),
        base_reference=reference,
        base=engine.inspect_image(reference) if reference not in ("", "scratch") else None,
        toolchains=_toolchains(engine),
        layer_lines=layer_lines(image, attempt.final_instructions),
    )


def _toolchains(engine: Engine) -> dict[str, tuple[str, ...]]:
    found = {}
    for reference in engine.image_references():
        parsed = parse_reference(reference)
        if parsed and parsed.name in TOOLCHAIN_REPOSITORIES:
            inspection = engine.inspect_image(reference)
            if inspection:
                found[reference] = inspection.diff_ids
    return found
