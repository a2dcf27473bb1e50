"""Without the secret there is no image: the build says so and ends, and neither goes on nor takes it from elsewhere."""

from collections.abc import Callable, Sequence

from grader.criteria.facts import Attempt
from grader.criteria.outcome import Answer, Unmet
from grader.dockerfile.mounts import mounts_of
from grader.engine.model import BuildEnd, Exchange

WHY = "A token that comes as a secret is seen by one RUN; an image that lacks a part is found out when it is too late."
_ELSEWHERE = (
    "Take out what else brings the token: arguments are kept by the builder beside the image, and files in its cache."
)


def secret_required(
    without: Attempt, secret: str, others: Sequence[str], ask: Callable[[], Exchange], receipt: str
) -> Answer:
    """Hold if the build `without` the secret called `secret` failed by itself.

    There the token was handed in under the names `others` as well. `ask` asks a container of what was built for what
    the secret is needed for, and in `receipt` is what the answer has if it was fetched with a token all the same.
    """
    result = without.result
    if result is not None and result.end in (BuildEnd.DEADLINE, BuildEnd.LOG_FLOOD):
        actual = f"it was cancelled after {result.seconds:.0f} s, and had not said what it waits for"
        hint = "Let the command that needs the secret end with an error if there is none."
        return Unmet(f"without the secret `{secret}` the build fails", actual, WHY, hint, _mounting(without))
    if result is None or not result.built:
        return None
    expected = f"without the secret `{secret}` the build fails, whatever else is handed in"
    if receipt in ask().text:
        actual = "it built all the same, and the private package is in it: the token came by another way"
        return Unmet(expected, actual, WHY, _ELSEWHERE, _mentioning(without, others))
    actual = "it built all the same, an image without the private package"
    hint = (
        "Let the failure of the command that needs the secret be the failure of the RUN; a mount can be required, too."
    )
    return Unmet(expected, actual, WHY, hint, _mounting(without))


def _mounting(attempt: Attempt) -> tuple[int, ...]:
    """The lines of instructions with a secret mount."""
    steps = attempt.dockerfile.instructions
    return tuple(step.first_line for step in steps if any(mount.kind == "secret" for mount in mounts_of(step)))


def _mentioning(attempt: Attempt, names: Sequence[str]) -> tuple[int, ...]:
    """The lines that hold one of `names`: text, and only good for pointing at a cause that was seen otherwise."""
    steps = attempt.dockerfile.instructions
    return tuple(step.first_line for step in steps if any(name in step.arguments for name in names))
