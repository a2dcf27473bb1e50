"""What an answer to exercise 15 must do: one test, one criterion."""

import hashlib
from dataclasses import replace
from pathlib import Path, PurePosixPath

import pytest

from grader.criteria.answers_http import answers_http, cannot_tell
from grader.criteria.builders_independent import Part, builders_independent
from grader.criteria.builds import builds
from grader.criteria.built_from_source import built_from_source
from grader.criteria.bundle import RECORD, PageBundle, bundles
from grader.criteria.context_clean import Canary, context_clean
from grader.criteria.deps_cached import deps_cached
from grader.criteria.no_sources import no_sources
from grader.criteria.no_toolchain import no_toolchain
from grader.criteria.no_wasted_bytes import no_wasted_bytes
from grader.criteria.non_root import non_root
from grader.criteria.page_tools import UNKNOWN, page_tools
from grader.criteria.secret_not_leaked import secret_not_leaked
from grader.criteria.secret_required import secret_required, token_of_the_secret
from grader.criteria.serves_frontend import serves_frontend
from grader.criteria.size import size
from grader.criteria.stops_gracefully import stops_gracefully
from grader.exercise.nonce import base64_forms
from grader.pytest_plugin.api import Variant, criterion, fresh_edits, require

SECRET, ARGUMENT, FILE, TOKENS = "store_token", "STORE_TOKEN", "store_token.txt", "registry/tokens.sha256"


def planted(frontend="{frontend}", greeting="{greeting}"):
    """Return what is planted, with a mark of each part that its build leaves in."""
    return {
        "*.go": "\n// {source}\n",
        "api/greeting.txt": f"{greeting}\n",
        "*.js": "\n// {source}\n",  # the bundler takes comments out
        "frontend/*.js": f'\nexport const edition = "{frontend}";\n',
        "frontend/*.css": f"\n/* {frontend} */\n",
        "frontend/*.html": f"\n<!-- {frontend} -->\n",
    }


PLAIN = Variant(
    secrets={SECRET: "{token}\n"},
    build_args={ARGUMENT: "{old-token}"},
    writes={FILE: "{old-token}\n", TOKENS: "{sha256:token}\n{sha256:old-token}\n"},
    appends=planted(),
)
PAGES = ("/shop", "/style.css", "/app.js", "/price.js")
PAINTED = ("/brand.css", "/about.json")

API, PAGE = Part("api", "go build"), Part("frontend", "npm run build")
EDITS = {
    "api": replace(PLAIN, name="edited-api", appends=planted(greeting="{edited}")),
    "frontend": replace(PLAIN, name="edited-frontend", appends=planted(frontend="{edited}")),
}
"""Only the mark is another one: tests and checks that pass with PLAIN pass with these."""
EDITED_ANEW = {
    "api": fresh_edits(EDITS["api"], appends=planted(greeting="{fresh}")),
    "frontend": fresh_edits(EDITS["frontend"], appends=planted(frontend="{fresh}")),
}
WITHOUT = replace(
    PLAIN,
    name="without-secret",
    secrets={},
    build_args={ARGUMENT: "{other-token}"},
    writes={FILE: "{other-token}\n", TOKENS: "{sha256:other-token}\n"},
)
"""Another token, so that no step comes from the layer cache: whether a secret was there is not part of its key."""

ROOT = PurePosixPath("context")
CANARIES = (
    Canary(".git/config", "The folder .git contains the history of the source, also deleted files: keep it out."),
    Canary(FILE, "If the token never reaches the engine, nobody can copy it by accident: keep its file out."),
    Canary("node_modules/left/index.js", "The build installs its packages: keep those of the host out."),
    Canary("dist/frontend/old.js", "The build makes these files again: do not send them to it."),
    Canary("npm-debug.log", "Logs are not part of the source: a star in a pattern matches any name before the ending."),
    Canary(
        "backups/shop.sql",
        "A dump of data makes each build slow, and everyone can read who bought what: keep its folder out.",
    ),
)
ENDINGS = ("", ".js", ".json", ".md", ".mjs", ".css", ".html", ".tgz", ".sql")
KEPT_OUT = {Path(canary.path).parts[0]: canary.hint for canary in CANARIES if "/" in canary.path}
"""The folders of which nothing may be sent."""
STRAYS = {
    "{stray}.log": next(canary.hint for canary in CANARIES if canary.path.endswith(".log")),
    **{
        f"{folder}/{depth}{{stray}}{ending}": hint
        for folder, hint in KEPT_OUT.items()
        for depth in ("", "{folder}/")
        for ending in ENDINGS
    },
}
"""More such files, with names that nobody can know and endings that people let in again."""
LEFT = "a file that is often left in a folder in which people work\n"
CONTEXT = Variant(
    name="context",
    writes={
        **dict.fromkeys([*(canary.path for canary in CANARIES), *STRAYS], LEFT),
        "backups/shop.sql": "INSERT INTO orders VALUES ('teapot', 1);\n" * 60_000,
    },
    dockerfile="FROM scratch\nCOPY . /context/\n",
)
"""An image of the complete context, without what the learner's .dockerignore keeps out."""

WASTE = 10_000
"""Bytes that may be hidden: a second line in /etc/passwd is no waste, but a second copy of the program is."""
TRIES = 3
TOOL = "@workshop/bundler"


def built(variant, services, go_runs, *, exactly=False):
    """Return which builds of the two parts a variant has: the page tells its own, and the run of its stage Go's."""
    service = services(variant)
    page = bundles({RECORD: service.get(f"/{RECORD}").body})
    run = go_runs(variant, exactly=exactly) or service.get("/api/built").text.strip()
    return {**page, API.folder: PageBundle(API.folder, run)}


@criterion("builds", points=5)
def test_builds(attempt):
    """The Dockerfile builds when it gets the secret."""
    require(builds(attempt))


@criterion("answers-http", points=5)
def test_answers_http(service, image):
    """The service answers on port 8080."""
    require(answers_http(service.get("/"), image))


@criterion("built-from-source", points=5)
def test_built_from_source(service, image, nonce):
    """The program that answers was compiled from api/."""
    require(built_from_source(service.get("/"), image, nonce("greeting")))


@criterion("serves-frontend", points=10)
def test_serves_frontend(service, image, nonce):
    """The service has the page that was built from frontend/, in the shop's colours."""
    require(serves_frontend([service.get(path) for path in PAGES], image, nonce("frontend")))
    require(serves_frontend([service.get(path) for path in PAINTED], image, ""))  # they are not made from frontend/


@criterion("size", points=10)
def test_size(image, budgets):
    """The image is small."""
    require(size(image, budgets["image_size"]))


@criterion("no-toolchain", points=5)
def test_no_toolchain(image):
    """No compiler is shipped."""
    require(no_toolchain(image))


@criterion("no-sources", points=5)
def test_no_sources(image, nonce):
    """Sources and tests are not shipped."""
    require(no_sources(image, nonce("source")))


@criterion("no-wasted-bytes", points=5)
def test_no_wasted_bytes(image):
    """Nothing is shipped that a later layer hides."""
    require(no_wasted_bytes(image, WASTE))


@criterion("deps-cached", points=10)
def test_deps_cached(attempt, service, services, package_runs):
    """An edit of either part does not install the tools again."""
    require(cannot_tell(service.get("/")))
    tools = lambda variant: page_tools(services(variant).get("/about.json"), attempt, PAGE.folder)  # noqa: E731 - short
    exactly = lambda variant: marked_by_run(tools(variant), variant, package_runs)  # noqa: E731 - asked only before somebody is blamed
    before = tools(PLAIN)
    if not before:
        require(UNKNOWN)
    for part in ("frontend", "api"):
        require(deps_cached(attempt, before, tools(EDITS[part]), map(exactly, EDITED_ANEW[part])))


def marked_by_run(installed, variant, package_runs):
    """Return the installations; one whose mark is a time, which copies lose, gets the mark of its step's run."""
    return tuple(
        replace(one, mark=package_runs(variant, TOOL) or one.mark) if one.by_time else one for one in installed
    )


@criterion("builders-independent", points=10)
def test_builders_independent(attempt, service, services, go_runs):
    """An edit of the page does not compile the program again, and the other way round."""
    require(cannot_tell(service.get("/")))
    before = built(PLAIN, services, go_runs)
    after = {part: built(edit, services, go_runs) for part, edit in EDITS.items()}
    anew = lambda part: (built(edit, services, go_runs, exactly=True) for edit in EDITED_ANEW[part])  # noqa: E731 - asked only before somebody is blamed
    require(builders_independent(attempt, before, after, anew, parts=(PAGE, API)))


@criterion("secret-not-leaked", points=10)
def test_secret_not_leaked(image, nonce):
    """The token is in no layer, no setting and no line of history."""
    tokens = [nonce("token"), nonce("old-token")]
    require(secret_not_leaked(image, tokens, [form for token in tokens for form in base64_forms(token)]))


@criterion("secret-required", points=5)
def test_secret_required(image, attempt, attempts, service, services, nonce):  # noqa: ARG001 - blocked until it builds
    """Without the secret the build fails, and with it only its token is used."""
    others, old = (receipt(nonce(name)) for name in ("other-token", "old-token"))
    ask = lambda: services(WITHOUT).get("/about.json")  # noqa: E731 - asked only if it builds
    require(secret_required(attempts(WITHOUT), SECRET, (ARGUMENT, FILE), ask, others))
    require(token_of_the_secret(service.get("/about.json"), attempt, old, (ARGUMENT, FILE)))


def receipt(token):
    """Return what registry/fetch.mjs leaves with a package that it fetched with `token`."""
    return hashlib.sha256(f"receipt for {token}".encode()).hexdigest()[:16]


@pytest.mark.usefixtures("image")  # an empty context is clean: it counts once there is an image
@criterion("context-clean", points=5)
def test_context_clean(images, nonce):
    """What the build does not need stays out of the build context."""
    strays = [Canary(nonce.fill(path), hint) for path, hint in STRAYS.items()]
    require(context_clean(images(CONTEXT), ROOT, [*CANARIES, *strays]))


@criterion("non-root", points=5)
def test_non_root(service, image):
    """The program does not run as root."""
    require(non_root(service.user_ids(), image))


@criterion("stops-gracefully", points=5)
def test_stops_gracefully(another_service, plain, service, image):
    """The program reacts to SIGTERM and ends by itself."""

    def exits():
        for _ in range(TRIES):
            with another_service(plain) as container:
                container.get("/")
                yield container.stop(grace=5)

    require(cannot_tell(service.get("/")))
    require(stops_gracefully(exits(), image))
