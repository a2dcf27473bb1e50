"""What an answer to exercise 06 must do: one test, one criterion."""

from dataclasses import replace

from grader.criteria.added_size import adds_little
from grader.criteria.answers_http import answers_http
from grader.criteria.builders_independent import builders_independent
from grader.criteria.builds import builds
from grader.criteria.bundle import RECORD, bundles
from grader.criteria.dev_deps_absent import dev_deps_absent
from grader.criteria.no_sources import no_sources
from grader.criteria.prod_deps_load import prod_deps_load
from grader.criteria.serves_frontend import serves_frontend
from grader.pytest_plugin.api import Variant, criterion, fresh_edits, require


def planted(frontend="{frontend}", backend="{backend}"):
    """Return what is planted, with a mark in every file of each part that its build leaves in."""
    return {
        "*.js": "\n// {source}\n",  # the bundler takes comments out
        "frontend/*.js": f'\nexport const edition = "{frontend}";\n',
        "frontend/*.css": f"\n/* {frontend} */\n",
        "frontend/*.html": f"\n<!-- {frontend} -->\n",
        "backend/*.js": f'\nexport const edition = "{backend}";\n',
        "backend/greeting.txt": f"{backend}\n",
    }


PLAIN = Variant(appends=planted())
EDITS = {
    "frontend": replace(PLAIN, name="edited-frontend", appends=planted(frontend="{edited}")),
    "backend": replace(PLAIN, name="edited-backend", appends=planted(backend="{edited}")),
}
"""Only the mark is another one: tests and checks that pass with PLAIN pass with these."""
EDITED_ANEW = {
    "frontend": fresh_edits(EDITS["frontend"], appends=planted(frontend="{fresh}")),
    "backend": fresh_edits(EDITS["backend"], appends=planted(backend="{fresh}")),
}
PAGES = ("/shop", "/style.css", "/app.js", "/price.js")


@criterion("builds", points=10)
def test_builds(attempt):
    """The Dockerfile builds."""
    require(builds(attempt))


@criterion("answers-http", points=10)
def test_answers_http(service, image):
    """The service answers on port 8080."""
    require(answers_http(service.get("/"), image))


@criterion("serves-frontend", points=15)
def test_serves_frontend(service, image, nonce):
    """The service has the pages that were built from frontend/."""
    require(serves_frontend([service.get(path) for path in PAGES], image, nonce("frontend")))


@criterion("dev-deps-absent", points=15)
def test_dev_deps_absent(image):
    """Packages that only the build needs are not shipped."""
    require(dev_deps_absent(image, ("@workshop/bundler", "@workshop/checks")))


@criterion("prod-deps-load", points=10)
def test_prod_deps_load(service, image):
    """The package that the service needs is there and loads."""
    require(prod_deps_load(service.get("/healthz"), image, "@workshop/router"))


@criterion("no-sources", points=10)
def test_no_sources(image, nonce):
    """Sources and tests are not shipped."""
    require(no_sources(image, nonce("source")))


@criterion("builders-independent", points=20)
def test_builders_independent(attempt, read_named):
    """An edit of the frontend does not rebuild the backend, and the other way round."""
    before = bundles(read_named(PLAIN, RECORD))
    after = {part: bundles(read_named(edit, RECORD)) for part, edit in EDITS.items()}
    anew = lambda part: (bundles(read_named(edit, RECORD)) for edit in EDITED_ANEW[part])  # noqa: E731 - asked only before somebody is blamed
    require(builders_independent(attempt, before, after, anew))


@criterion("size", points=10)
def test_size(image, budgets):
    """The image adds little to its base."""
    require(adds_little(image, budgets["added_size"], runtime="node"))
