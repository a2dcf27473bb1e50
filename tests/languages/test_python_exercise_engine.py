"""An exercise in a third language: its own folder and the criteria that there are, without a change anywhere else."""

from collections.abc import Callable
from pathlib import Path

import pytest

from grader.exercise.catalogue import find_exercise
from grader.exercise.model import Pack
from grader.grading.grade import GradeRequest, grade
from grader.verdict import Outcome, Verdict
from tests.languages.wheels import write_wheel

pytestmark = pytest.mark.engine

TOML = """\
format_version = 1
slug = "python-packages"
title = "Packages from a builder"
minutes = 20
editable = ["Dockerfile"]
base_images = ["python:3.13-slim"]
hints = ["Look.", "Look again.", "COPY --from=builder"]
files = ["app.py", "greeting.txt", "wren-1.0-py3-none-any.whl"]

[budgets]
added_size = 15_000_000
"""
TESTS = '''
from grader.criteria.answers_http import answers_http
from grader.criteria.builds import builds
from grader.criteria.built_from_source import built_from_source
from grader.criteria.no_package_caches import no_package_caches
from grader.criteria.no_toolchain import no_toolchain
from grader.criteria.non_root import non_root
from grader.pytest_plugin.api import Variant, criterion, require

PLAIN = Variant(writes={"greeting.txt": "Good day from {greeting}!\\n"})


@criterion("builds", points=20)
def test_builds(attempt):
    """The Dockerfile builds."""
    require(builds(attempt))


@criterion("answers-http", points=20)
def test_answers_http(service, image):
    """The container answers on port 8080."""
    require(answers_http(service.get("/"), image))


@criterion("built-from-source", points=20)
def test_built_from_source(service, image, nonce):
    """The program that answers is the one in this folder."""
    require(built_from_source(service.get("/"), image, nonce("greeting")))


@criterion("no-package-caches", points=20)
def test_no_package_caches(image):
    """No cache of pip is in the image."""
    require(no_package_caches(image))


@criterion("no-toolchain", points=10)
def test_no_toolchain(image):
    """No compiler is in the image."""
    require(no_toolchain(image))


@criterion("non-root", points=10)
def test_non_root(service, image):
    """The program does not run as root."""
    require(non_root(service.user_ids(), image))
'''
APP = """\
import http.server
from pathlib import Path

import wren


class Answer(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(wren.sing(Path("greeting.txt").read_text()).encode())


http.server.HTTPServer(("", 8080), Answer).serve_forever()
"""
ENVIRONMENT = """\
FROM python:3.13-slim AS builder
RUN python -m venv /opt/venv
COPY *.whl /wheels/
RUN /opt/venv/bin/pip install --no-index /wheels/*.whl
FROM python:3.13-slim
WORKDIR /app
COPY --from=builder /opt/venv /opt/venv
COPY app.py greeting.txt ./
USER 1000
CMD ["/opt/venv/bin/python", "app.py"]
"""
PACKAGES = """\
FROM python:3.13-slim AS builder
COPY *.whl .
RUN pip install --no-index --target=/packages *.whl
FROM python:3.13-slim
WORKDIR /app
COPY --from=builder /packages /usr/local/lib/python3.13/site-packages
COPY app.py greeting.txt ./
USER nobody
CMD ["python3", "app.py"]
"""
FORGOTTEN = ENVIRONMENT.replace("COPY --from=builder /opt/venv /opt/venv\n", "").replace("/opt/venv/bin/", "")
CARELESS = """\
FROM python:3.13-slim
WORKDIR /app
COPY *.whl .
RUN pip install --no-index *.whl && mkdir -p ~/.cache/pip && cp *.whl ~/.cache/pip/
COPY app.py greeting.txt ./
CMD ["python3", "app.py"]
"""


@pytest.fixture
def judge(tmp_path: Path) -> Callable[[str], Verdict]:
    """Grade a Dockerfile in an exercise that is in a pack of its own."""
    folder = tmp_path / "exercises" / "01-python-packages"
    folder.mkdir(parents=True)
    (folder / "exercise.toml").write_text(TOML)
    (folder / "test_exercise.py").write_text(TESTS)
    (folder / "app.py").write_text(APP)
    (folder / "greeting.txt").write_text("Good day!\n")
    write_wheel(folder / "wren-1.0-py3-none-any.whl", "def sing(text):\n    return text + 'tweet\\n'\n")
    (tmp_path / "submission").mkdir()

    def run(dockerfile: str) -> Verdict:
        (tmp_path / "submission" / "Dockerfile").write_text(dockerfile)
        exercise = find_exercise("python-packages", [Pack(tmp_path, "python")])
        return grade(GradeRequest(exercise, tmp_path / "submission", "key"))

    return run


def failed(verdict: Verdict) -> dict[str, str]:
    """What was seen where a criterion failed, by its id."""
    assert not verdict.machine_error
    return {result.id: result.actual for result in verdict.criteria if result.status is Outcome.FAILED}


@pytest.mark.parametrize("dockerfile", [ENVIRONMENT, PACKAGES])
def test_right_answers_of_different_shape_pass(judge: Callable[[str], Verdict], dockerfile: str) -> None:
    """A virtual environment, and packages in the interpreter's own folder."""
    assert failed(judge(dockerfile)) == {}


def test_packages_that_stay_in_the_builder_are_named(judge: Callable[[str], Verdict]) -> None:
    """Python's last line says what is missing, and feedback repeats it."""
    found = failed(judge(FORGOTTEN))
    assert "ModuleNotFoundError: No module named 'wren'" in found["answers-http"]


def test_pips_cache_is_known_by_the_languages_file_alone(judge: Callable[[str], Verdict]) -> None:
    """So is who runs the program."""
    found = failed(judge(CARELESS))
    assert found.keys() == {"no-package-caches", "non-root"}
    assert "pip's cache in /root/.cache/pip" in found["no-package-caches"]
