"""Node.js: run by its runtime, with packages that npm installs next to the program."""

import re
from collections.abc import Sequence
from itertools import takewhile

from grader.languages.model import Advice, Language, PackageCache

_NPM = re.compile(r"npm (?:error|ERR!) ?(.*)")
_NPM_HELP = ("Usage:", "Clean install a project", "Options:", "A complete log of this run", 'Run "npm help')
"""With these npm goes over from the cause to its own manual."""
_STACK = re.compile(r"at (?:async )?[\w.#<>\[\] ]+ \(")
_NPM_ASIDE = re.compile(r"(?:code|errno|syscall|path) \S+$|enoent(?: This is related to npm .*)?$")
_VERSION = re.compile(r"Node\.js v\d")
"""Node's last line after an error that nothing caught; what went wrong is above it, before the stack."""
_ERROR = re.compile(r"(?:Uncaught )?\w*Error\b(?: \[\w+\])?:")


def _cause_in(log: str) -> str:
    """Return npm's words for the cause, without the codes before it and the manual after it."""
    found = (_NPM.match(line) for line in log.splitlines())
    npm = [match[1].strip() for match in found if match]
    cause = takewhile(lambda line: not line.startswith(_NPM_HELP) and not _STACK.match(line), npm)
    return " ".join(line.removeprefix("enoent ") for line in cause if line and not _NPM_ASIDE.match(line))


def _last_error_in(lines: Sequence[str]) -> str:
    """Return the last line; if that is Node's version, the error that Node ended with."""
    errors = [line for line in lines if _ERROR.match(line)] if _VERSION.match(lines[-1]) else []
    return (errors or lines)[-1]


NODE = Language(
    name="Node.js",
    repositories=("node",),
    ended={"14": (2023, 4), "16": (2023, 9), "18": (2025, 4), "20": (2026, 4), "22": (2027, 4), "24": (2028, 4)},
    caches=(
        PackageCache("npm's cache", re.compile(r"(?P<folder>(?:.*/)?_cacache)/.+")),
        PackageCache("Node's cache of compiled scripts", re.compile(r"(?P<folder>(?:.*/)?node-compile-cache)/.+")),
        PackageCache("Yarn's cache", re.compile(r"(?P<folder>(?:.*/)?\.cache/yarn)/.+")),
    ),
    runtime="node",
    packages="node_modules",
    installs=("npm ci", "npm install", "npm i", "yarn", "pnpm"),
    advice=(
        Advice(
            re.compile(r"missing script: "),
            "package.json has no script of that name: `npm run` without a name lists those that it has.",
        ),
        Advice(
            re.compile(r"package(?:-lock)?\.json|npm-shrinkwrap\.json|enoent.*\.tgz"),
            "npm reads package.json, package-lock.json and the files that they name: copy them before it runs.",
        ),
    ),
    cause_in=_cause_in,
    last_error_in=_last_error_in,
)
