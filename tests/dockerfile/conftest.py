"""What tests of the Dockerfile reader share: the cases that are read and built, and an engine."""

from collections.abc import Iterator

import pytest

from grader.engine.client import Engine
from grader.engine.connection import connect
from tests.dockerfile.cases import problem_cases


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a test that asks for `problem_case` with each of them."""
    if "problem_case" in metafunc.fixturenames:
        cases = problem_cases()
        metafunc.parametrize("problem_case", cases, ids=[case.name for case in cases])


@pytest.fixture(scope="session")
def engine() -> Iterator[Engine]:
    """The engine that the environment names, or the first that answers."""
    found = connect()
    yield found
    found.close()
