"""Exercise and submission in, verdict out: runs the exercise's tests in a process of its own and reads its record.

Whatever happens to that process, what it had found out by then is kept, and the rest is the machine's fault.
"""

import importlib.metadata
import os
import secrets
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timezone
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from platformdirs import user_log_path

from grader.errors import UsageError
from grader.exercise.model import Exercise
from grader.pytest_plugin.job import Job
from grader.pytest_plugin.record import Event, Reader
from grader.verdict import (
    BaseImage,
    BuildSummary,
    CriterionResult,
    EngineSummary,
    ImageSummary,
    LayerSummary,
    Origin,
    Outcome,
    SizeScale,
    StageSummary,
    Status,
    Verdict,
)

POLL_SECONDS = 0.02
CLEAN_UP_SECONDS = 30.0
GRADE_DEADLINE = 1800.0
BUILD_DEADLINE = 300.0
LOGS_KEPT = 20
"""Logs of gradings that ended in an error; the oldest are removed."""
_PYTEST_OPTIONS = (
    "--noconftest", "--assert=plain", "--strict-markers", "--import-mode=importlib",
    "-p", "no:cacheprovider", "-p", "no:terminal", "-p", "no:faulthandler", "-p", "no:doctest", "-p", "no:unittest",
    "-p", "no:junitxml", "-p", "no:pastebin", "-p", "no:logging", "-p", "no:recwarn", "-p", "no:threadexception",
    "-p", "no:unraisableexception", "-p", "no:warnings",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class GradeRequest:
    """What to grade and how. `starter_size` is bytes of the starter's image if known; deadlines are seconds."""

    exercise: Exercise
    submission: Path
    nonce_key: str
    engine: str | None = None
    starter_size: int | None = None
    build_deadline: float = BUILD_DEADLINE
    deadline: float = GRADE_DEADLINE


def grade(
    request: GradeRequest,
    on_event: Callable[[Event], None] | None = None,
    is_cancelled: Callable[[], bool] = lambda: False,
) -> Verdict:
    """Grade one submission; `on_event` gets every event of the record as it comes.

    `is_cancelled` is asked many times a second; once it says so, grading ends as it does on Ctrl-C.

    Raises:
        UsageError: the submission is not a folder.
        KeyboardInterrupt: after the grading process has cleaned up.

    """
    if not request.submission.is_dir():
        raise UsageError(f"{request.submission} is not a folder: give the one that holds your Dockerfile.")
    started = datetime.now(timezone.utc).isoformat(timespec="seconds")
    begun = time.monotonic()
    with TemporaryDirectory(prefix="workshop-grade-") as name:
        folder = Path(name)
        job = _job(request, folder)
        gathering = _Gathering(on_event)
        try:
            ending = _run(job, folder, _Limit(request.deadline, is_cancelled), gathering)
        except BaseException:
            _forget(Path(job.log))
            raise
    verdict = gathering.verdict(request, ending, started, time.monotonic() - begun)
    if verdict.status is not Status.ERROR:
        _forget(Path(job.log))
    return verdict


def _job(request: GradeRequest, folder: Path) -> Job:
    run = secrets.token_hex(4)
    return Job(
        exercise=str(request.exercise.directory),
        solutions=str(request.exercise.solutions),
        submission=str(request.submission.absolute()),
        record=str(folder / "record.jsonl"),
        log=str(_log_file(run) or folder / "grading.log"),
        nonce_key=request.nonce_key,
        run=run,
        engine=request.engine,
        build_deadline=request.build_deadline,
    )


def _log_file(run: str) -> Path | None:
    """Return where the run's log outlives it, or None where nothing can be written; old logs are removed."""
    folder = user_log_path("workshop")
    with suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True)
        for old in sorted(folder.glob("*.log"), key=lambda path: path.stat().st_mtime)[:-LOGS_KEPT]:
            _forget(old)
        (folder / f"{run}.log").touch()
        return folder / f"{run}.log"
    return None


def _forget(log: Path) -> None:
    with suppress(OSError):
        log.unlink()


@dataclass(frozen=True, slots=True)
class _Limit:
    """When to end a grading that has not ended by itself."""

    seconds: float
    is_cancelled: Callable[[], bool]

    def heed(self) -> None:
        """Interrupt the caller once someone has cancelled."""
        if self.is_cancelled():
            raise KeyboardInterrupt


def _run(job: Job, folder: Path, limit: _Limit, gathering: "_Gathering") -> str:
    """Run pytest on the exercise until it ends; return in words how it ended early, or nothing."""
    job.write(folder / "job.json")
    test = Path(job.exercise) / "test_exercise.py"
    arguments = [
        sys.executable,
        "-m",
        "pytest",
        *_PYTEST_OPTIONS,
        "-c",
        os.devnull,
        "--rootdir",
        job.exercise,
    ]
    arguments += ["-p", "grader.pytest_plugin.plugin", "--workshop-job", str(folder / "job.json"), str(test)]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    environment |= {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    reader = Reader(Path(job.record))
    with Path(job.log).open("ab") as log:
        process = subprocess.Popen(
            arguments,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            env=environment,
            cwd=folder,
            start_new_session=True,
        )
        late = _follow(process, reader, limit, gathering)
    return late or _early_ending(process.returncode, gathering, Path(job.log))


def _follow(process: "subprocess.Popen[bytes]", reader: Reader, limit: _Limit, gathering: "_Gathering") -> str:
    """Hand on events until the process ends or is late; on an exception, let it clean up before going on."""
    end = time.monotonic() + limit.seconds
    try:
        while process.poll() is None:
            gathering.take(reader)
            limit.heed()
            if time.monotonic() > end:
                _end(process)
                return f"grading took longer than {limit.seconds:.0f} s and was ended"
            with suppress(subprocess.TimeoutExpired):
                process.wait(POLL_SECONDS)
    except BaseException:
        _end(process)
        raise
    finally:
        gathering.take(reader)
    return ""


def _end(process: "subprocess.Popen[bytes]") -> None:
    """Interrupt the process so that it removes what it made; kill it if it does not end in time."""
    with suppress(ProcessLookupError):
        process.send_signal(signal.SIGINT)
    try:
        process.wait(CLEAN_UP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _early_ending(code: int, gathering: "_Gathering", log: Path) -> str:
    if gathering.ended and gathering.is_complete:
        return ""
    how = f"was ended by signal {signal.Signals(-code).name}" if code < 0 else f"ended with exit code {code}"
    last = [line for line in log.read_text("utf-8", "replace").splitlines() if line.strip()][-1:]
    return f"the grading process {how}" + (f": {last[0].strip()}" if last else "")


@dataclass(slots=True)
class _Gathering:
    """Puts the record's events together."""

    on_event: Callable[[Event], None] | None
    announced: list[dict[str, Any]] = field(default_factory=list)
    results: dict[str, CriterionResult] = field(default_factory=dict)
    engine: EngineSummary | None = None
    image: ImageSummary | None = None
    stages: tuple[StageSummary, ...] = ()
    builds: list[BuildSummary] = field(default_factory=list)
    base_images: dict[str, BaseImage] = field(default_factory=dict)
    ended: bool = False

    @property
    def is_complete(self) -> bool:
        return bool(self.announced) and len(self.results) == len(self.announced)

    def take(self, reader: Reader) -> None:
        for event in reader.new_events():
            self._take(event)
            if self.on_event:
                self.on_event(event)

    def _take(self, event: Event) -> None:
        fields = event.fields
        if event.kind == "criteria":
            self.announced = fields["criteria"]
        elif event.kind == "result":
            result = _criterion_result(fields["result"])
            self.results[result.id] = result
        elif event.kind == "engine":
            self.engine = EngineSummary(**fields["engine"])
        elif event.kind == "image":
            raw = fields["image"]
            self.image = ImageSummary(**{**raw, "layers": tuple(LayerSummary(**layer) for layer in raw["layers"])})
        elif event.kind == "stages":
            self.stages = tuple(
                StageSummary(stage["name"], stage["base"], tuple(stage["copies_from"])) for stage in fields["stages"]
            )
        elif event.kind == "build":
            self.builds.append(BuildSummary(**fields["build"]))
        elif event.kind == "base_images":
            for raw in fields["base_images"]:
                self.base_images[raw["reference"]] = BaseImage(raw["reference"], Origin(raw["origin"]), raw["id"])
        elif event.kind == "end":
            self.ended = True

    def verdict(self, request: GradeRequest, ending: str, started: str, seconds: float) -> Verdict:
        criteria = tuple(self.results.get(known["id"]) or _unknown(known, ending) for known in self.announced)
        errors = [result.actual for result in criteria if result.status is Outcome.ERROR]
        return Verdict(
            exercise=request.exercise.slug,
            title=request.exercise.title,
            criteria=criteria,
            engine=self.engine,
            seconds=round(seconds, 3),
            started_at=started,
            grader_version=importlib.metadata.version("multi-stage-workshop"),
            image=self.image,
            stages=self.stages,
            builds=tuple(self.builds),
            base_images=tuple(self.base_images.values()),
            scale=SizeScale(request.starter_size, request.exercise.budgets.get("image_size")),
            error=errors[0] if errors else ending,
        )


def _criterion_result(raw: dict[str, Any]) -> CriterionResult:
    return CriterionResult(**{**raw, "status": Outcome(raw["status"]), "lines": tuple(raw["lines"])})


def _unknown(known: dict[str, Any], ending: str) -> CriterionResult:
    return CriterionResult(known["id"], known["title"], Outcome.ERROR, 0, known["max_points"], actual=ending)
