"""Exercise and submission in, verdict out: runs the exercise's tests in a process of its own and reads its record.

If that process ends early, its results so far are kept, and the missing ones are the machine's fault.
"""

import difflib
import os
import secrets
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timezone
from pathlib import Path

from grader.called import handed_on
from grader.engine.guard import guarded
from grader.errors import UsageError
from grader.exercise.model import Exercise
from grader.logs import forget_log, new_log
from grader.owners import own_folder
from grader.record.events import CriterionUnknown, OnEvent
from grader.record.file import Reader
from grader.record.gathering import Gathering
from grader.record.job import Job
from grader.verdict import ImageSummary, Status, SubmissionSummary, Verdict

POLL_SECONDS = 0.02
CLEAN_UP_SECONDS = 30.0
GRADE_DEADLINE = 3600.0
BUILD_DEADLINE = 300.0
_PYTEST_OPTIONS = (
    "--noconftest", "--assert=plain", "--strict-markers", "--import-mode=importlib",
    "-p", "no:cacheprovider", "-p", "no:terminal", "-p", "no:faulthandler", "-p", "no:doctest", "-p", "no:unittest",
    "-p", "no:junitxml", "-p", "no:pastebin", "-p", "no:logging", "-p", "no:recwarn", "-p", "no:threadexception",
    "-p", "no:unraisableexception", "-p", "no:warnings",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class GradeRequest:
    """What to grade and how. `starter_size` is bytes of the starter's image if known; deadlines are seconds.

    `before` is that image, to show before and after.
    `label` is what the verdict calls the submission.
    With `criteria` only those are judged, and the verdict is a partial one.
    """

    exercise: Exercise
    submission: Path
    nonce_key: str
    engine: str | None = None
    starter_size: int | None = None
    build_deadline: float = BUILD_DEADLINE
    deadline: float = GRADE_DEADLINE
    criteria: tuple[str, ...] = ()
    before: ImageSummary | None = None
    label: str = ""


def grade(
    request: GradeRequest,
    on_event: OnEvent | None = None,
    is_cancelled: Callable[[], bool] = lambda: False,
) -> Verdict:
    """Grade one submission; `on_event` gets every event of the record as it comes.

    `is_cancelled` is called many times a second; when it returns true, grading ends as it does on Ctrl-C.

    Raises:
        UsageError: the submission is not a folder, or the exercise has no such criterion.
        KeyboardInterrupt: after the grading process has cleaned up.

    """
    if not request.submission.is_dir():
        raise UsageError(f"{request.submission} is not a folder. Name the folder that contains your Dockerfile.")
    started = datetime.now(timezone.utc).isoformat(timespec="seconds")
    begun = time.monotonic()
    with own_folder("grade") as name:
        folder = Path(name)
        job = _job(request, folder)
        gathering = Gathering(on_event)
        try:
            ending = _run(job, folder, _Limit(request.deadline, is_cancelled), gathering)
        except BaseException:
            forget_log(Path(job.log))
            raise
    if gathering.unknown:
        raise UsageError(_no_such_criterion(gathering.unknown))
    seconds = time.monotonic() - begun
    verdict = gathering.verdict(request.exercise, request.starter_size, ending, started, seconds)
    if verdict.image and request.before != verdict.image:
        verdict = replace(verdict, before=request.before)
    if request.label:
        verdict = replace(verdict, submission=replace(verdict.submission or SubmissionSummary(), label=request.label))
    if verdict.status is not Status.ERROR:
        forget_log(Path(job.log))
    return verdict


def _no_such_criterion(unknown: CriterionUnknown) -> str:
    near = difflib.get_close_matches(unknown.name, unknown.known, n=1, cutoff=0.4)
    offer = f"did you mean `{near[0]}`? " if near else ""
    return f"There is no criterion `{unknown.name}`: {offer}There are: {', '.join(unknown.known)}."


def _job(request: GradeRequest, folder: Path) -> Job:
    run = secrets.token_hex(4)
    return Job(
        exercise=str(request.exercise.directory),
        solutions=str(request.exercise.solutions),
        submission=str(request.submission.absolute()),
        record=str(folder / "record.jsonl"),
        log=str(new_log(run) or folder / "grading.log"),
        nonce_key=request.nonce_key,
        run=run,
        engine=request.engine,
        build_deadline=request.build_deadline,
        criteria=request.criteria,
    )


@dataclass(frozen=True, slots=True)
class _Limit:
    """When to stop a grading that has not ended by itself."""

    seconds: float
    is_cancelled: Callable[[], bool]

    def heed(self) -> None:
        """Interrupt the caller if someone has cancelled."""
        if self.is_cancelled():
            raise KeyboardInterrupt


def _run(job: Job, folder: Path, limit: _Limit, gathering: Gathering) -> str:
    """Run pytest on the exercise until it ends; return a text that says how it ended early, or an empty one."""
    job.write(folder / "job.json")
    test = Path(job.exercise) / "test_exercise.py"
    arguments = [sys.executable, "-m", "pytest", *_PYTEST_OPTIONS, "-c", os.devnull, "--rootdir", job.exercise]
    arguments += ["-p", "grader.pytest_plugin.plugin", "--workshop-job", str(folder / "job.json"), str(test)]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    environment |= {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", **handed_on()}
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
        with guarded(process):
            late = _follow(process, reader, limit, gathering)
    return late or _early_ending(process.returncode, gathering, Path(job.log))


def _follow(process: "subprocess.Popen[bytes]", reader: Reader, limit: _Limit, gathering: Gathering) -> str:
    """Pass on events until the process ends or is late; on an exception, let it clean up first."""
    end = time.monotonic() + limit.seconds
    try:
        while process.poll() is None:
            gathering.take(reader.new_events())
            limit.heed()
            if time.monotonic() > end:
                _end(process)
                return f"grading took longer than {limit.seconds:.0f} s and was stopped"
            with suppress(subprocess.TimeoutExpired):
                process.wait(POLL_SECONDS)
    except BaseException:
        _end(process)
        raise
    finally:
        gathering.take(reader.new_events())
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


def _early_ending(code: int, gathering: Gathering, log: Path) -> str:
    if gathering.ended and gathering.is_complete:
        return ""
    how = f"was ended by signal {signal.Signals(-code).name}" if code < 0 else f"ended with exit code {code}"
    last = [line for line in log.read_text("utf-8", "replace").splitlines() if line.strip()][-1:]
    said = f" ({' '.join(last[0].split())})" if last else ""
    return f"the grading process {how}{said}; the details are in {log}"
