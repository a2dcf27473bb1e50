"""The stand-in for python:3.13-slim does what a learner's Dockerfile and program ask of the real image."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from grader.base_images.stand_ins.all_recipes import find_recipe
from grader.base_images.stand_ins.make import ensure_stand_in
from grader.engine.client import Engine
from grader.engine.connection import connect
from grader.engine.labels import run_labels
from grader.engine.model import BuildRequest, RunRequest
from tests.languages.wheels import write_wheel

pytestmark = pytest.mark.engine

RUN = "test-python-stand-in"
BASE = f"{RUN}-python:3.13-slim"
DOCKERFILE = f"""\
FROM {BASE} AS builder
COPY wren-1.0-py3-none-any.whl /wheels/
RUN pip install --no-index /wheels/*.whl
RUN python -m venv /opt/venv && /opt/venv/bin/pip install --no-index /wheels/*.whl
FROM {BASE} AS environment
COPY --from=builder /opt/venv /opt/venv
ENV PATH=/opt/venv/bin:$PATH
CMD ["wren"]
FROM {BASE} AS packages
COPY --from=builder /usr/local/lib/python3.13/site-packages /usr/local/lib/python3.13/site-packages
COPY --from=builder /usr/local/bin/wren /usr/local/bin/wren
CMD ["wren"]
"""
SYSTEM = """\
python -V && python3 -V && pip --version
for name in python python3 pip; do command -v $name; done
python -c 'import bz2, ctypes, lzma, sqlite3, ssl, zoneinfo; print("modules")'
python -c 'import ssl; print(len(ssl.create_default_context().get_ca_certs()) > 100)'
which python && sh -c 'echo shell' && id -u && echo $PYTHON_VERSION && cat /etc/debian_version
"""


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    """The engine with the stand-in, under a name of these tests alone."""
    engine = connect()
    recipe = find_recipe("python:3.13-slim")
    assert recipe
    ensure_stand_in(engine, recipe, BASE, lambda _: None, lambda: False)
    yield engine
    engine.remove_leftovers(RUN)
    engine.remove_image(BASE)
    engine.close()


@pytest.fixture(scope="module")
def context(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A build context with a wheel that has a module and a program."""
    folder = tmp_path_factory.mktemp("python-project")
    (folder / "Dockerfile").write_text(DOCKERFILE)
    write_wheel(
        folder / "wren-1.0-py3-none-any.whl",
        "import sys\n\n\ndef main():\n    print('wren', sys.prefix)\n",
        "[console_scripts]\nwren = wren:main\n",
    )
    return folder


def said(engine: Engine, image: str, *arguments: str) -> str:
    """Run a container without a network to its end and return what it wrote."""
    request = RunRequest(image, arguments=arguments or None, labels=run_labels(RUN), networked=False)
    with engine.run(request) as container:
        end = container.wait(60)
    assert (end.code, end.killed) == (0, False), end
    return end.log


@pytest.mark.parametrize(("target", "prefix"), [("environment", "/opt/venv"), ("packages", "/usr/local")])
def test_what_pip_installed_in_a_builder_runs_in_the_final_stage(
    engine: Engine, context: Path, target: str, prefix: str
) -> None:
    """A virtual environment, or packages and programs at the places that the real image has for them."""
    request = BuildRequest(context=context, tag=f"{RUN}:{target}", target=target, labels=run_labels(RUN))
    result = engine.build(request)
    assert result.image_id, f"{result.error}: {[step.log for step in result.steps]}"
    assert said(engine, result.image_id) == f"wren {prefix}"


def test_it_is_the_python_that_it_says(engine: Engine) -> None:
    """The commands, the modules, the certificates and the system of the real image; no claim of another version."""
    lines = said(engine, BASE, "sh", "-ec", SYSTEM).splitlines()
    version = lines[0]
    assert version.startswith("Python 3.13.")
    assert lines[1] == version
    assert "from /usr/local/lib/python3.13/site-packages/pip (python 3.13)" in lines[2]
    assert lines[3:6] == [f"/usr/local/bin/{name}" for name in ("python", "python3", "pip")]
    assert lines[6:11] == ["modules", "True", "/usr/local/bin/python", "shell", "0"]
    assert f"Python {lines[11]}" == version
    assert lines[12].startswith("13")


def test_without_a_network_pip_says_so_at_once(engine: Engine) -> None:
    """A package that is not in the context is not available, and no check for a newer pip waits before that is said."""
    request = RunRequest(
        BASE,
        arguments=("pip", "install", "--retries", "0", "wren"),
        labels=run_labels(RUN),
        networked=False,
    )
    with engine.run(request) as container:
        end = container.wait(60)
    assert end.code == 1
    assert "No matching distribution found for wren" in end.log
