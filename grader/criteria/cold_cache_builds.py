"""What a cache mount holds can go at any time: an empty one gives a working image all the same."""

from grader.criteria.builds import builds
from grader.criteria.facts import Attempt, Caches
from grader.criteria.outcome import Answer, Blocked, Unmet
from grader.criteria.words import shortened
from grader.engine.model import Exchange

WHY = (
    "A step may come from the layer cache when what it once left in a cache mount is long gone: the two are kept apart."
)
EXPECTED = "after the cache mounts were emptied, an edited source builds, and its image answers"
_HINT = "Nothing but a step's own work may fill what that step needs: make it in the same RUN, or keep it in a layer."


def has_cache(caches: Caches) -> Answer:
    """Block what asks about a cache as long as there is none."""
    return None if caches.mounts else Blocked("cache-is-used", "can't tell until a cache is mounted")


def builds_cold(attempt: Attempt) -> Answer:
    """Hold if the build with emptied mounts gave an image; `attempt` is that build."""
    answer = builds(attempt)
    if not isinstance(answer, Unmet):
        return answer
    return Unmet(EXPECTED, answer.actual, WHY, _HINT, answer.lines)


def cold_cache_builds(exchange: Exchange, nonce: str, attempt: Attempt) -> Answer:
    """Hold if the image of that build answers with the `nonce` of the source that it was built from."""
    if exchange.status == 200 and nonce in exchange.text:  # noqa: PLR2004 - HTTP's OK
        return None
    said = f"it answered {exchange.status}: {shortened(exchange.text, 80)}" if exchange.status else exchange.failure
    return Unmet(EXPECTED, said, WHY, _HINT, attempt.last_line("CMD", "ENTRYPOINT"))
