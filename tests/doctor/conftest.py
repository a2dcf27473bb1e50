"""What the doctor's tests share: an engine whose machine is as it should be, until a test says otherwise."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from grader.engine.condition import Condition
from grader.engine.model import ImageInspection

SOUND = Condition(
    name="docker",
    version="27.0",
    architecture="amd64",
    cpus=4,
    memory=8_000_000_000,
    clock=None,
    control_groups="v2, systemd driver",
    limits_memory=True,
    limits_processes=True,
    data_root=None,
    proxy="",
)


class Patient:
    """Implements the protocols of the probes in memory."""

    host = "fake://engine"

    def __init__(self, condition: Condition, images: tuple[str, ...] = ()) -> None:
        self._condition = condition
        self._images = images

    def condition(self) -> Condition:
        """Say how it is."""
        return self._condition

    def inspect_image(self, reference: str) -> ImageInspection | None:
        """Say what it has."""
        if reference not in self._images:
            return None
        return ImageInspection(f"sha256:{reference}", (), (), (), (), (), "amd64", (reference,))


@pytest.fixture
def patient() -> Callable[..., Patient]:
    """Make an engine that is sound but for what is given."""

    def made(images: tuple[str, ...] = (), **differing: Any) -> Patient:
        return Patient(replace(SOUND, **differing), images)

    return made


@pytest.fixture
def own_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Keep state, cache and data of one test in a folder of its own, with no setting of the one who runs it."""
    for name in ("XDG_STATE_HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME"):
        monkeypatch.setenv(name, str(tmp_path / name.lower()))
    for name in ("WORKSHOP_BUNDLE", "WORKSHOP_MIRROR", "WORKSHOP_NO_REGISTRY"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path
