"""A cache mount can lose its content at any time: with an empty one, the build still gives a working image."""

from grader.criteria.builds import builds
from grader.criteria.facts import Attempt, Caches
from grader.criteria.formatting import shortened
from grader.criteria.outcome import Answer, Blocked, Unmet
from grader.criteria.silence_words import said
from grader.engine.model import Exchange, Exit

WHY = "Layer cache and cache mounts are separate: a step can come from the layer cache when a mount is empty."
EXPECTED = "after the cache mounts were emptied, an edited source builds, and its image starts"
_HINT = "A step must not need what another step left in a cache mount: make it in the same RUN, or keep it in a layer."


def has_cache(caches: Caches) -> Answer:
    """Block what asks about a cache as long as there is none."""
    return None if caches.mounts else Blocked("cache-is-used", "can't tell until a cache is mounted")


def builds_cold(attempt: Attempt) -> Answer:
    """Passes if the build with emptied mounts gave an image; `attempt` is that build."""
    answer = builds(attempt)
    if not isinstance(answer, Unmet):
        return answer
    return Unmet(EXPECTED, answer.actual, WHY, _HINT, answer.lines)


def cold_cache_builds(run: Exit, nonce: str, attempt: Attempt) -> Answer:
    """Passes if the image of that build starts a program that prints the `nonce` of its source."""
    if nonce in run.log:
        return None
    words = shortened(said(run), 120) or "nothing"
    actual = f"the image from that build does not start the program: exit code {run.code}, and it wrote: {words}"
    return Unmet(EXPECTED, actual, WHY, _HINT, attempt.last_line("CMD", "ENTRYPOINT"))


def cold_cache_answers(exchange: Exchange, nonce: str, attempt: Attempt) -> Answer:
    """Passes if the image of that build starts a service that answers with the `nonce` of its source."""
    if nonce in exchange.text:
        return None
    actual = f"the image from that build answers: {shortened(exchange.text, 80) or 'nothing'}"
    return Unmet(EXPECTED, actual, WHY, _HINT, attempt.last_line("CMD", "ENTRYPOINT"))
