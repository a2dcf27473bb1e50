"""The service runs on the Node that was asked for."""

import re

from grader.criteria.answers_http import cannot_tell
from grader.criteria.builds import builds
from grader.criteria.facts import Attempt
from grader.criteria.formatting import shortened
from grader.criteria.outcome import Answer, Blocked, Unmet
from grader.engine.model import Exchange

WHY = "If the version is a parameter, it is changed in one place, and a pipeline can try another one without an edit."
_MAJOR = re.compile(r"v(\d+)\.\d+\.\d+")


def major_of(version: str) -> int | None:
    """Return 24 of `v24.1.0`, as Node writes its version; None if it is not such a version."""
    match = _MAJOR.fullmatch(version.strip())
    return int(match[1]) if match else None


def runs_node(exchange: Exchange, attempt: Attempt, major: int, *, when: str, hint: str) -> Answer:
    """Passes if the service says that it runs on Node `major`; `when` names the build, `hint` says what to try next."""
    blocked = cannot_tell(exchange)
    if blocked or major_of(exchange.text) == major:
        return blocked
    actual = f"GET {exchange.path} answered {shortened(exchange.text, 60) or 'nothing'}"
    lines = (*_arguments_above_from(attempt), *attempt.final_from)
    return Unmet(f"the service runs on Node {major} {when}", actual, WHY, hint, lines)


def _arguments_above_from(attempt: Attempt) -> tuple[int, ...]:
    """The ARG lines that FROM lines see. This is text: it only points at what was found."""
    [first, *_] = attempt.dockerfile.stages
    above = (step for step in attempt.dockerfile.instructions if step.first_line < first.first_line)
    return tuple(step.first_line for step in above if step.keyword == "ARG" and "NODE" in step.arguments.upper())


def builds_with(attempt: Attempt, argument: str, plain: Attempt) -> Answer:
    """Passes if the build to which `argument` was given, such as `NODE_VERSION=22`, gave an image.

    If `plain`, the build without it, fails too, the argument is not to blame.
    """
    answer = builds(attempt)
    if not isinstance(answer, Unmet):
        return answer
    if builds(plain) is not None:
        return Blocked("builds", "can't tell until it builds")
    hint = f"Build it yourself with `docker build --build-arg {argument} .` and read what it says."
    return Unmet(f"it builds with `--build-arg {argument}`", answer.actual, WHY, hint, answer.lines)
