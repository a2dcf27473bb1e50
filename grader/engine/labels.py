"""The labels by which the kit knows what it made. What carries them is removed by whoever made it, or by `clean`."""

import os
import socket
from collections.abc import Mapping

KIT = "workshop.kit"
"""On every container and image of a run."""
RUN = "workshop.run"
"""The run's own name."""
OWNER = "workshop.owner"
"""`host:pid` of the process that made it: `clean` leaves alone what a living process owns."""
STAND_IN = "workshop.stand-in"
"""On base images that were made here in place of the real ones."""


def run_labels(run: str) -> dict[str, str]:
    """The labels of everything that the run named `run` makes in this process."""
    return {KIT: "1", RUN: run, OWNER: f"{socket.gethostname()}:{os.getpid()}"}


def is_abandoned(labels: Mapping[str, str]) -> bool:
    """Whether the process that owns a labelled thing is gone; another host's processes count as gone never."""
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
