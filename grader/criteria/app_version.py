"""A version that is given to the build reaches the running service, and the image's label."""

from grader.criteria.answers_http import cannot_tell
from grader.criteria.facts import Attempt, Shipped
from grader.criteria.outcome import Answer, Unmet
from grader.criteria.words import shortened
from grader.dockerfile.model import ProblemKind
from grader.engine.model import Exchange

LABEL = "org.opencontainers.image.version"
"""From the OCI image specification, "Pre-Defined Annotation Keys"."""
_VARIABLE = "APP_VERSION"


def app_version_arrives(exchange: Exchange, shipped: Shipped, version: str) -> Answer:
    """Hold if the service answers the `version` that was given as a build argument; else say what became of it."""
    blocked = cannot_tell(exchange)
    if blocked or version in exchange.text:
        return blocked
    environment = dict(shipped.image.config.environment)
    unset = _VARIABLE not in environment
    cause = (
        f"the image sets no {_VARIABLE}" if unset else f"in the image {_VARIABLE} is {_spelt(environment[_VARIABLE])}"
    )
    hint = "An ARG is there while the image is built; think of what is there while it runs."
    lines = shipped.attempt.last_line("ARG") if unset else shipped.attempt.last_line("ENV")
    if not unset and not environment[_VARIABLE]:
        hint = "Ask for the argument in the same stage, in the lines above: every FROM begins without any."
        lines = _empty(shipped.attempt) or lines
    elif not unset:
        hint = "Let its value come from the argument, and not from the Dockerfile."
    return Unmet(
        expected=f"GET {exchange.path} answers the version given with --build-arg {_VARIABLE} ({version})",
        actual=f"the answer is {_spelt(exchange.text)}: {cause}",
        why="A service that can say which version it is makes a report from production worth reading.",
        hint=hint,
        lines=lines,
    )


def version_label(shipped: Shipped, version: str) -> Answer:
    """Hold if the image's label holds the `version` that was given as a build argument."""
    label = dict(shipped.image.config.labels).get(LABEL)
    if label is not None and version in label:
        return None
    actual = "the image has no such label" if label is None else f"the label is {_spelt(label)}"
    hint = "LABEL takes a key and a value, and the value may hold a variable."
    lines = shipped.attempt.last_line("LABEL") or shipped.attempt.final_from
    if label is not None and "$" in label:
        hint = "Nothing is filled in between single quotes."
    elif label == "":
        hint = "Ask for the argument in the same stage, in the lines above: every FROM begins without any."
        lines = _empty(shipped.attempt) or lines
    elif label is not None:
        hint = "Let its value come from the argument, and not from the Dockerfile."
    return Unmet(
        expected=f"the label {LABEL} is the version given with --build-arg {_VARIABLE} ({version})",
        actual=actual,
        why="Registries and scanners read labels without starting anything: it is how one tells images apart.",
        hint=hint,
        lines=lines,
    )


def _spelt(text: str) -> str:
    return f"`{shortened(text, 60)}`" if text.strip() else "empty"


def _empty(attempt: Attempt) -> tuple[int, ...]:
    """The lines that use the variable where it is not known: text, and only good for pointing at what was seen."""
    undeclared = (ProblemKind.UNDECLARED_VARIABLE, _VARIABLE)
    return tuple(
        problem.line for problem in attempt.dockerfile.problems if (problem.kind, problem.subject) == undeclared
    )
