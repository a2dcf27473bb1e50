"""The builder can be built by its name, and people can work in it: it has toolchain, shell and source."""

from collections.abc import Mapping
from typing import Any

from grader.criteria.debug_target import lacks_shell
from grader.criteria.facts import Attempt
from grader.criteria.formatting import shortened
from grader.criteria.outcome import Answer, Unmet
from grader.criteria.silence_words import said
from grader.engine.model import Exit, Limits
from grader.languages.go import GO_TESTS

WHY = "When a build fails, it helps to start a container of the stage where it failed, with all its tools."
SECONDS = 300.0
_NO_SOURCE, _NO_GO = 90, 91
_OTHER_TESTS = (
    "the tests that pass in it are not those of this folder",
    "Which files does COPY take, and are they still there at the end of that stage?",
)
_TESTS = GO_TESTS
_ELSEWHERE = " ".join(f"! -path '{folder}'" for folder in _TESTS.elsewhere)
_SCRIPT = f"""
grep -qs "$0" ./{_TESTS.test_files} ||
  cd "$(find / -xdev -name '{_TESTS.test_files}' {_ELSEWHERE} -exec grep -ls "$0" {{}} + | head -n 1 |
  xargs -r dirname)" 2> /dev/null
[ -f {_TESTS.manifest} ] || cd "$(find / -xdev -name {_TESTS.manifest} {_ELSEWHERE} | head -n 1 |
  xargs -r dirname)" 2> /dev/null
[ -f {_TESTS.manifest} ] && ls {_TESTS.sources} > /dev/null 2>&1 || exit {_NO_SOURCE}
{_TESTS.is_there} || exit {_NO_GO}
exec {_TESTS.command}
"""


def running_tests(nonce: str) -> Mapping[str, Any]:
    """How a container of the builder is started so that it runs the tests, without a network.

    They are run in the folder in which a test has the `nonce`; if there is none, in any that has a program's source.
    """
    return {
        "entrypoint": ("sh", "-c", _SCRIPT),
        "arguments": (nonce,),
        "environment": {"CGO_ENABLED": "0"},
        "port": None,
        "networked": False,
        "limits": Limits(memory=2_000_000_000, pids=1024),
    }


def builder_target(tests: Exit, attempt: Attempt, nonce: str) -> Answer:
    """Passes if the tests, started in a container of the builder as `running_tests` says, ran and passed.

    One of them has the `nonce` at the end of its name: tests that a stage makes up are others.
    """
    passed = [line for line in tests.log.splitlines() if _TESTS.passed in line]
    if tests.code == 0 and any(nonce in line for line in passed):
        return None
    expected = "in a container of `--target builder`, `go test ./...` runs and passes"
    actual, hint = _OTHER_TESTS if tests.code == 0 and passed else _cause(tests)
    return Unmet(expected, actual, WHY, hint, attempt.final_from)


def _cause(tests: Exit) -> tuple[str, str]:
    if tests.killed:
        return f"the tests had not ended after {tests.seconds:.0f} s", "Run them yourself in a container of that stage."
    if tests.code == _NO_SOURCE:
        return (
            "there is no go.mod next to Go files in it",
            "Leave the source where it was compiled: what is only in the builder is not shipped.",
        )
    if tests.code == _NO_GO:
        return "there is no go command in it", "The stage with that name must be the one that has the toolchain."
    if tests.code == 0:
        return "there are no tests in it", "Which files does COPY take, and which does .dockerignore leave out?"
    if lacks_shell(tests):
        return "there is no shell in it", "The stage with that name must be the one that compiles."
    lines = [line for line in said(tests).splitlines() if line.strip()]
    words = shortened(" / ".join(lines[-3:]), 200) or "nothing"
    return (
        f"it ended with exit code {tests.code} and wrote: {words}",
        "Run it yourself: `docker run -it`, then go test.",
    )
