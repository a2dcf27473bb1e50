"""Clones for the tests of the launcher: one with this machine's Python, others with a pretended one."""

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.launcher.launching import PRETEND_PYTHON, PRETEND_UV, Clone, lay_out, link_tools, outside, pretend, program


@pytest.fixture(scope="session")
def real(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> Clone:
    """A clone in a folder with a blank in its name, with this machine's own Python and no uv."""
    folder = tmp_path_factory.mktemp("real")
    programs = folder / "bin"
    link_tools(programs)
    (programs / "python3").symlink_to(Path(sys.base_prefix) / "bin" / "python3")
    environment = {**outside(), "PATH": str(programs), "PIP_NO_INDEX": "1"}
    return Clone(lay_out(folder / "a clone", repository), environment, folder / "calls")


@pytest.fixture
def clone(repository: Path, tmp_path: Path) -> Clone:
    """A clone whose `python3` is a pretended one, which takes no time."""
    programs = tmp_path / "bin"
    link_tools(programs)
    calls = tmp_path / "calls"
    environment = {**outside(), "PATH": str(programs), "CALLS": str(calls), "WAITS": str(tmp_path / "hold")}
    found = Clone(lay_out(tmp_path / "clone", repository), environment, calls)
    pretend(found, "python3", PRETEND_PYTHON)
    return found


@pytest.fixture
def with_uv(clone: Clone) -> Clone:
    """The same clone with a pretended uv on PATH."""
    pretend(clone, "uv", PRETEND_UV)
    return Clone(clone.root, {**clone.environment, "PRETEND": program(clone, "python3")}, clone.calls)


@pytest.fixture
def without() -> Callable[[Clone, str], None]:
    """Take a program off a clone's PATH."""

    def remove(clone: Clone, name: str) -> None:
        Path(program(clone, name)).unlink()

    return remove


@pytest.fixture
def adding() -> Callable[[Clone, str, str], None]:
    """Put a pretended program on a clone's PATH."""
    return pretend
