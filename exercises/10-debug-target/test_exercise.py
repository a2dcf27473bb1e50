"""What an answer to exercise 10 must do: one test, one criterion."""

from grader.criteria.builder_target import SECONDS, builder_target, running_tests
from grader.criteria.builds import builds
from grader.criteria.debug_target import PROGRAM_CAP, SHELL, debug_target, program_of
from grader.criteria.default_is_runtime import default_is_runtime
from grader.criteria.size import size
from grader.criteria.target import has_target
from grader.pytest_plugin.api import Variant, criterion, require

TEST = '\nfunc Test_{tests}(t *testing.T) {\n\tt.Log("{tests}")\n}\n'
BUILDER = Variant(name="target:builder", target="builder", appends={"main_test.go": TEST})
DEBUG = Variant(name="target:debug", target="debug")


@criterion("builds", points=10)
def test_builds(attempt):
    """The Dockerfile builds."""
    require(builds(attempt))


@criterion("default-is-runtime", points=30)
def test_default_is_runtime(service, image):
    """A build without a target gives only the program: no toolchain, no shell."""
    require(default_is_runtime(service.get("/"), image))


@criterion("builder-target", points=25)
def test_builder_target(attempt, attempts, another_service, nonce):
    """The target `builder` has the toolchain, a shell and the source: the tests run in it."""
    require(has_target(attempts(BUILDER), attempt))
    with another_service(BUILDER, **running_tests(nonce("tests"))) as container:
        require(builder_target(container.wait(SECONDS), attempts(BUILDER), nonce("tests")))


@criterion("debug-target", points=25)
def test_debug_target(attempt, attempts, image, images, service, services, another_service):
    """The target `debug` has the same program as the shipped image, and a shell."""
    require(has_target(attempts(DEBUG), attempt))
    programs = [program_in(services(DEBUG), images(DEBUG)), program_in(service, image)]
    with another_service(DEBUG, **SHELL) as container:
        shell = container.wait(20.0)
    require(debug_target(images(DEBUG), services(DEBUG).get("/"), shell, *programs))


def program_in(container, shipped):
    """Read the program that the image starts; None if it is not in the image."""
    path = program_of(shipped)
    return container.read_file(path, PROGRAM_CAP) if path else None


@criterion("size", points=10)
def test_size(image, budgets):
    """The image that is shipped is small."""
    require(size(image, budgets["image_size"]))
