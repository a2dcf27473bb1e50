"""A tiny build that proves what every grade relies on: it builds at all, and no step of it reaches a network.

If the engine is on another machine, or in Docker Desktop's, the build also looks at its disk.
"""

import re
import secrets
from collections.abc import Sequence
from pathlib import Path

from grader.called import called
from grader.doctor.disk import room_for_engine
from grader.doctor.finding import Diagnosis, State
from grader.engine.client import Engine
from grader.engine.labels import run_labels
from grader.engine.model import BuildRequest
from grader.owners import own_folder

_SMALL = ("busybox", "alpine:latest")
"""Tried before the base images that exercises need: a container of them starts fastest."""
_DOCKERFILE = "FROM {base}\nRUN echo ==routes; cat /proc/net/route; echo ==disk; df -Pk /; echo ==end\n"
_SECONDS = 30.0
_PART = re.compile(r"^==(\w+)\n(.*?)(?=^==)", re.MULTILINE | re.DOTALL)


def offline_build(engine: Engine, references: Sequence[str]) -> Sequence[Diagnosis]:
    """Build one step on a base image that is there, and say what it saw."""
    base = next((name for name in (*_SMALL, *references) if engine.inspect_image(name)), None)
    if base is None:
        return [
            Diagnosis(
                "network",
                State.WARN,
                "no base image is there to try a build on",
                f"Run `{called()} images prepare`, then this again.",
            )
        ]
    run = f"doctor-{secrets.token_hex(4)}"
    with own_folder("doctor") as folder:
        (Path(folder) / "Dockerfile").write_text(_DOCKERFILE.format(base=base), encoding="utf-8")
        request = BuildRequest(
            Path(folder), f"workshop/doctor:{run}", labels=run_labels(run), no_cache=True, deadline=_SECONDS
        )
        try:
            result = engine.build(request)
        finally:
            engine.remove_leftovers(run)
    if not result.built:
        last = next((line for line in reversed(result.steps[-1].log.splitlines()) if line), "") if result.steps else ""
        seen = f"a build of one step on {base} ends with: {result.error or last or result.end.value}"
        return [Diagnosis("network", State.FAIL, seen, "Restart the engine; see that it builds by hand with BuildKit.")]
    log = "".join(f"{step.log}\n" for step in result.steps)
    parts = dict(_PART.findall(log))
    findings = [judge_network(parts.get("routes", ""), result.seconds)]
    if engine.condition().data_root is None:
        findings += judge_disk(parts.get("disk", ""))
    return findings


def judge_network(routes: str, seconds: float) -> Diagnosis:
    """Judge /proc/net/route as a build's step sees it: one heading, and a line for each way out."""
    ways = [line.split()[0] for line in routes.splitlines()[1:] if line.strip()]
    if not routes.startswith("Iface"):
        return Diagnosis("network", State.WARN, "a build's step does not tell its routes", "See docs/engine.md.")
    if ways:
        return Diagnosis(
            "network",
            State.FAIL,
            f"a build that was asked to have no network has {', '.join(ways)}",
            "Use an engine that follows `--network none`: grades would depend on the network.",
        )
    return Diagnosis("network", State.OK, f"builds run without one: tried in {seconds:.1f} s")


def judge_disk(table: str) -> Sequence[Diagnosis]:
    """Read the free kilobytes out of `df -Pk`."""
    fields = table.splitlines()[-1].split() if table.strip() else []
    return (
        [room_for_engine(int(fields[3]) * 1024, "the engine's machine")] if fields[3:4] and fields[3].isdigit() else []
    )
