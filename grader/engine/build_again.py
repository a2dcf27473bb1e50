"""Builds again if the builder could not start a step's process: too many processes or too little memory on the machine.

The runtime writes its words into the step's log, where the step itself may write the same. So the words alone decide
nothing: if they come again, a small build of our own shows whether the builder can start a process.
"""

import time
from collections.abc import Callable
from pathlib import Path

from grader.engine.model import BuildEnd, BuildRequest, BuildResult
from grader.engine.start_faults import start_refusal
from grader.errors import MachineError
from grader.owners import own_folder

TRIES = 3
PAUSE_SECONDS = 2.0
_RUNTIMES = ("runc run failed: ", "runc create failed: ", "crun: ")

Build = Callable[[BuildRequest], BuildResult]


def build_again(build: Build, request: BuildRequest, remove_image: Callable[[str], None]) -> BuildResult:
    """Return the result of `build(request)`, tried up to `TRIES` times while the builder cannot start a process.

    `remove_image` removes the image of our own small build.

    Raises:
        MachineError: it could not start one in the last try, and cannot start ours.

    """
    for again in range(TRIES):
        result = build(request)
        refusal = _refusal(result)
        if not refusal:
            return result
        if again < TRIES - 1:
            time.sleep(PAUSE_SECONDS)
    if _can_start(build, request, remove_image):
        return result  # the step wrote these words itself
    raise MachineError(
        f"The builder of the container engine cannot start a process ({refusal})",
        "This machine has too many processes or too little memory: end some programs, then grade again.",
    )


def _refusal(result: BuildResult) -> str:
    """Return the runtime's last words if it could not start the failed step, and not because of the image."""
    step = next((step for step in result.steps if step.error), None)
    if result.end is not BuildEnd.FAILED or step is None:
        return ""
    last = step.log.rstrip().rpartition("\n")[2]
    return last if last.startswith(_RUNTIMES) and start_refusal(last) is None else ""


def _can_start(build: Build, request: BuildRequest, remove_image: Callable[[str], None]) -> bool:
    """Whether the builder starts a process of ours, with the first image of the build that has a shell."""
    for base in request.bases:
        with own_folder("start") as folder:
            Path(folder, "Dockerfile").write_text(f"FROM {base}\nRUN :\n", encoding="utf-8")
            tag = f"{request.tag}-start"
            small = BuildRequest(
                Path(folder),
                tag,
                labels=request.labels,
                no_cache=True,
                platform=request.platform,
                deadline=request.deadline,
            )
            if build(small).built:
                remove_image(tag)
                return True
    return False
