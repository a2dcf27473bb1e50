"""The labels of what the kit made. The process that made a thing with such a label removes it, or `clean` does."""

from collections.abc import Mapping

from grader.owners import is_gone, this_process

KIT = "workshop.kit"
"""On every container and image of a run."""
RUN = "workshop.run"
"""The run's own name."""
OWNER = "workshop.owner"
"""`host:pid:start` of the process that made it: `clean` does not touch what a running process owns."""
STAND_IN = "workshop.stand-in"
"""On base images that were made here and replace the real ones."""


def run_labels(run: str) -> dict[str, str]:
    """The labels of everything that the run named `run` makes in this process."""
    return {KIT: "1", RUN: run, OWNER: this_process()}


def is_abandoned(labels: Mapping[str, str]) -> bool:
    """Whether the process that owns a labelled thing is gone; another host's processes never count as gone."""
    return is_gone(labels.get(OWNER, ""))
