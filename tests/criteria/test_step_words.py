"""`telling`: of all that a failed step printed, the cause is shown and not what programs print after it."""

import pytest

from grader.criteria.step_words import telling

NO_LOCK = """
npm error code EUSAGE
npm error
npm error The `npm ci` command can only install with an existing package-lock.json or
npm error npm-shrinkwrap.json.
npm error
npm error Clean install a project
npm error
npm error Usage:
npm error npm ci
npm error Run "npm help ci" for more info
npm error A complete log of this run can be found in: /root/.npm/_logs/debug-0.log
"""
NO_FILE = """
npm WARN tarball seems to be corrupted. Trying again.
npm ERR! code ENOENT
npm ERR! syscall open
npm ERR! path /app/vendor/a.tgz
npm ERR! errno -2
npm ERR! enoent ENOENT: no such file or directory, open '/app/vendor/a.tgz'
npm ERR! enoent This is related to npm not being able to find a file.
npm ERR! enoent
npm ERR! A complete log of this run can be found in: /root/.npm/_logs/debug-0.log
"""
NODE = "node:fs:1\n\nError: ENOENT: no such file, scandir 'frontend'\n    at readdirSync\n\nNode.js v24.1.0\n"

NO_WHEEL = """
Looking in links: /wheels
ERROR: Could not find a version that satisfies the requirement wren==1.0 (from versions: none)
ERROR: No matching distribution found for wren==1.0
"""
NO_PATH = """
ERROR: Invalid requirement: './wren'
Hint: It looks like a path. File './wren' does not exist.
"""


@pytest.mark.parametrize(
    ("log", "words"),
    [
        (
            NO_LOCK,
            "The `npm ci` command can only install with an existing package-lock.json or npm-shrinkwrap.json.",
        ),
        (NO_FILE, "ENOENT: no such file or directory, open '/app/vendor/a.tgz'"),
        (
            "npm error Error: EACCES: permission denied, mkdir '/a'\nnpm error     at async mkdir (node:fs:9:1)\n",
            "Error: EACCES: permission denied, mkdir '/a'",
        ),
        (NODE, "Error: ENOENT: no such file, scandir 'frontend'"),
        (
            NO_WHEEL,
            "Could not find a version that satisfies the requirement wren==1.0 (from versions: none)",
        ),
        (NO_PATH, "Invalid requirement: './wren' Hint: It looks like a path. File './wren' does not exist."),
        ("ERROR: the page is not ready\n", "ERROR: the page is not ready"),
        (
            "x\nfind: unrecognized: -delete\nBusyBox v1.37 () multi-call binary.\n\nUsage: find\n\n\t-L\n",
            "find: unrecognized: -delete",
        ),
        (
            "flag provided but not defined: -x\nusage: go build [-o output]\nRun 'go help build'.\n",
            "flag provided but not defined: -x",
        ),
        ("Usage: wren FILE\n", "Usage: wren FILE"),
        ("one\ntwo\n\nthree\n> shop@1.0.0 build\nfour\n", "two / three / four"),
        ("npm error code EUSAGE\n", "npm error code EUSAGE"),
        ("", ""),
    ],
    ids=[
        "npm",
        "an older npm",
        "npm with a stack",
        "Node",
        "pip",
        "pip with its hint",
        "not pip",
        "BusyBox' manual",
        "go's manual",
        "only a manual",
        "anything",
        "npm without a cause",
        "nothing",
    ],
)
def test_the_cause_is_taken_out_of_the_log(log: str, words: str) -> None:
    """The last lines are npm's manual, Node's version; of most programs the cause."""
    assert telling(log) == words


def test_a_shells_name_belongs_to_its_complaint() -> None:
    """Builders pass on what is written when it is written, at times in the middle of a line."""
    assert telling("> app@1.0.0 build\n> bundle\n\nsh: \nbundle: not found\n") == "sh: bundle: not found"
