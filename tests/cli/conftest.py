"""The command line, for every test in this folder."""

from functools import partial

import pytest

from tests.cli.running import Workshop, run_workshop


@pytest.fixture
def workshop(tmp_path_factory: pytest.TempPathFactory) -> Workshop:
    """Run `workshop ARGUMENTS` in a folder that is no clone and no workspace; `cwd` and `env` may be given."""
    return partial(run_workshop, cwd=tmp_path_factory.mktemp("elsewhere"))
