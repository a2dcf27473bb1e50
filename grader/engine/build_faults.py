"""Whose fault it is that a build gave no image: returns or raises the result, from facts alone.

Structure decides (which vertex failed first, how its error begins and ends), and never the output of a step alone:
a learner may print anything.
"""

import re
from collections.abc import Sequence
from pathlib import Path

from grader.called import called
from grader.engine.build_text import last_error, tidy_error
from grader.engine.faults import disk_full
from grader.engine.progress import BuildProgress, Vertex
from grader.errors import BaseImageUnavailableError, EngineUnavailableError, MachineError

_PULLING = re.compile(
    r"(?:\[[^\]]*\] )?(?:FROM |load metadata for |resolve image config for |\[auth\] |docker-image://)(?P<image>.*)"
)
_COMMAND_FAILED = ("executor failed running [", 'process "')
_REGISTRY_IN_TROUBLE = re.compile(
    r"failed to do request: |dial tcp|i/o timeout|deadline exceeded|TLS handshake|connection re(?:fused|set)"
    r"|toomanyrequests|429 Too Many Requests|: 5\d\d |x509: |EOF\Z"
)
_ENGINE_GONE = re.compile(
    r"(?:(?:error during connect|Cannot connect to the Docker daemon|error reading from server|failed to dial"
    r"|failed to receive status|failed to list workers|closing transport|transport is closing|listing workers)\b"
    r"|rpc error: code = (?:Unavailable|Canceled))",
)
_EXPORTING = "exporting to "
_NOTHING = "empty export"
_DISK_FULL = "no space left on device"
_DOCKERFILE_FAULT = re.compile(r"dockerfile |parse error|target stage|failed to read dockerfile", re.IGNORECASE)


def engine_is_in_doubt(progress: BuildProgress) -> bool:
    """Whether a failed build may have lost its engine: no step says that its command ended by itself."""
    failure = progress.first_failure
    return failure is None or not _command_ended(failure)


def engine_gone(host: str) -> EngineUnavailableError:
    """Say that the engine went away under a build."""
    return EngineUnavailableError(
        f"The container engine at {host} stopped answering during a build. Check that it runs, then try again."
    )


def fault_of(progress: BuildProgress, host: str) -> MachineError | None:
    """Return the machine's fault in a build that failed, or None if it is the submission's."""
    failure = progress.first_failure
    if failure is not None:
        return _fault_of_vertex(failure)
    error = last_error(progress.tail)
    if _ENGINE_GONE.match(tidy_error(error)) or _ENGINE_GONE.match(error.removeprefix("ERROR: ")):
        return engine_gone(host)
    if error.endswith(_DISK_FULL):
        return disk_full("building")
    if not progress.begun and not _DOCKERFILE_FAULT.search(error):
        return MachineError(f"The docker command could not start the build: {_line(tidy_error(error))}")
    return None


def gave_nothing(progress: BuildProgress) -> bool:
    """Whether a builder refused to export an image without a layer; older ones make it."""
    failure = progress.first_failure
    return failure is not None and failure.name.startswith(_EXPORTING) and _NOTHING in failure.error


def does_not_see(progress: BuildProgress, folders: Sequence[Path]) -> bool:
    """Whether the docker command misses one of `folders`, which is there: nothing began, and its error names it."""
    error = last_error(progress.tail)
    return not progress.begun and any(str(folder) in error and folder.is_dir() for folder in folders)


def not_seen(program: str, folder: Path) -> MachineError:
    """Say that a docker command does not see a folder of this machine, as one that is kept apart in a snap."""
    return MachineError(
        f"The docker command {program} does not see {folder}, which is there",
        "One from a snap sees only your home: install Docker's own package or name its command in WORKSHOP_DOCKER, or "
        "set TMPDIR to a folder in your home.",
    )


def says_disk_full(progress: BuildProgress) -> bool:
    """Whether the failed step wrote that the disk is full. A learner's step may write this too: check the disk."""
    failure = progress.first_failure
    return failure is not None and _DISK_FULL in failure.log.decode("utf-8", "replace").lower()


def unfinished_fault(progress: BuildProgress, host: str, deadline: float) -> MachineError | None:
    """Return the machine's fault in a build that passed its deadline before the submission's steps began."""
    running = [vertex for vertex in progress.begun if not vertex.ended]
    if not progress.begun:
        return EngineUnavailableError(
            f"The container engine at {host} did not start the build within {deadline:.0f} s. Restart it and try again."
        )
    if running and all(_PULLING.match(vertex.name) for vertex in running):
        return _unreachable(running[0], f"no answer after {deadline:.0f} s")
    return None


def _fault_of_vertex(failure: Vertex) -> MachineError | None:
    error = failure.error
    if error.endswith(_DISK_FULL) and not error.startswith(_COMMAND_FAILED):
        return disk_full("building")
    if _PULLING.match(failure.name):
        return _unreachable(failure, error) if _REGISTRY_IN_TROUBLE.search(error) else None
    if failure.name.startswith(_EXPORTING) and not error.endswith("max depth exceeded") and _NOTHING not in error:
        return MachineError(f"The container engine could not store the image: {_line(tidy_error(error))}")
    return None


def _command_ended(failure: Vertex) -> bool:
    return failure.error.startswith(_COMMAND_FAILED) and bool(re.search(r"exit code: \d+\Z", failure.error))


def _unreachable(vertex: Vertex, error: str) -> BaseImageUnavailableError:
    match = _PULLING.match(vertex.name)
    image = match["image"] if match else vertex.name
    return BaseImageUnavailableError(
        f"The engine has no image {image} and cannot get it from its registry ({_line(tidy_error(error))}). "
        f"Run `{called()} images prepare`, or check the network."
    )


def _line(text: str) -> str:
    return " ".join(text.split())[:300]
