"""What every test may ask for."""

from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def repository() -> Path:
    """The clone's top folder."""
    return Path(__file__).resolve().parent.parent
