"""`hint_of_step`: what a failed step's program wrote decides which hint is given."""

import pytest

from grader.criteria.step_hints import LOOK, hint_of_step
from grader.engine.model import BuildStep

MISSING = "ERROR: Could not open requirements file: [Errno 2] No such file or directory: 'requirements.txt'"
NO_WHEEL = "ERROR: No matching distribution found for wren==1.0"
OFFLINE = "WARNING: Retrying after connection broken: Temporary failure in name resolution"


def hint_for(log: str) -> str:
    """Return the hint for a step that wrote `log`."""
    return hint_of_step(BuildStep("4", "builder", 4, "RUN pip install", cached=False, seconds=1, log=log))


@pytest.mark.parametrize("log", [MISSING, NO_WHEEL])
def test_what_pip_lacks_is_to_be_copied_first(log: str) -> None:
    """A requirements file or a wheel that is not in the stage."""
    assert hint_for(log).startswith("pip reads")


def test_without_a_network_the_hint_is_about_the_network() -> None:
    """The network is the cause, and pip's complaint about the package only follows from it."""
    assert "no network" in hint_for(f"{OFFLINE}\n{NO_WHEEL}")


def test_what_is_said_before_the_cause_is_no_reason_for_a_hint() -> None:
    """A program may write anything while it works."""
    noise = "warning: cache not found\nretry: connection refused\nskipped: permission denied\n"
    assert hint_for(f"{noise}one\ntwo\nthree wrens flew away\n") == LOOK


def test_npm_says_more_than_that_files_are_missing() -> None:
    """Each has its own hint, and most have none."""
    assert "has no script of that name" in hint_for('npm error Missing script: "biuld"\n')
    assert hint_for("npm error code ELIFECYCLE\nnpm error the wren flew away\n") == LOOK
    missing = "npm error enoent Could not read package.json: Error: ENOENT: no such file, open '/app/package.json'"
    assert hint_for(missing).startswith("npm reads")


def test_an_unknown_log_gets_the_general_hint() -> None:
    """Nothing is guessed."""
    assert hint_for("wren flew away") == LOOK


@pytest.mark.parametrize(
    ("log", "words"),
    [
        (
            "npm error code EACCES\nnpm error Error: EACCES: permission denied, mkdir '/app/x'",
            "user of this step",
        ),
        (
            "npm error code EROFS\nnpm error EROFS: read-only file system, mkdir '/app/x'",
            "A bind mount is read-only",
        ),
        ("mkdir: can't create directory '/data': Permission denied", "user of this step"),
        ("/bin/sh: ./build.sh: Permission denied", "start a script with"),
        ("/bin/sh: 1: apk: not found", "apk is Alpine's"),
        ("/bin/sh: apt-get: not found", "apt-get is Debian's"),
        ("/bin/sh: useradd: not found", "Alpine and BusyBox have adduser"),
        ("find: unrecognized: -delete", "not know that option"),
        ("wget: can't connect to remote host (127.0.0.1): Connection refused", "Nothing listens"),
        ("go: go.mod file not found in current directory or any parent directory", "WORKDIR"),
        ("./stray.go:2:6: main redeclared in this block", "compiles all Go files"),
        ("./main.go:20:9: undefined: routes", "another file"),
        ('cgo: C compiler "gcc" not found: exec: "gcc": executable file not found in $PATH', "set it to 0"),
    ],
)
def test_the_hint_is_about_what_was_said(log: str, words: str) -> None:
    """Each of them has words that a more general hint would take for its own."""
    assert words in hint_for(log)
