"""What an answer to exercise 08 must do: one test, one criterion."""

import re
from dataclasses import replace
from pathlib import Path

from grader.criteria.answers_http import answers_http
from grader.criteria.builds import builds
from grader.criteria.gated_by_tests import gated_by_tests, stops_in, target_runs_tests
from grader.criteria.ships_no_tests import ships_no_tests
from grader.criteria.size import size
from grader.pytest_plugin.api import Variant, criterion, require

HERE = Path(__file__).parent
BEGINS = re.compile(r"^func Test\w+\(t \*testing\.T\) \{\n", re.MULTILINE)
ASKS = '\tt.Log("{tests}")\n\tif edition != "{edition}" {\n\t\tt.Fatalf("the edition is %q", edition)\n\t}\n'
"""What each test does first. Whatever tests are run, and however they are named, all of them find the fault."""


def asking(name):
    """Return a file of tests in which each test first asks for the edition."""
    return BEGINS.sub(lambda begin: begin[0] + ASKS, (HERE / name).read_text("utf-8"))


def appended(edition):
    """Return what comes at the end of the files: the edition is all that the fault changes, and no file of tests."""
    return {
        "routes.go": f'\n// edition tells one printing from the next.\nvar edition = "{edition}"\n',
        "*_test.go": "\n// {tests}\n",
        "main_test.go": "\nfunc Test_{tests}(t *testing.T) {\n" + ASKS + "}\n",
    }


PLAIN = Variant(
    writes={name: asking(name) for name in ("main_test.go", "routes_test.go")}, appends=appended("{edition}")
)
BROKEN = replace(PLAIN, name="broken", appends=appended("{misprint}"))
TARGET = replace(PLAIN, name="target:test", target="test")
BROKEN_TARGET = replace(BROKEN, name="target:test-broken", target="test")


@criterion("builds", points=10)
def test_builds(attempt):
    """The Dockerfile builds."""
    require(builds(attempt))


@criterion("answers-http", points=10)
def test_answers_http(service, image):
    """The container answers on port 8080."""
    require(answers_http(service.get("/"), image))


@criterion("tests-gate", points=35)
def test_tests_gate(attempt, attempts):
    """A failing test fails the build, also when nobody names a target."""
    require(gated_by_tests(attempts(BROKEN), attempt))


@criterion("test-target", points=20)
def test_test_target(attempt, attempts):
    """The target `test` runs the tests."""
    broken = attempts(BROKEN)
    if not stops_in(broken, "test"):  # if that is known already, there is no need to build again
        broken = attempts(BROKEN_TARGET)
    require(target_runs_tests(attempts(TARGET), broken, attempt))


@criterion("tests-not-shipped", points=15)
def test_tests_not_shipped(image, nonce):
    """No test, test program or report is in the image."""
    require(ships_no_tests(image, nonce("tests")))


@criterion("size", points=10)
def test_size(image, budgets):
    """The image is small."""
    require(size(image, budgets["image_size"]))
