"""What an answer to exercise 01 must do: one test, one criterion."""

from grader.criteria.answers_http import answers_http
from grader.criteria.builds import builds
from grader.criteria.built_from_source import built_from_source
from grader.criteria.exposes_port import exposes_port
from grader.criteria.has_start_command import has_start_command
from grader.pytest_plugin.api import Variant, criterion, require

PLAIN = Variant(appends={"greeting.txt": "{greeting}\n"})


@criterion("builds", points=20)
def test_builds(attempt):
    """The Dockerfile builds."""
    require(builds(attempt))


@criterion("answers-http", points=30)
def test_answers_http(service, image):
    """The container answers on port 8080."""
    require(answers_http(service.get("/"), image))


@criterion("built-from-source", points=20)
def test_built_from_source(service, image, nonce):
    """The program that answers was built from the source in this folder."""
    require(built_from_source(service.get("/"), image, nonce("greeting")))


@criterion("exposes-port", points=10)
def test_exposes_port(image):
    """The image says that it listens on port 8080."""
    require(exposes_port(image, "8080/tcp"))


@criterion("has-start-command", points=20)
def test_has_start_command(image):
    """The image says what to start."""
    require(has_start_command(image))
