"""What every test may ask for."""

import os
import signal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# A suite that a shell started in the background ignores Ctrl-C, and so would every process that a test interrupts.
signal.signal(signal.SIGINT, signal.default_int_handler)

# A machine that is busy with builds is slow, which is no finding; CI draws the same examples each time.
settings.register_profile(
    "kit", deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=bool(os.environ.get("CI"))
)
settings.load_profile("kit")


@pytest.fixture(scope="session")
def repository() -> Path:
    """The clone's top folder."""
    return Path(__file__).resolve().parent.parent
