"""The labels of what the kit made. The process that made a thing with such a label removes it, or `clean` does."""

import os
import socket
from collections.abc import Mapping

KIT = "workshop.kit"
"""On every container and image of a run."""
RUN = "workshop.run"
"""The run's own name."""
OWNER = "workshop.owner"
"""`host:pid` of the process that made it: `clean` does not touch what a running process owns."""
STAND_IN = "workshop.stand-in"
"""On base images that were made here and replace the real ones."""


def run_labels(run: str) -> dict[str, str]:
    """The labels of everything that the run named `run` makes in this process."""
    return {KIT: "1", RUN: run, OWNER: f"{socket.gethostname()}:{os.getpid()}"}


def is_abandoned(labels: Mapping[str, str]) -> bool:
    """Whether the process that owns a labelled thing is gone; another host's processes never count as gone."""
    host, _, pid = labels.get(OWNER, "").rpartition(":")
    if host != socket.gethostname() or not pid.isdigit():
        return host == ""
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return False
