"""What an answer to exercise 08 must do: one test, one criterion."""

from grader.criteria.answers_http import answers_http
from grader.criteria.builds import builds
from grader.criteria.gated_by_tests import gated_by_tests, stops_in, target_runs_tests
from grader.criteria.ships_no_tests import ships_no_tests
from grader.criteria.size import size
from grader.pytest_plugin.api import Variant, criterion, require

TESTS = {
    "*_test.go": "\n// {tests}\n",
    "main_test.go": '\nfunc Test_{tests}(t *testing.T) {\n\tt.Log("{tests}")\n}\n',
}
BREAK = '\nfunc TestThatWasBroken(t *testing.T) {\n\tt.Fatal("broken on purpose: {broken}")\n}\n'
ONE_BROKEN = {**TESTS, "main_test.go": TESTS["main_test.go"] + BREAK}
PLAIN = Variant(appends=TESTS)
BROKEN = Variant(name="broken-test", appends=ONE_BROKEN)
TARGET = Variant(name="target:test", appends=TESTS, target="test")
BROKEN_TARGET = Variant(name="target:test-broken", appends=ONE_BROKEN, target="test")


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
    """A broken test fails the build, also when nobody names a target."""
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
