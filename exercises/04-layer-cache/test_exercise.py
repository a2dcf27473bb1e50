"""What an answer to exercise 04 must do: one test, one criterion."""

import json
from dataclasses import replace
from pathlib import Path

from grader.criteria.answers_http import answers_http
from grader.criteria.builds import builds
from grader.criteria.deps_cached import deps_cached
from grader.criteria.deps_refreshed import deps_refreshed
from grader.criteria.edit_is_seen import Edit, edit_is_seen
from grader.criteria.lockfile_enforced import lockfile_enforced
from grader.pytest_plugin.api import Variant, criterion, fresh_edits, require

HERE = Path(__file__).parent
SPARE, ROUTER = "@workshop/spare", "node_modules/@workshop/router"
"""One more dependency: the router's package again, under another name."""


def manifest_with_spare():
    """Return package.json with one more dependency."""
    manifest = json.loads((HERE / "package.json").read_text("utf-8"))
    manifest["dependencies"][SPARE] = manifest["dependencies"]["@workshop/router"]
    return as_npm_writes(manifest)


def lockfile_with_spare():
    """Return the package-lock.json that agrees with it."""
    lockfile = json.loads((HERE / "package-lock.json").read_text("utf-8"))
    packages = lockfile["packages"]
    packages[""]["dependencies"][SPARE] = packages[""]["dependencies"]["@workshop/router"]
    packages[f"node_modules/{SPARE}"] = {"name": "@workshop/router", **packages[ROUTER]}
    return as_npm_writes(lockfile)


def as_npm_writes(content):
    """Return the text that npm would write: a step of the build may compare the file before and after npm."""
    return json.dumps(content, indent=2, ensure_ascii=False) + "\n"


GREETING = {"backend/greeting.txt": "{greeting}\n"}
PLAIN = Variant(appends=GREETING, build_args={"APP_VERSION": "1.0.0-{first}"})
EDITED = Variant(
    name="edited-source",
    writes={"frontend/sale.js": 'export const sale = "{sale}";\n'},
    appends={"backend/greeting.txt": "{evening}\n"},
    build_args={"APP_VERSION": "1.1.0-{second}"},
)
UNLOCKED = Variant(name="unlocked-dependency", appends=GREETING, writes={"package.json": manifest_with_spare()})
LOCKED = replace(
    UNLOCKED, name="another-dependency", writes={**UNLOCKED.writes, "package-lock.json": lockfile_with_spare()}
)
EDITED_ANEW = fresh_edits(
    EDITED,
    appends={"backend/greeting.txt": "{fresh}\n", "frontend/sale.js": "// {fresh}\n"},
    build_args={"APP_VERSION": "1.2.0-{fresh}"},
)


@criterion("builds", points=10)
def test_builds(attempt):
    """The Dockerfile builds."""
    require(builds(attempt))


@criterion("answers-http", points=15)
def test_answers_http(service, image):
    """The container answers on port 8080."""
    require(answers_http(service.get("/"), image))


@criterion("deps-cached", points=30)
def test_deps_cached(attempt, installed):
    """A change of source or version does not install the packages again."""
    require(deps_cached(attempt, installed(PLAIN), installed(EDITED), map(installed, EDITED_ANEW)))


@criterion("deps-refreshed", points=15)
def test_deps_refreshed(attempts, installed):
    """A change of the dependencies installs the packages again."""
    before, attempt = installed(PLAIN), attempts(LOCKED)
    after = installed(LOCKED) if attempt.result and attempt.result.built else ()
    require(deps_refreshed(attempt, before, after))


@criterion("lockfile-enforced", points=15)
def test_lockfile_enforced(attempts, installed):
    """The installed packages are those in package-lock.json."""
    before = installed(PLAIN)
    require(lockfile_enforced(attempts(LOCKED), attempts(UNLOCKED), before))


@criterion("edit-is-seen", points=15)
def test_edit_is_seen(attempt, services, nonce):
    """The edited source runs, with new files and the new version."""
    service = services(EDITED)
    edits = (
        Edit(
            "the changed backend/greeting.txt",
            nonce("evening"),
            service.get("/"),
            "Build from the copied source.",
            file="backend/greeting.txt",
        ),
        Edit(
            "the new file frontend/sale.js",
            nonce("sale"),
            service.get("/sale.js"),
            "Copy complete folders of source: a list of files is out of date with the next new file.",
            file="frontend/sale.js",
        ),
        Edit(
            "the APP_VERSION of its build",
            nonce("second"),
            service.get("/version"),
            "The program reads APP_VERSION from its environment: an ARG alone is gone when the container runs.",
            argument="APP_VERSION",
        ),
    )
    require(edit_is_seen(attempt, edits))
