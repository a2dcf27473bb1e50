"""What every test may ask for."""

import signal
from pathlib import Path

import pytest

# A suite that a shell started in the background ignores Ctrl-C, and so would every process that a test interrupts.
signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session")
def repository() -> Path:
    """The clone's top folder."""
    return Path(__file__).resolve().parent.parent
