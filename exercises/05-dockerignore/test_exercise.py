"""What an answer to exercise 05 must do: one test, one criterion."""

from pathlib import Path, PurePosixPath

import pytest

from grader.criteria.answers_http import answers_http
from grader.criteria.builds import builds
from grader.criteria.context_clean import Canary, context_clean
from grader.criteria.context_complete import context_complete
from grader.criteria.host_modules_ignored import host_modules_ignored
from grader.criteria.image_clean import image_clean
from grader.pytest_plugin.api import Variant, criterion, require

HERE = Path(__file__).parent
ROOT = PurePosixPath("context")
MODULES = "node_modules/@workshop/router"

POISON = """import { createServer } from "node:http";

export class Router {
  get() { return this; }
  otherwise() { return this; }
  listen(port, ready) {
    return createServer((_, answer) => answer.end("a router of the host: {host}\\n")).listen(port, ready);
  }
}
"""
POISON_MANIFEST = '{"name": "@workshop/router", "version": "1.0.0", "type": "module", "exports": "./index.js"}\n'
"""A router as it may be in the host's node_modules: it answers, but it is not the one that is locked."""

PLANTED = {
    ".git/config": '[remote "origin"]\n\turl = https://robot:{git}@git.example/shop.git\n',
    ".git/objects/pack/pack-1.pack": "{pack}\n",
    ".env": "PAYMENT_KEY={env}\n",
    ".env.production": "PAYMENT_KEY={env-production}\n",
    f"{MODULES}/index.js": POISON,
    f"{MODULES}/package.json": POISON_MANIFEST,
    "test/node_modules/left/index.js": "// {nested}\n",
    "dist/frontend/old.js": "// {dist}\n",
    "npm-debug.log": "verbose stack {log}\n",
    "backend/server.log": "GET / {nested-log}\n",
    "backups/shop.sql": "INSERT INTO orders VALUES ('teapot', 1);\n" * 60_000 + "-- {dump}\n",
}
"""Files that are often left in a folder in which people work."""
NONCES = {
    ".git/config": "git",
    ".git/objects/pack/pack-1.pack": "pack",
    ".env": "env",
    ".env.production": "env-production",
    f"{MODULES}/index.js": "host",
    "test/node_modules/left/index.js": "nested",
    "dist/frontend/old.js": "dist",
    "npm-debug.log": "log",
    "backend/server.log": "nested-log",
    "backups/shop.sql": "dump",
}
CANARIES = (
    Canary(".git/config", "The folder .git contains the history of the source, also deleted files: keep it out."),
    Canary(".git/objects/pack/pack-1.pack", "Keep out the complete folder, not only some of its files."),
    Canary(".env", "Files with secrets are for the person who runs the container, not for the build: keep them out."),
    Canary(
        ".env.production",
        "There is a file like .env for each environment: a star at the end of the pattern matches all of them.",
    ),
    Canary(f"{MODULES}/index.js", "The build installs its packages: keep those of the host out."),
    Canary(
        "test/node_modules/left/index.js",
        "A name alone matches in the root only: with `**/` before it, it matches in every folder.",
    ),
    Canary("dist/frontend/old.js", "The build makes these files again: do not send them to it."),
    Canary("npm-debug.log", "Logs are not part of the source: a star in a pattern matches any name before the ending."),
    Canary(
        "backend/server.log",
        "A pattern begins at the root of the context: with `**/` at the front, it matches in every folder.",
    ),
    Canary(
        "backups/shop.sql",
        "A dump of data makes each build slow, and everyone can read who bought what: keep its folder out.",
    ),
)


def source():
    """Return what the build needs: the manifest, the packages, and both halves of the source."""
    folders = [
        path for name in ("vendor", "frontend", "backend") for path in (HERE / name).rglob("*") if path.is_file()
    ]
    return ["package.json", "package-lock.json", *(path.relative_to(HERE).as_posix() for path in folders)]


KEPT_OUT = {
    ".git": "Everything in .git is history, whatever it is called: keep out the complete folder.",
    "node_modules": "The build installs its packages: keep out the complete folder, whatever the endings of its files.",
    "test/node_modules": "These are installed packages too: keep out the complete folder.",
    "dist": "The build makes these files again: keep out the complete folder, whatever the endings of its files.",
    "backups": "Dumps have many endings: keep out the complete folder.",
}
"""The folders of which nothing may be sent."""
ENDINGS = sorted({Path(name).suffix for name in source()} | {"", ".map", ".md", ".mjs", ".sql", ".ts"})
"""The endings of the program's own files, which people let in again, and a few more."""
DEPTHS = ("", "{folder}/", "{folder}/lib/")
LOG_FOLDERS = (
    "frontend/",
    "vendor/",
    "test/",
    "logs/",
    "{folder}/",
    "test/reports/{folder}/",
    "vendor/old/{folder}/",
    "logs/{folder}/11/30/late/",
)
DEEP_LOG_FOLDERS = ("backend/{folder}/", "backend/jobs/logs/", "frontend/pages/{folder}/old/")
"""Not for the image: the bundler takes files only, and would find such a folder."""
LOG_HINT = "A log can be in a folder of a folder, too: `**/` in a pattern is any number of folders, `*/` is one."
ENV_HINT = "There is a file like .env for each environment, and you cannot know them all: use a star."


def strays():
    """Return more such files, each with a name of its own that nobody can know: path to hint.

    The names are other nonces than the contents: what a later layer deletes is named in it, and is not there.
    """
    paths = {f"{folder}{{NAME}}.log": LOG_HINT for folder in LOG_FOLDERS}
    paths[".env.{NAME}"] = ENV_HINT
    for folder, hint in KEPT_OUT.items():
        paths.update({f"{folder}/{depth}{{NAME}}{ending}": hint for depth in DEPTHS for ending in ENDINGS})
    return {path.replace("NAME", f"name-{number}"): hint for number, (path, hint) in enumerate(paths.items())}


STRAYS = strays()
NONCES.update({path: f"stray-{number}" for number, path in enumerate(STRAYS)})
PLANTED.update({path: f"{{{NONCES[path]}}}\n" for path in STRAYS})
IN_SOURCE_FOLDERS = {f"{folder}{{name}}.log": "{deep-log}\n" for folder in DEEP_LOG_FOLDERS}

PLAIN = Variant(writes=PLANTED, appends={"backend/greeting.txt": "{greeting}\n"})
CONTEXT = Variant(
    name="context", writes={**PLANTED, **IN_SOURCE_FOLDERS}, dockerfile="FROM scratch\nCOPY . /context/\n"
)
"""An image of the complete context, without what the learner's .dockerignore keeps out."""


@criterion("builds", points=10)
def test_builds(attempt):
    """The image builds."""
    require(builds(attempt))


@criterion("answers-http", points=10)
def test_answers_http(service, image):
    """The container answers on port 8080."""
    require(answers_http(service.get("/"), image))


@pytest.mark.usefixtures("image")  # an empty context is clean: it counts once there is an image
@criterion("context-clean", points=35)
def test_context_clean(images, nonce):
    """What the build does not need stays out of the build context."""
    hints = {**STRAYS, **dict.fromkeys(IN_SOURCE_FOLDERS, LOG_HINT)}
    strays = [Canary(nonce.fill(path), hint) for path, hint in hints.items()]
    require(context_clean(images(CONTEXT), ROOT, [*CANARIES, *strays]))


@criterion("context-complete", points=15)
def test_context_complete(images):
    """What the build needs reaches the build context."""
    require(context_complete(images(CONTEXT), ROOT, source()))


@criterion("image-clean", points=15)
def test_image_clean(image, nonce):
    """The files that must stay out are in no layer of the image."""
    require(image_clean(image, {nonce.fill(path): nonce(name) for path, name in NONCES.items()}))


@criterion("host-modules-ignored", points=15)
def test_host_modules_ignored(service, image, nonce):
    """The packages that run are those that the build installed."""
    require(host_modules_ignored(service.get("/"), image, nonce("host")))
