"""`workshop images mirror` fills a registry, serves it until Ctrl-C, and ends without a trace."""

import signal
import socket
import subprocess
from pathlib import Path

import pytest

from grader.base_images.mirror_images import offered
from grader.base_images.registry import Registry
from grader.dockerfile.references import parse_reference
from tests.cli.running import ARGUMENTS, Workshop, environment

pytestmark = pytest.mark.engine

EXERCISE, IMAGE = "05", "node:24-alpine"
"""The exercise whose only base image is the smallest."""
DEADLINE = 300


@pytest.fixture
def address() -> str:
    """An address of this machine at which nothing listens."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return f"127.0.0.1:{listening.getsockname()[1]}"


@pytest.fixture
def settings(tmp_path: Path) -> dict[str, str]:
    """Data and temporary files in folders of the test's own."""
    for name in ("data", "temporary"):
        (tmp_path / name).mkdir()
    return {"XDG_DATA_HOME": str(tmp_path / "data"), "TMPDIR": str(tmp_path / "temporary")}


def test_it_serves_until_it_is_interrupted(address: str, settings: dict[str, str], tmp_path: Path) -> None:
    """It says what learners have to set; afterwards nothing listens and no file but the store is left."""
    for filled in (True, False):
        process = subprocess.Popen(
            [*ARGUMENTS, "images", "mirror", EXERCISE, "--listen", address],
            cwd=tmp_path,
            env=environment(settings),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert process.stdout is not None
        said = [process.stdout.readline(), process.stdout.readline()]
        assert said == [
            f"Serving 1 image at {address}, read-only; Ctrl-C ends it.\n",
            f"On each learner's machine: export WORKSHOP_MIRROR={address}\n",
        ]
        reference = parse_reference(IMAGE)
        assert reference is not None
        assert offered(Registry(address), reference) is not None
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=DEADLINE)
        assert process.returncode in (130, -signal.SIGINT), errors
        assert ("copying it into the mirror" in errors) == filled, "the second time it is there already"
        assert not Registry(address).answers()
        assert list((tmp_path / "temporary").iterdir()) == []


@pytest.mark.parametrize("listen", ["5000", "here:", "0.0.0.0:port", "0.0.0.0:70000"])
def test_an_address_that_is_none_is_a_usage_error(workshop: Workshop, listen: str) -> None:
    """One line says how it is written."""
    ran = workshop("images", "mirror", EXERCISE, "--listen", listen)
    assert ran.code == 2
    assert "write it as ADDRESS:PORT" in ran.err
