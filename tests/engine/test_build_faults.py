"""Whose fault a failed build is."""

import pytest

from grader.engine.build_faults import engine_is_in_doubt, fault_of, gave_nothing, says_disk_full, unfinished_fault
from grader.engine.progress import BuildProgress
from grader.errors import BaseImageUnavailableError, EngineUnavailableError, MachineError

HOST = "unix:///engine.sock"
RAN = "executor failed running [/bin/sh -c x]: exit code: 1"


def failed(name: str, error: str, log: bytes = b"") -> BuildProgress:
    """Return a build whose vertex `name` failed."""
    progress = BuildProgress(log_cap=1000)
    progress.vertex("1").name = name
    progress.start("1")
    progress.add_log("1", log)
    progress.end("1", 1.0, error=error)
    return progress


def ended(tail: str, *, begun: bool) -> BuildProgress:
    """Return a build of which no vertex failed."""
    progress = BuildProgress(log_cap=1000)
    if begun:
        progress.vertex("1").name = "[internal] load build definition"
        progress.start("1")
        progress.end("1", 0.1)
    for line in tail.splitlines():
        progress.add_tail(line.encode())
    return progress


@pytest.mark.parametrize(
    ("name", "error"),
    [
        ("[2/2] RUN x", RAN),
        (
            "[2/2] RUN x",
            'process "/bin/sh -c echo no space left on device" did not complete successfully: exit code: 1',
        ),
        ("[2/2] RUN x", "executor failed running [no space left on device"),
        ("[2/2] COPY a b", 'failed to compute cache key: "/a" not found: not found'),
        ("[internal] load metadata for docker.io/library/x:1", "docker.io/library/x:1: not found"),
        ("[internal] load metadata for docker.io/library/x:1", "pull access denied, repository does not exist"),
        ("exporting to image", "max depth exceeded"),
        ("exporting to image", "failed to export image: empty export - not implemented"),
    ],
)
def test_the_submission_s_faults(name: str, error: str) -> None:
    """It fails, and costs points."""
    assert fault_of(failed(name, error), HOST) is None


@pytest.mark.parametrize(
    ("name", "error", "words"),
    [
        ("[2/2] COPY a b", "failed to copy files: write /x: no space left on device", "The disk is full"),
        ("[internal] load build context", "no space left on device", "The disk is full"),
        ("exporting to image", "content store: unexpected", "could not store the image"),
        (
            "[internal] load metadata for r.invalid/x:1",
            'failed to do request: Head "https://r": dial tcp: lookup r',
            "no image r.invalid/x:1",
        ),
        (
            "[1/2] FROM docker.io/library/x:1@sha256:ab",
            "failed to do request: i/o timeout",
            "no image docker.io/library/x:1",
        ),
        ("FROM docker.io/library/x:1", "toomanyrequests: slow down", "no image docker.io/library/x:1"),
        ("resolve image config for docker.io/docker/dockerfile:1", "net/http: TLS handshake timeout", "dockerfile:1"),
    ],
)
def test_the_machine_s_faults(name: str, error: str, words: str) -> None:
    """One line each, that says what to do."""
    fault = fault_of(failed(name, error), HOST)
    assert isinstance(fault, MachineError)
    assert words in str(fault)
    assert "\n" not in str(fault)


@pytest.mark.parametrize(
    "tail",
    [
        "error during connect: Post x: EOF",
        "ERROR: failed to receive status: rpc error: code = Unavailable desc = error reading from server: EOF",
        "Cannot connect to the Docker daemon at unix:///x. Is the docker daemon running?",
        "ERROR: failed to list workers: rpc error: code = Unavailable",
    ],
)
def test_an_engine_that_went_away_is_told(tail: str) -> None:
    """By the first words of the command's error, which no step writes."""
    assert isinstance(fault_of(ended(tail, begun=True), HOST), EngineUnavailableError)


def test_a_build_that_never_began_is_the_machine_s_fault() -> None:
    """Unless the Dockerfile could not be read."""
    fault = fault_of(ended("client version 1.41 is too old", begun=False), HOST)
    assert "could not start the build: client version 1.41 is too old" in str(fault)
    assert fault_of(ended("dockerfile parse error line 1: x", begun=False), HOST) is None


def test_the_disk_may_be_full_without_a_step() -> None:
    """The command's error ends so."""
    fault = fault_of(ended("ERROR: write /tmp/x: no space left on device", begun=True), HOST)
    assert "The disk is full" in str(fault)


def test_only_a_command_that_ended_by_itself_leaves_no_doubt_of_the_engine() -> None:
    """A step that the engine's end cut off has an error too, but no exit code."""
    assert not engine_is_in_doubt(failed("[2/2] RUN x", RAN))
    assert engine_is_in_doubt(failed("[2/2] RUN x", "executor failed running [x]: context deadline exceeded"))
    assert engine_is_in_doubt(ended("", begun=True))


def test_what_a_step_writes_of_the_disk_is_a_hint() -> None:
    """Programs write it with a capital letter or not."""
    assert says_disk_full(failed("[2/2] RUN x", RAN, b"cp: No space left on device\n"))
    assert not says_disk_full(failed("[2/2] RUN x", RAN, b"no such file\n"))


def test_a_deadline_that_passed_while_an_image_was_pulled_is_the_machine_s_fault() -> None:
    """The learner's steps never had their turn; one that runs next to the pull did."""
    progress = BuildProgress(log_cap=10)
    assert isinstance(unfinished_fault(progress, HOST, 9.0), EngineUnavailableError)
    progress.vertex("1").name = "[1/2] FROM docker.io/library/x:1"
    progress.start("1")
    assert "no answer after 9 s" in str(unfinished_fault(progress, HOST, 9.0))
    progress.vertex("2").name = "[b 2/2] RUN x"
    progress.start("2")
    assert unfinished_fault(progress, HOST, 9.0) is None


def test_an_image_that_cannot_be_had_is_a_kind_of_its_own() -> None:
    """Where a stage asks for another platform, that it is not there is no news."""
    fault = fault_of(failed("[internal] load metadata for docker.io/library/x:1", "failed to do request: EOF"), HOST)
    assert isinstance(fault, BaseImageUnavailableError)


def test_an_export_of_nothing_is_known() -> None:
    """An image without a layer; a step's program that prints the same is none."""
    assert gave_nothing(failed("exporting to image", "failed to export image: empty export - not implemented"))
    assert not gave_nothing(failed("[2/2] RUN x", RAN, b"empty export"))
    assert not gave_nothing(ended("ERROR: empty export", begun=True))
