"""What must hold of an answer to exercise 05: one test, one criterion."""

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
"""A router as it may lie in the host's node_modules: it answers, but it is not the one that is locked."""

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
"""What lies about in a folder in which people work."""
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
    Canary(".git/config", "The history of the source, with all that was ever in it, is for git: keep its folder out."),
    Canary(".git/objects/pack/pack-1.pack", "Keep out the whole folder, not only some of its files."),
    Canary(".env", "Files with secrets in them are for the one who runs the container, not for the one who builds it."),
    Canary(
        ".env.production",
        "It has brothers, one for each environment: a star at the end of the pattern matches them all.",
    ),
    Canary(f"{MODULES}/index.js", "Packages are installed by the build: keep those of the host out."),
    Canary(
        "test/node_modules/left/index.js",
        "A name alone is looked for in the root only: `**/` before it makes it hold in every folder.",
    ),
    Canary("dist/frontend/old.js", "What the build makes anew need not be sent to it."),
    Canary("npm-debug.log", "Logs are no part of the source: a star stands for any name before the ending."),
    Canary(
        "backend/server.log",
        "A pattern begins at the root of the context: `**/` at its front makes it hold in every folder.",
    ),
    Canary(
        "backups/shop.sql",
        "A dump of data makes each build slow, and tells everyone who bought what: keep its folder out.",
    ),
)

PLAIN = Variant(writes={**PLANTED, "backend/greeting.txt": "Good day from {greeting}!\n"})
CONTEXT = Variant(name="context", writes=PLANTED, dockerfile="FROM scratch\nCOPY . /context/\n")
"""An image of the whole context, as the learner's .dockerignore leaves it."""


def source():
    """Return what the build needs: the manifest, the packages, and both halves of the source."""
    folders = [
        path for name in ("vendor", "frontend", "backend") for path in (HERE / name).rglob("*") if path.is_file()
    ]
    return ["package.json", "package-lock.json", *(path.relative_to(HERE).as_posix() for path in folders)]


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
def test_context_clean(images):
    """What the build does not need stays out of the build context."""
    require(context_clean(images(CONTEXT), ROOT, CANARIES))


@criterion("context-complete", points=15)
def test_context_complete(images):
    """What the build needs reaches the build context."""
    require(context_complete(images(CONTEXT), ROOT, source()))


@criterion("image-clean", points=15)
def test_image_clean(image, nonce):
    """Nothing of it is in any layer of the image."""
    require(image_clean(image, {path: nonce(name) for path, name in NONCES.items()}))


@criterion("host-modules-ignored", points=15)
def test_host_modules_ignored(service, image, nonce):
    """The packages that run are those that the build installed."""
    require(host_modules_ignored(service.get("/"), image, nonce("host")))
