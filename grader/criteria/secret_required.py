"""Without the secret there is no image: the build says so and ends; it does not go on or take it from elsewhere."""

from collections.abc import Callable, Sequence

from grader.criteria.facts import Attempt
from grader.criteria.outcome import Answer, Unmet
from grader.dockerfile.mounts import mounts_of
from grader.engine.model import BuildEnd, Exchange

WHY = "Only one RUN sees a token that comes as a secret; an image that lacks a part is noticed when it is too late."
_ELSEWHERE = (
    "Remove all other ways of the token: the builder keeps arguments together with the image, and files in its cache."
)


def secret_required(
    without: Attempt, secret: str, others: Sequence[str], ask: Callable[[], Exchange], receipt: str
) -> Answer:
    """Passes if the build `without` the secret called `secret` failed by itself.

    That build also gets the token under the names `others`. `ask` asks a container of what was built for the part
    that needs the secret; the answer contains `receipt` if that part was fetched with a token anyway.
    """
    result = without.result
    if result is not None and result.end in (BuildEnd.DEADLINE, BuildEnd.LOG_FLOOD):
        actual = f"it was cancelled after {result.used:.0f} s, without a message about what it waits for"
        hint = "The command that needs the secret must end with an error if there is none."
        return Unmet(f"without the secret `{secret}` the build fails", actual, WHY, hint, _mounting(without))
    if result is None or not result.built:
        return None
    expected = f"without the secret `{secret}` the build fails, whatever else the build gets"
    if receipt in ask().text:
        actual = "it built anyway, and the private package is in it: the token came by another way"
        return Unmet(expected, actual, WHY, _ELSEWHERE, _mentioning(without, others))
    actual = "it built anyway: an image without the private package"
    hint = "If the command that needs the secret fails, the RUN must fail, too; a mount can also be required."
    return Unmet(expected, actual, WHY, hint, _mounting(without))


def token_of_the_secret(exchange: Exchange, attempt: Attempt, receipt: str, others: Sequence[str]) -> Answer:
    """Passes unless the service answers with `receipt`: what was fetched with a token that is not the secret's.

    The build got that token under the names `others`.
    """
    if receipt not in exchange.text:
        return None
    return Unmet(
        "the private package is fetched with the token of the secret",
        "it was fetched with the other token, which the build also gets by an argument and in a file",
        WHY,
        _ELSEWHERE,
        _mentioning(attempt, others),
    )


def _mounting(attempt: Attempt) -> tuple[int, ...]:
    """The lines of instructions with a secret mount."""
    steps = attempt.dockerfile.instructions
    return tuple(step.first_line for step in steps if any(mount.kind == "secret" for mount in mounts_of(step)))


def _mentioning(attempt: Attempt, names: Sequence[str]) -> tuple[int, ...]:
    """The lines with one of `names`. This is text: it only points at a cause that was found in another way."""
    steps = attempt.dockerfile.instructions
    return tuple(step.first_line for step in steps if any(name in step.arguments for name in names))
