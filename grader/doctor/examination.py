"""The examination: which probes there are and in which order, the engine first, since much hangs on it.

A probe is in the module of what it looks at; what happens to the findings is for the command and the reports.
"""

from collections.abc import Sequence
from pathlib import Path

from grader.doctor.disk import engine_disk, own_disk
from grader.doctor.engine_state import builder, clock, credentials, engine_found, limits, memory, ports, processes
from grader.doctor.file_events import file_events
from grader.doctor.finding import Diagnosis, Probe, State, examine
from grader.doctor.images import base_images, bundle, mirror
from grader.doctor.machine import python, terminal
from grader.doctor.offline_build import offline_build
from grader.engine.client import Engine
from grader.engine.connection import connect

CONNECT_SECONDS = 12.0
PORTS_SECONDS = 25.0
BUILD_SECONDS = 40.0
"""For a build of one step: a busy laptop starts a container in seconds."""


def examination(references: Sequence[str], workspace: Path, encoding: str) -> tuple[Diagnosis, ...]:
    """Look at the machine, and at the engine if one answers; `references` are the base images that are needed.

    `encoding` is that of the terminal.
    """
    engines: list[Engine] = []

    def find_engine() -> Sequence[Diagnosis]:
        engine = connect()
        engines.append(engine)
        return [engine_found(engine)]

    here = examine(
        [
            Probe("engine", find_engine, CONNECT_SECONDS, State.FAIL),
            Probe("python", lambda: [python()]),
            Probe("terminal", lambda: [terminal(encoding)]),
            Probe("disk", lambda: [own_disk(workspace)]),
            Probe("file events", lambda: [file_events(workspace)]),
            Probe("mirror", mirror),
            Probe("bundle", bundle),
        ]
    )
    if not engines:
        return here
    engine = engines[0]
    there = examine(
        [
            Probe("builder", lambda: [builder(engine)], late=State.FAIL),
            Probe("credentials", credentials),
            Probe("ports", lambda: ports(engine), PORTS_SECONDS),
            Probe("processes", lambda: processes(engine)),
            Probe("memory", lambda: [memory(engine.condition())]),
            Probe("clock", lambda: [clock(engine)]),
            Probe("limits", lambda: [limits(engine)]),
            Probe("engine's disk", lambda: engine_disk(engine.condition())),
            Probe("base images", lambda: base_images(engine, references)),
            Probe("network", lambda: offline_build(engine, references), BUILD_SECONDS),
        ]
    )
    engine.close()
    return (here[0], *there, *here[1:])
