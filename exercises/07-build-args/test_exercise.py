"""What an answer to exercise 07 must do: one test, one criterion."""

from grader.criteria.app_version import app_version_arrives, version_label
from grader.criteria.builds import builds
from grader.criteria.bundle import RECORD, bundles
from grader.criteria.late_arg import late_arg, until_it_arrives
from grader.criteria.runs_node import builds_with, runs_node
from grader.criteria.same_version import same_version
from grader.pytest_plugin.api import Variant, criterion, fresh_edits, require

PLAIN = Variant()
OLDER = Variant(name="older-node", build_args={"NODE_VERSION": "22"})
RELEASE = Variant(name="release", build_args={"APP_VERSION": "2.0.0-{release}"})
RELEASED_ANEW = fresh_edits(RELEASE, build_args={"APP_VERSION": "2.1.0-{fresh}"})


@criterion("builds", points=10)
def test_builds(attempt):
    """The Dockerfile builds without any arguments."""
    require(builds(attempt))


@criterion("default-version", points=10)
def test_default_version(attempt, service):
    """Without an argument the service runs on Node 24."""
    hint = "If the build gets no value, the ARG has its default: which default does yours have?"
    require(runs_node(service.get("/node"), attempt, 24, when="when no argument is given", hint=hint))


@criterion("override-version", points=20)
def test_override_version(attempt, attempts, services):
    """With NODE_VERSION=22 the service runs on Node 22."""
    older = attempts(OLDER)
    require(builds_with(older, "NODE_VERSION=22", attempt))
    hint = "The last FROM decides which Node runs: does it take its version from an ARG of this name?"
    require(runs_node(services(OLDER).get("/node"), older, 22, when="when built with NODE_VERSION=22", hint=hint))


@criterion("same-version-in-every-stage", points=15)
def test_same_version_in_every_stage(attempts, services, read_named):
    """With NODE_VERSION=22 every stage that builds uses Node 22 as well."""
    built = bundles(read_named(OLDER, RECORD))
    require(same_version(services(OLDER).get("/node"), built, attempts(OLDER), 22))


@criterion("app-version-arrives", points=20)
def test_app_version_arrives(services, images, nonce):
    """The service knows the APP_VERSION that the build got."""
    require(app_version_arrives(services(RELEASE).get("/version"), images(RELEASE), nonce("release")))


@criterion("version-label", points=10)
def test_version_label(images, nonce):
    """The image's label says the APP_VERSION that the build got."""
    require(version_label(images(RELEASE), nonce("release")))


@criterion("late-arg", points=15)
def test_late_arg(attempt, services, images, installed, nonce):
    """Another APP_VERSION does not install the packages again."""
    answered = app_version_arrives(services(RELEASE).get("/version"), images(RELEASE), nonce("release"))
    require(until_it_arrives(answered, version_label(images(RELEASE), nonce("release"))))
    require(late_arg(attempt, installed(PLAIN), installed(RELEASE), map(installed, RELEASED_ANEW)))
