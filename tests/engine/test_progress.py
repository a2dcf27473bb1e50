"""What is known of a build is the same whichever way the docker command tells it; the samples were recorded.

Docker 20.10's own command (`cli`), buildx 0.13 in plain text (`buildx`) and as data (`rawjson`), on engine 20.10.
"""

from pathlib import Path

import pytest

from grader.engine.build_faults import fault_of
from grader.engine.build_text import last_error, named_line, tidy_error
from grader.engine.model import BuildStep
from grader.engine.progress import TAIL_CAP, BuildProgress, Vertex
from grader.engine.progress_plain import PlainReader
from grader.engine.progress_rawjson import RawJsonReader

SAMPLES = Path(__file__).parent / "samples"
HOST = "unix:///engine.sock"
every_way = pytest.mark.parametrize("way", ["cli", "buildx", "rawjson"])


def read(name: str, way: str) -> BuildProgress:
    """Read a recorded build."""
    progress = BuildProgress(log_cap=1_000_000)
    reader = RawJsonReader(progress) if way == "rawjson" else PlainReader(progress, glues=way == "cli")
    for line in (SAMPLES / f"{name}.{way}.txt").read_bytes().removesuffix(b"\n").split(b"\n"):
        reader.feed(line)
    reader.close()
    return progress


def facts(step: BuildStep) -> tuple[object, ...]:
    """Return all of a step but its time."""
    return (step.stage, step.number, step.instruction, step.cached, step.log, step.error, step.ended)


@every_way
def test_a_build_s_steps_are_the_same_in_every_way(way: str) -> None:
    """Stage, number, text, cached, log without escapes, also where its last line has no line break."""
    copy, run, last = read("built", way).steps()
    words = """["/bin/busybox", "sh", "-c", "echo said; printf '\\033[31mno line break'; : 1"]"""
    assert facts(copy) == ("tools", 1, "COPY busybox /bin/busybox", True, "", "", True)
    assert facts(run) == ("tools", 2, f"RUN {words}", False, "said\nno line break", "", True)
    assert (last.stage, last.number, last.ended) == ("stage-1", 1, True)
    assert 0.1 < run.seconds < 5


@every_way
def test_a_failure_is_the_same_in_every_way(way: str) -> None:
    """What the step printed is its log, even where it looks like progress; the error keeps its line breaks."""
    progress = read("failed", way)
    copy, run = progress.steps()
    command = "/bin/busybox sh -c echo one; echo '#3 DONE 0.1s'; exit 7 #\nsecond line"
    error = f"executor failed running [{command}]: exit code: 7"
    assert copy.cached
    assert (run.log, run.error, run.cached) == ("one\n#3 DONE 0.1s", error, False)
    assert run.seconds > 0.1
    assert tidy_error(last_error(progress.tail)) == error
    assert fault_of(progress, HOST) is None


@every_way
def test_a_file_that_cannot_be_read_is_the_same_in_every_way(way: str) -> None:
    """No step, an error without its wrapping, the line."""
    progress = read("unreadable", way)
    assert progress.steps() == ()
    assert tidy_error(last_error(progress.tail)) == "dockerfile parse error line 2: unknown instruction: RUNN"
    assert named_line(progress.tail) == 2
    assert fault_of(progress, HOST) is None


def test_a_step_that_did_not_end_comes_last() -> None:
    """It is what a build that was cancelled was busy with."""
    progress = BuildProgress(log_cap=10)
    for key in ("a", "b"):
        progress.vertex(key).name = f"[1/2] RUN {key}"
        progress.start(key)
    progress.end("b", 1.0)
    assert [(step.instruction, step.ended) for step in progress.steps()] == [("RUN b", True), ("RUN a", False)]


@pytest.mark.parametrize(
    ("name", "stage", "number", "instruction"),
    [
        ("[2/3] RUN x", "", 2, "RUN x"),
        ("[builder 2/3] RUN x", "builder", 2, "RUN x"),
        ("[linux/arm64 builder 12/13] COPY a b", "builder", 12, "COPY a b"),
        ("[linux/arm64 2/3] COPY a b", "", 2, "COPY a b"),
    ],
)
def test_a_step_s_name_is_taken_apart(name: str, stage: str, number: int, instruction: str) -> None:
    """BuildKit puts platform, stage and number before the instruction."""
    step = Vertex(name=name).step()
    assert step is not None
    assert (step.stage, step.number, step.instruction) == (stage, number, instruction)


@pytest.mark.parametrize("name", ["[internal] load build context", "exporting to image", "[auth] x"])
def test_buildkit_s_own_work_is_no_step(name: str) -> None:
    """No learner wrote it."""
    assert Vertex(name=name).step() is None


def test_more_log_than_the_cap_is_dropped_and_told() -> None:
    """All steps together count."""
    progress = BuildProgress(log_cap=5)
    progress.add_log("a", b"123")
    assert not progress.flooded
    progress.add_log("b", b"4567")
    assert progress.flooded
    assert (progress.vertex("a").log, progress.vertex("b").log) == (b"123", b"45")


def test_what_is_printed_beside_the_progress_is_bounded() -> None:
    """A command gone mad must not fill our memory."""
    progress = BuildProgress(log_cap=5)
    for _ in range(3):
        progress.add_tail(b"x" * TAIL_CAP)
    assert len(progress.tail) <= TAIL_CAP + 1


def test_changes_are_told_as_they_come() -> None:
    """Once at the beginning, once at the end."""
    seen: list[tuple[str, bool]] = []
    progress = BuildProgress(log_cap=5, on_change=lambda vertex: seen.append((vertex.name, vertex.ended)))
    progress.vertex("a").name = "x"
    for _ in range(2):
        progress.start("a")
    for _ in range(2):
        progress.end("a", 1.0)
    assert seen == [("x", False), ("x", True)]


def test_what_another_s_failure_stopped_has_not_failed() -> None:
    """BuildKit says `context canceled` of it."""
    progress = BuildProgress(log_cap=5)
    progress.end("a", 0.0, error="failed to solve: context canceled")
    progress.end("b", 0.0, error="exit code: 1")
    assert progress.first_failure is progress.vertex("b")
