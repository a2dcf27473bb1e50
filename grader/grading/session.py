"""One grading run's state: the engine, the submission, and every build, image and container made at most once.

Fixtures are thin views of this object; what it makes it removes in `close`.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import datetime, timezone
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event
from typing import Any, TypeVar

from grader.base_images.prepare import PrepareEvent, prepare
from grader.criteria.facts import Attempt, Shipped
from grader.criteria.outcome import Blocked, BlockedError
from grader.dockerfile.findings import findings
from grader.dockerfile.misnamed import misspelt_stage, perhaps_a_stage, unknown_image
from grader.dockerfile.model import Dockerfile, Problem
from grader.dockerfile.reader import read
from grader.dockerfile.stages import external_images
from grader.engine.capabilities import builder_lacks
from grader.engine.client import Engine
from grader.engine.connection import connect
from grader.engine.container import Container
from grader.engine.labels import run_labels
from grader.engine.model import BuildRequest, BuildResult, BuildStep, RunRequest
from grader.engine.platforms import resolved
from grader.errors import BaseImageUnavailableError, ContentError, MachineError
from grader.exercise.catalogue import read_exercise
from grader.exercise.model import Exercise, Variant
from grader.exercise.nonce import Nonces, base64_forms
from grader.exercise.submission import Submission, first_stages, lay_out, take_submission
from grader.grading.before_build import beside, without_stages
from grader.grading.cache_mounts import CacheMounts
from grader.grading.compilers import Compilers
from grader.grading.go_runs import GoRuns
from grader.grading.installation import Installations
from grader.grading.shipping import image_summary, ship, stage_summaries
from grader.record.events import Listener
from grader.record.job import Job
from grader.verdict import BaseImage, BuildSummary, EngineSummary

PLAIN = "plain"
"""The variant whose stages and image stand in the verdict."""
_Made = TypeVar("_Made")


class GradingSession:
    """Everything one run of an exercise's tests asks for. Makes things on first use and keeps them."""

    def __init__(self, job: Job, recorder: Listener) -> None:
        self.job = job
        self.recorder = recorder
        self.reads_plain = False
        """Whether some criterion will look at the image of the ordinary build: it is then read early."""
        self.targets: frozenset[str] = frozenset()
        """The stages that the exercise asks for by name."""
        self.exercise: Exercise = read_exercise(Path(job.exercise), Path(job.solutions))
        self.nonces = Nonces(job.nonce_key, self.exercise.slug)
        self._stack = ExitStack()
        self._made: dict[tuple[str, str], object] = {}
        self._variants: dict[str, Variant] = {}
        self._closing = Event()
        self._read_ahead: dict[str, Future[Shipped]] = {}

    # What there is once -------------------------------------------------------------------------------------

    @cached_property
    def submission(self) -> Submission:
        """The files that were handed in."""
        return take_submission(self.exercise, Path(self.job.submission))

    @cached_property
    def engine(self) -> Engine:
        """The engine; recorded on the first use. At the end it is rid of this run's things and of crashed runs'."""
        engine = connect(self.job.engine)
        self._stack.callback(engine.close)
        facts = engine.facts
        self.recorder.write("engine", engine=EngineSummary(facts.name, facts.version, facts.builder))
        self._stack.callback(engine.remove_leftovers)
        self._stack.callback(engine.remove_leftovers, self.job.run)
        return engine

    @cached_property
    def installations(self) -> Installations:
        """The installations of npm packages in the images of this run."""
        return Installations(self.attempt, self.shipped, self.laid_out)

    @cached_property
    def _reader(self) -> ThreadPoolExecutor:
        """One thread that reads an image ahead; it has ended before the image is removed."""
        return self._stack.enter_context(ThreadPoolExecutor(max_workers=1, thread_name_prefix="read-ahead"))

    @cached_property
    def cache_mounts(self) -> CacheMounts:
        """The cache mounts that this run's builds fill; forgotten at the end."""
        mounts = CacheMounts(self.submission.dockerfile, self.attempt, self.laid_out)
        _ = self.engine, self._folder  # still there when the mounts are forgotten
        self._stack.callback(mounts.forget)
        return mounts

    @cached_property
    def compilers(self) -> Compilers:
        """The stages that compile, for any platform."""
        return Compilers(self.submission.dockerfile, self.engine.facts.architecture, self.attempt, self.laid_out)

    @cached_property
    def go_runs(self) -> GoRuns:
        """The runs of stages that have Go."""
        return GoRuns(self.submission.dockerfile, self.attempt, self.laid_out)

    @cached_property
    def _folder(self) -> Path:
        return Path(self._stack.enter_context(TemporaryDirectory(prefix="workshop-")))

    # What there is once for each variant ----------------------------------------------------------------------

    def attempt(self, variant: Variant) -> Attempt:
        """Build `variant`, once."""
        return self._once("build", variant, lambda: self._build(variant))

    def shipped(self, variant: Variant) -> Shipped:
        """Read the image that `variant` gave, once.

        Raises:
            BlockedError: it did not build.

        """
        attempt = self._built(variant)
        return self._once("image", variant, lambda: self._ship(variant, attempt))

    def container(self, variant: Variant) -> Container:
        """Start the image that `variant` gave, once; it runs until the end.

        Raises:
            BlockedError: it did not build.

        """
        self._built(variant)
        return self._once("container", variant, lambda: self._start(variant))

    @contextmanager
    def laid_out(self, variant: Variant) -> Iterator[Container]:
        """Lay the image of `variant` out in a container that is never started, to read its files.

        Raises:
            BlockedError: it did not build.

        """
        self._built(variant)
        with self.engine.lay_out(self._run_request(variant)) as container:
            yield container

    @contextmanager
    def another_container(self, variant: Variant, **how: Any) -> Iterator[Container]:
        """Start one more container of `variant`; `how` changes fields of its `RunRequest`. It is removed at the end.

        Raises:
            BlockedError: it did not build.

        """
        self._built(variant)
        with self.engine.run(replace(self._run_request(variant), **how)) as container:
            yield container

    def _built(self, variant: Variant) -> Attempt:
        attempt = self.attempt(variant)
        if attempt.result is None or not attempt.result.built:
            raise BlockedError(Blocked("builds", "can't tell until it builds"))
        return attempt

    def _once(self, kind: str, variant: Variant, make: Callable[[], _Made]) -> _Made:
        """Make a thing at the first call; every later call gets the same thing, or the same exception."""
        if self._variants.setdefault(variant.name, variant) != variant:
            raise ContentError(f"{self.job.exercise}: two different build variants are called `{variant.name}`.")
        key = (kind, variant.name)
        if key not in self._made:
            try:
                self._made[key] = make()
            except MachineError as error:
                self._made[key] = error
        made = self._made[key]
        if isinstance(made, MachineError):
            raise made
        return made  # type: ignore[return-value]

    # How things are made --------------------------------------------------------------------------------------

    def _build(self, variant: Variant) -> Attempt:
        build_args = {name: self.nonces.fill(value) for name, value in variant.build_args.items()}
        submission = first_stages(self.submission, variant.stages)
        dockerfile = self._parse(variant, submission, build_args)
        if variant.name == PLAIN:
            self.recorder.write("stages", stages=stage_summaries(dockerfile))
            remarks = findings(dockerfile, self.targets, datetime.now(timezone.utc).date())
            self.recorder.write("findings", findings=remarks)
        refusal = submission.refusal or without_stages(dockerfile)
        attempt = Attempt(variant.name, dockerfile, None, refusal, variant.target, submission.ignore_file)
        if refusal:
            return attempt
        platform = resolved(variant.platform, self.engine.facts.architecture)
        slip = self._prepare_bases(dockerfile, variant)
        if slip:
            return replace(attempt, slip=slip)
        self._refuse_old_builder(dockerfile)
        context = self._folder / variant.name.replace(":", "-")
        lay_out(self.exercise, submission, variant, self.nonces, context)
        request = BuildRequest(
            context=context,
            dockerfile=str(beside(context)),
            tag=self._tag(variant),
            target=variant.target,
            platform=platform,
            build_args=build_args,
            secrets={name: self.nonces.fill(value).encode() for name, value in variant.secrets.items()},
            labels=run_labels(self.job.run),
            cache_mount_namespace=f"{self.job.run}-{variant.cache_mounts}" if variant.cache_mounts else None,
            deadline=self.job.build_deadline,
        )
        return replace(attempt, result=self._run_build(variant, request), platform=platform or "")

    def _run_build(self, variant: Variant, request: BuildRequest) -> BuildResult:
        self._progress(f"building {variant.name}")
        try:
            result = self.engine.build(request, self._on_step(variant))
        except BaseImageUnavailableError as error:
            if request.platform:
                advice = f"It is asked for {request.platform}; a last stage FROM scratch takes no image."
                raise BaseImageUnavailableError(f"{error} {advice}") from error
            raise
        if result.built:
            self._stack.callback(self.engine.remove_image, request.tag)
        summary = BuildSummary(variant.name, round(result.seconds, 3), len(result.steps), result.cached)
        self.recorder.write("build", build=summary)
        return result

    def _parse(self, variant: Variant, submission: Submission, build_args: Mapping[str, str]) -> Dockerfile:
        """Read what is to be built on the engine's platform, for that of the variant."""
        text = variant.dockerfile or submission.dockerfile
        dockerfile = read(text, build_args)
        if submission.refusal or not dockerfile.stages:
            return dockerfile
        own = self.engine.facts.architecture
        return read(text, build_args, f"linux/{own}", resolved(variant.platform, own) or "")

    def _prepare_bases(self, dockerfile: Dockerfile, variant: Variant) -> Problem | None:
        """Have the images that it starts from; return the learner's slip if one is misnamed, so that none can exist."""
        try:
            prepared = prepare(self.engine, external_images(dockerfile, variant.target), self._on_prepare)
        except BaseImageUnavailableError as error:
            slip = misspelt_stage(dockerfile)
            if slip is None:
                raise BaseImageUnavailableError(f"{perhaps_a_stage(dockerfile)}{error}") from error
            return slip
        images: tuple[BaseImage, ...] = prepared.images
        self.recorder.write("base_images", base_images=images)
        return unknown_image(dockerfile, prepared.unknown)

    def _refuse_old_builder(self, dockerfile: Dockerfile) -> None:
        """A feature that this engine's builder is too old for is the machine's shortcoming, not a wrong answer."""
        lacking = builder_lacks(self.engine.facts, dockerfile)
        if lacking:
            line, feature = lacking[0]
            raise MachineError(
                f"Line {line} uses {feature}, which the builder of this engine ({self.engine.facts.version}) does not "
                "know: grade on a newer engine, or write it in an older form."
            )

    def _ship(self, variant: Variant, attempt: Attempt) -> Shipped:
        self._progress(f"reading the image of {variant.name}")
        ahead = self._read_ahead.pop(variant.name, None)
        shipped = ahead.result() if ahead else self._read(variant, attempt)
        if variant.name == PLAIN:
            self.recorder.write("image", image=image_summary(shipped))
        return shipped

    def _read(self, variant: Variant, attempt: Attempt) -> Shipped:
        return ship(self.engine, self._tag(variant), attempt, self._needles(variant), self._closing.is_set)

    def _start(self, variant: Variant) -> Container:
        if variant.name == PLAIN and self.reads_plain and ("image", PLAIN) not in self._made:
            # The engine starts a container while it hands out the image: neither waits for the other.
            self._read_ahead[PLAIN] = self._reader.submit(self._read, variant, self.attempt(variant))
        self._progress(f"starting a container of {variant.name}")
        return self._stack.enter_context(self.engine.run(self._run_request(variant)))

    def _run_request(self, variant: Variant) -> RunRequest:
        return RunRequest(self._tag(variant), port=variant.port, labels=run_labels(self.job.run))

    def _needles(self, variant: Variant) -> tuple[bytes, ...]:
        """Every nonce that the variant planted; of those in secrets also what base64 makes of them."""
        texts = [*variant.writes.values(), *variant.appends.values(), *variant.build_args.values()]
        secrets = {nonce for text in variant.secrets.values() for nonce in self.nonces.planted_by(text)}
        nonces = secrets.union(*(self.nonces.planted_by(text) for text in texts))
        nonces.update(form for secret in secrets for form in base64_forms(secret))
        return tuple(sorted(nonce.encode() for nonce in nonces))

    def _tag(self, variant: Variant) -> str:
        name = re.sub(r"[^a-z0-9.-]", "-", variant.name.lower())
        return f"workshop/{self.exercise.slug}:{self.job.run}-{name}"

    # What is told while it lasts --------------------------------------------------------------------------------

    def _progress(self, text: str, done: int | None = None, total: int | None = None) -> None:
        self.recorder.write("progress", text=text, done=done, total=total)

    def _on_step(self, variant: Variant) -> Callable[[BuildStep], None]:
        def tell(step: BuildStep) -> None:
            self._progress(f"building {variant.name}: {step.name}")

        return tell

    def _on_prepare(self, event: PrepareEvent) -> None:
        self._progress(f"{event.reference}: {event.doing}", event.done, event.total)

    def close(self) -> None:
        """Remove all that was made."""
        self._closing.set()
        self._stack.close()
