"""What an answer to exercise 11 must do: one test, one criterion."""

from grader.criteria.added_size import adds_little
from grader.criteria.answers_http import answers_http
from grader.criteria.artifacts_only import artifacts_only
from grader.criteria.builds import builds
from grader.criteria.no_package_caches import no_package_caches
from grader.criteria.no_wasted_bytes import no_wasted_bytes
from grader.pytest_plugin.api import Variant, criterion, require

PLAIN = Variant(
    appends={
        "backend/greeting.txt": "{greeting}\n",
        "*.js": "\n// {source}\n",  # the bundler takes comments out
        "pictures/*.txt": "\n# {source}\n",
    },
)
PAGES = ("/", "/shop", "/api/products", "/teapot.png")
TOOLS = ("@workshop/bundler", "@workshop/checks")
WASTE = 10_000
"""Bytes that may be hidden: a second line in /etc/passwd is no waste, but the sources of this exercise are."""
SPARE = 50_000
"""Bytes of files that the check does not know: a small configuration is fine, an unfinished picture is not."""


@criterion("builds", points=10)
def test_builds(attempt):
    """The Dockerfile builds."""
    require(builds(attempt))


@criterion("answers-http", points=15)
def test_answers_http(service, image):
    """The service answers on port 8080, and has its pages and pictures."""
    for page in PAGES:
        require(answers_http(service.get(page), image))


@criterion("no-wasted-bytes", points=25)
def test_no_wasted_bytes(image):
    """Nothing is shipped that a later layer hides."""
    require(no_wasted_bytes(image, WASTE))


@criterion("no-package-caches", points=15)
def test_no_package_caches(image):
    """No cache of a package manager is shipped."""
    require(no_package_caches(image))


@criterion("artifacts-only", points=20)
def test_artifacts_only(image, nonce):
    """The image ships only what runs."""
    require(artifacts_only(image, nonce("source"), TOOLS, SPARE))


@criterion("size", points=15)
def test_size(image, budgets):
    """The image adds little to its base."""
    require(adds_little(image, budgets["added_size"], runtime="node"))
