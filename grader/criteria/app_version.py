"""A version that is given to the build reaches the running service, and the image's label."""

from grader.criteria.answers_http import cannot_tell
from grader.criteria.facts import Attempt, Shipped
from grader.criteria.formatting import shortened
from grader.criteria.outcome import Answer, Unmet
from grader.dockerfile.model import ProblemKind
from grader.engine.model import Exchange

LABEL = "org.opencontainers.image.version"
"""From the OCI image specification, "Pre-Defined Annotation Keys"."""
_VARIABLE = "APP_VERSION"


def app_version_arrives(exchange: Exchange, shipped: Shipped, version: str) -> Answer:
    """Passes if the service answers with the `version` that was given as a build argument; else it says why not."""
    blocked = cannot_tell(exchange)
    if blocked or version in exchange.text:
        return blocked
    environment = dict(shipped.image.config.environment)
    unset = _VARIABLE not in environment
    cause = (
        f"the image sets no {_VARIABLE}" if unset else f"in the image {_VARIABLE} is {_spelt(environment[_VARIABLE])}"
    )
    hint = "An ARG exists only while the image is built; what exists while it runs?"
    lines = shipped.attempt.last_line("ARG") if unset else shipped.attempt.last_line("ENV")
    if not unset and not environment[_VARIABLE]:
        hint = "Declare the argument in the same stage, above this line: every FROM starts without arguments."
        lines = _empty(shipped.attempt) or lines
    elif not unset:
        hint = "Take its value from the argument, not from the Dockerfile."
    return Unmet(
        expected=f"GET {exchange.path} answers with the version given by --build-arg {_VARIABLE} ({version})",
        actual=f"the answer is {_spelt(exchange.text)}: {cause}",
        why="If a service says which version it is, an error report from production is useful.",
        hint=hint,
        lines=lines,
    )


def version_label(shipped: Shipped, version: str) -> Answer:
    """Passes if the image's label contains the `version` that was given as a build argument."""
    label = dict(shipped.image.config.labels).get(LABEL)
    if label is not None and version in label:
        return None
    actual = "the image has no such label" if label is None else f"the label is {_spelt(label)}"
    hint = "LABEL takes a key and a value, and the value can contain a variable."
    lines = shipped.attempt.last_line("LABEL") or shipped.attempt.final_from
    if label is not None and "$" in label:
        hint = "Variables are not filled in between single quotes."
    elif label == "":
        hint = "Declare the argument in the same stage, above this line: every FROM starts without arguments."
        lines = _empty(shipped.attempt) or lines
    elif label is not None:
        hint = "Take its value from the argument, not from the Dockerfile."
    return Unmet(
        expected=f"the label {LABEL} is the version given by --build-arg {_VARIABLE} ({version})",
        actual=actual,
        why="Registries and scanners read labels without starting the image: labels tell images apart.",
        hint=hint,
        lines=lines,
    )


def _spelt(text: str) -> str:
    return f"`{shortened(text, 60)}`" if text.strip() else "empty"


def _empty(attempt: Attempt) -> tuple[int, ...]:
    """The lines that use the variable where it is not known. This is text: it only points at what was found."""
    undeclared = (ProblemKind.UNDECLARED_VARIABLE, _VARIABLE)
    return tuple(
        problem.line for problem in attempt.dockerfile.problems if (problem.kind, problem.subject) == undeclared
    )
