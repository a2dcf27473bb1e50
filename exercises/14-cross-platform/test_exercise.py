"""What an answer to exercise 14 must do: one test, one criterion."""

from dataclasses import replace

from grader.criteria.answers_http import answers_http
from grader.criteria.builds import builds
from grader.criteria.native_builder import native_builder
from grader.criteria.other_architecture import builds_for_other, needs_build, needs_native, other_architecture
from grader.criteria.size import size
from grader.pytest_plugin.api import Variant, criterion, require

PLAIN = Variant(appends={"greeting.txt": "{greeting}\n"})
OTHER = replace(PLAIN, name="other-platform", platform="other")


@criterion("builds", points=10)
def test_builds(attempt):
    """The Dockerfile builds."""
    require(builds(attempt))


@criterion("answers-http", points=15)
def test_answers_http(service, image):
    """The container answers on port 8080."""
    require(answers_http(service.get("/"), image))


@criterion("native-builder", points=30)
def test_native_builder(attempt, compilers):
    """The compiler runs on the machine's own platform, also when it builds for another one."""
    require(needs_build(attempt))
    require(native_builder(compilers(OTHER)))


@criterion("other-architecture", points=35)
def test_other_architecture(attempt, attempts, images, compilers, nonce):
    """A build for another platform gives an image and a program for that platform."""
    require(needs_build(attempt))
    require(needs_native(compilers(OTHER)))
    require(builds_for_other(attempts(OTHER)))
    require(other_architecture(images(OTHER), nonce("greeting")))


@criterion("size", points=10)
def test_size(image, budgets):
    """The image is small."""
    require(size(image, budgets["image_size"]))
