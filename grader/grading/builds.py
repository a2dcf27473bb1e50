"""Builds the variants of an exercise, each once. `images.py` reads what an image contains."""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timezone
from itertools import count

from grader.base_images.prepare import PrepareEvent, prepare
from grader.criteria.facts import Attempt
from grader.criteria.outcome import Blocked, BlockedError
from grader.dockerfile.findings import findings
from grader.dockerfile.misnamed import misspelt_stage, odd_platform, perhaps_a_stage, unknown_image
from grader.dockerfile.model import Dockerfile, Problem
from grader.dockerfile.reader import read
from grader.dockerfile.stages import external_images, needed_stages
from grader.dockerfile.summary import stage_summaries
from grader.engine.capabilities import builder_lacks
from grader.engine.labels import run_labels
from grader.engine.model import BuildRequest, BuildResult, BuildStep
from grader.engine.platforms import resolved
from grader.errors import BaseImageUnavailableError, MachineError
from grader.exercise.model import Variant
from grader.exercise.submission import Submission, first_stages, lay_out
from grader.grading.before_build import beside, cannot_begin
from grader.grading.cache_namespace import cache_namespace
from grader.grading.run import PLAIN, MadeOnce, Run
from grader.record.events import BaseImagesKnown, Doing, Progress, SubmissionRead, VariantBuilt
from grader.verdict import BuildSummary


class Builds:
    """The builds of one run. Its images are removed at the run's end."""

    def __init__(self, run: Run) -> None:
        self._run = run
        self._made = MadeOnce(run.exercise)
        self._numbers = count(1)
        self.targets: frozenset[str] = frozenset()
        """The stages that the exercise asks for by name: no remark calls them unused."""

    def attempt(self, variant: Variant) -> Attempt:
        """Return how the build of `variant` went."""
        return self._made.get(variant, lambda: self._build(variant))

    def built(self, variant: Variant) -> Attempt:
        """Return the build of `variant`, which gave an image.

        Raises:
            BlockedError: it gave no image.

        """
        return must_be_built(self.attempt(variant))

    def tag(self, variant: Variant) -> str:
        """Return the tag of the variant's image."""
        name = re.sub(r"[^a-z0-9.-]", "-", variant.name.lower())
        return f"workshop/{self._run.exercise.slug}:{self._run.job.run}-{name}"

    def _build(self, variant: Variant) -> Attempt:
        run = self._run
        build_args = {name: run.nonces.fill(value) for name, value in variant.build_args.items()}
        submission = first_stages(run.submission, variant.stages)
        dockerfile = self._parse(variant, submission, build_args)
        if variant.name == PLAIN:
            self._record_text(submission.dockerfile, dockerfile)
        refusal = submission.refusal
        slip = None if refusal else cannot_begin(dockerfile)
        attempt = Attempt(variant.name, dockerfile, None, refusal, variant.target, submission.ignore_file, slip)
        if refusal or slip:
            return attempt
        slip = self._prepare_bases(dockerfile, variant)
        if slip:
            return replace(attempt, slip=slip)
        slip = odd_platform(dockerfile, variant.target) or self._refuse_old_builder(dockerfile)
        if slip:
            return replace(attempt, slip=slip)
        request = self._request(variant, submission, dockerfile, build_args)
        return replace(attempt, result=self._run_build(variant, request, dockerfile), platform=request.platform or "")

    def _request(
        self, variant: Variant, submission: Submission, dockerfile: Dockerfile, build_args: Mapping[str, str]
    ) -> BuildRequest:
        """Make the build context and return how to build it."""
        run = self._run
        context = run.folder / f"context-{next(self._numbers)}"
        lay_out(run.exercise, submission, variant, run.nonces, context)
        return BuildRequest(
            context=context,
            dockerfile=str(beside(context)),
            tag=self.tag(variant),
            target=variant.target,
            platform=resolved(variant.platform, run.engine.facts.architecture),
            build_args=build_args,
            secrets={name: run.nonces.fill(value).encode() for name, value in variant.secrets.items()},
            labels=run_labels(run.job.run),
            cache_mount_namespace=self._cache_namespace(variant),
            deadline=run.job.build_deadline,
            bases=external_images(dockerfile, variant.target),
        )

    def _cache_namespace(self, variant: Variant) -> str | None:
        """Return the namespace of a build's cache mounts: the variant's own in this run, or that of the same text."""
        job = self._run.job
        if variant.cache_mounts:
            return f"{job.run}-{variant.cache_mounts}"
        return cache_namespace(self._run.submission, job.nonce_key, self._run.exercise.slug)

    def _run_build(self, variant: Variant, request: BuildRequest, dockerfile: Dockerfile) -> BuildResult:
        run = self._run
        run.progress(Doing.BUILD, variant.name)
        try:
            result = run.engine.build(request, self._on_step(variant))
        except BaseImageUnavailableError as error:
            if request.platform:
                advice = f"The build needs it for {request.platform}. A last stage FROM scratch needs no base image."
                raise BaseImageUnavailableError(f"{error} {advice}") from error
            own = ("", f"linux/{run.engine.facts.architecture}")
            stages = needed_stages(dockerfile, variant.target)
            stage = next((each for each in stages if each.platform not in own and each.base_stage is None), None)
            if stage:
                advice = f"Line {stage.first_line} asks for {stage.base} on {stage.platform}."
                raise BaseImageUnavailableError(f"{error} {advice}") from error
            raise
        if result.built:
            run.stack.callback(run.engine.remove_image, request.tag)
        summary = BuildSummary(variant.name, round(result.seconds, 3), len(result.steps), result.cached)
        run.on_event(VariantBuilt(summary))
        return result

    def _record_text(self, text: str, dockerfile: Dockerfile) -> None:
        """Record what is graded, and what its text contains."""
        remarks = findings(dockerfile, self.targets, datetime.now(timezone.utc).date())
        self._run.on_event(SubmissionRead(text, stage_summaries(dockerfile), remarks))

    def _parse(self, variant: Variant, submission: Submission, build_args: Mapping[str, str]) -> Dockerfile:
        """Read what will be built on the engine's platform, for the platform of the variant."""
        text = variant.dockerfile or submission.dockerfile
        dockerfile = read(text, build_args)
        if submission.refusal or not dockerfile.stages:
            return dockerfile
        own = self._run.engine.facts.architecture
        return read(text, build_args, f"linux/{own}", resolved(variant.platform, own) or "")

    def _prepare_bases(self, dockerfile: Dockerfile, variant: Variant) -> Problem | None:
        """Get the images that it starts from; return the learner's mistake if one has a name that no image can have."""
        run = self._run
        try:
            images, known = external_images(dockerfile, variant.target), run.exercise.base_images
            prepared = prepare(run.engine, images, self._on_prepare, known)
        except BaseImageUnavailableError as error:
            slip = misspelt_stage(dockerfile)
            if slip is None:
                raise BaseImageUnavailableError(f"{perhaps_a_stage(dockerfile)}{error}") from error
            return slip
        run.on_event(BaseImagesKnown(prepared.images))
        return unknown_image(dockerfile, prepared.unknown, known)

    def _refuse_old_builder(self, dockerfile: Dockerfile) -> Problem | None:
        """If the engine's builder is too old for a feature, this is a fault of the machine, not a wrong answer.

        Return what is wrong in that line for newer builders, too.
        """
        facts = self._run.engine.facts
        lacking = builder_lacks(facts, dockerfile)
        if lacking:
            line, feature = lacking[0]
            wrong = next((found for found in dockerfile.problems if found.fatal and found.line == line), None)
            if wrong:
                return wrong
            raise MachineError(
                f"Line {line} uses {feature}, which the builder of this engine ({facts.version}) does not "
                "know. Grade on a newer engine, or write the line in an older form."
            )
        return None

    def _on_step(self, variant: Variant) -> Callable[[BuildStep], None]:
        def tell(step: BuildStep) -> None:
            self._run.progress(Doing.BUILD, variant.name, step.name, step.seconds if step.ended else None)

        return tell

    def _on_prepare(self, event: PrepareEvent) -> None:
        self._run.on_event(Progress(Doing.BASE_IMAGE, event.reference, event.doing, None, event.done, event.total))


def must_be_built(attempt: Attempt) -> Attempt:
    """Return the attempt if it gave an image.

    Raises:
        BlockedError: it gave no image.

    """
    if attempt.result is None or not attempt.result.built:
        raise BlockedError(Blocked("builds", "can't tell until it builds"))
    return attempt
