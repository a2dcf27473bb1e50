"""From an exercise and a submission, or an image's name, to the image weighed layer by layer. Nothing is graded here.

Only the ordinary build of a submission is made, in the same way as in a grading, so that the layer cache serves both.
"""

import secrets
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

from grader.called import called
from grader.criteria.builds import builds
from grader.criteria.facts import Attempt
from grader.criteria.outcome import Unmet
from grader.dockerfile.references import is_image_reference
from grader.engine.client import Engine
from grader.engine.plain_text import plain_text
from grader.errors import ExitCode, KitError, UsageError
from grader.exercise.catalogue import find_exercise
from grader.exercise.model import Exercise, Pack
from grader.grading.ordinary import ordinary_variant
from grader.grading.session import GradingSession
from grader.grading.summary import image_summary
from grader.image.model import Image
from grader.image.reader import read_image
from grader.image.tree import added_size, begins_with, hidden_bytes
from grader.image.weights import Weighed, file_counts, heaviest_paths
from grader.record.events import Doing, OnEvent, Progress
from grader.record.job import Job
from grader.verdict import ImageSummary, LayerSummary, SizeScale


class DoesNotBuildError(KitError):
    """The learner's Dockerfile gives no image, so there is nothing to weigh."""

    exit_code = ExitCode.FAILED


def find_subject(engine: Engine, name: str, packs: Sequence[Pack] = ()) -> Exercise | str:
    """Return the exercise called `name` (slug, number or folder), or `name` itself if the engine has such an image.

    Raises:
        UsageError: there is neither, or there are both.

    """
    try:
        exercise = find_exercise(name, packs)
    except UsageError as error:
        if is_image_reference(name) and engine.inspect_image(name):
            return name
        raise UsageError(f"{error} The engine has no image with that name either.") from error
    names = {name, f"{name}:latest"}
    if names.isdisjoint(engine.image_references()):
        return exercise
    other = exercise.folder if name == exercise.slug else exercise.slug
    raise UsageError(
        f"`{name}` is an exercise and an image. Write `{other}` for the exercise, `{name}:latest` for the image."
    )


def weigh_submission(
    exercise: Exercise, submission: Path, nonce_key: str, starter_size: int | None, on_event: OnEvent
) -> Weighed:
    """Build the submission without changes and weigh its image, which is then removed.

    Raises:
        UsageError: the submission is not a folder.
        DoesNotBuildError: it does not build; the message says why.
        KitError: the machine cannot do its part.

    """
    with _session(exercise, submission, nonce_key, on_event) as session:
        variant = ordinary_variant(exercise)
        attempt = session.builds.attempt(variant)
        if attempt.result is None or not attempt.result.built:
            raise DoesNotBuildError(_why(exercise, attempt))
        shipped = session.images.shipped(variant)
        scale = SizeScale(starter_size, exercise.budgets.get("image_size"))
        added_budget = exercise.budgets.get("added_size")
        return _weighed(exercise.slug, exercise.title, shipped.image, image_summary(shipped), scale, added_budget)


def weigh_image(engine: Engine, reference: str, on_event: OnEvent) -> Weighed:
    """Weigh an image of the engine. Its base is the engine's image that has the most of its lowest layers.

    Raises:
        KitError: the machine cannot do its part.

    """
    on_event(Progress(Doing.READ_IMAGE, reference))
    with closing(engine.save(reference)) as chunks:
        image = read_image(chunks)
    base, diff_ids = _nearest_base(engine, image)
    hidden = hidden_bytes(image)
    layers = tuple(
        LayerSummary(layer.created_by, layer.size, index < len(diff_ids), None, hidden[index])
        for index, layer in enumerate(image.layers)
    )
    summary = ImageSummary(image.size, base, added_size(image, diff_ids), layers)
    return _weighed(reference, reference, image, summary, SizeScale(None, None), None)


def _weighed(
    subject: str, title: str, image: Image, summary: ImageSummary, scale: SizeScale, added_budget: int | None
) -> Weighed:
    return Weighed(subject, title, summary, scale, added_budget, heaviest_paths(image), file_counts(image))


@contextmanager
def _session(exercise: Exercise, submission: Path, nonce_key: str, on_event: OnEvent) -> Iterator[GradingSession]:
    job = Job(
        exercise=str(exercise.directory),
        solutions=str(exercise.solutions),
        submission=str(submission.absolute()),
        record="",
        log="",
        nonce_key=nonce_key,
        run=secrets.token_hex(4),
    )
    with closing(GradingSession(job, on_event)) as session:
        yield session


def _why(exercise: Exercise, attempt: Attempt) -> str:
    """Say in one line why there is no image."""
    answer = builds(attempt)
    seen = " ".join(plain_text(answer.actual).split()) if isinstance(answer, Unmet) else "it does not build"
    return f"There is nothing to weigh: {seen[:300]} (`{called()} check {exercise.slug}` shows more)"


def _nearest_base(engine: Engine, image: Image) -> tuple[str, tuple[str, ...]]:
    """Return the image that has the most of this one's lowest layers, but not all; empty if there is none."""
    found: tuple[str, tuple[str, ...]] = ("", ())
    for reference in sorted(engine.image_references()):
        other = engine.inspect_image(reference)
        is_nearer = other and len(found[1]) < len(other.diff_ids) < len(image.layers)
        if other and is_nearer and begins_with(image, other.diff_ids):
            found = (reference, other.diff_ids)
    return found
