"""A build finds in a cache mount what the build before compiled, and compiles only what an edit has changed."""

from collections.abc import Sequence

from grader.criteria.builds import builds
from grader.criteria.copied_before import runs
from grader.criteria.facts import Attempt, CacheMount, Caches
from grader.criteria.formatting import shortened
from grader.criteria.outcome import Answer, Unmet
from grader.engine.model import Exchange
from grader.languages.known import COMPILES

WHY = "A build that starts from nothing compiles everything again for one changed line."
EXPECTED = (
    "after an edit of the source, one cache mount has what both builds compiled, and the second build reused most of it"
)
_ALL_ANEW = 0.5
"""The share of Go's notes that a build with a useful cache never reaches: an edit of one package writes four of 700."""


def cache_is_used(after: Caches, nonces: tuple[str, str], attempt: Attempt) -> Answer:
    """Passes if one mount has the objects of both builds, and the second build compiled only a part of them.

    `after` are the mounts after a build, a mark that was left there, and a build of an edited source; the `nonces`
    are the texts that the two sources had compiled in.
    """
    if not after.mounts:
        hint = "A RUN can keep a folder from one build to the next: in which folder does Go keep its objects?"
        return Unmet(EXPECTED, "no step of the build mounts a cache", WHY, hint, _compiling(attempt))
    first, second = nonces
    holding = [mount for mount in after.mounts if second in mount.held]
    if not holding:
        return _elsewhere(after, attempt)
    kept = [mount for mount in holding if first in mount.held]
    if not kept:
        actual = f"{_names(holding)} has what the last build compiled, and nothing from the build before"
        hint = "Does a command empty the cache, or is it a new cache each time?"
        return Unmet(EXPECTED, actual, WHY, hint, _lines(holding))
    mount = min(kept, key=lambda mount: mount.fresh / max(1, mount.entries))
    if mount.fresh <= _ALL_ANEW * mount.entries:
        return None
    actual = f"the second build did {mount.fresh} of the {mount.entries} things in {mount.path} again"
    hint = "Does the command have an option that makes Go compile everything, whatever is in its cache?"
    return Unmet(EXPECTED, actual, WHY, hint, _lines([mount]))


def cache_is_read(spoilt: Attempt, after: Caches, nonces: tuple[str, str], attempt: Attempt) -> Answer:
    """Passes if the build `spoilt`, made when all compiled packages in the mounts were damaged, failed at them.

    `after` are the mounts before that, as for `cache_is_used`. A build that succeeds has compiled everything itself.
    """
    if spoilt.result is None or not spoilt.result.built:
        return None
    holding = [mount for mount in after.mounts if set(nonces) <= set(mount.held)]
    actual = f"each build leaves what it compiled in {_names(holding)}, and the next one reads nothing of it"
    hint = "Go looks for compiled packages in the folder that GOCACHE names: is it the mount's, and the same each time?"
    return Unmet(EXPECTED, actual, WHY, hint, _compiling(attempt) or _lines(holding))


def _elsewhere(after: Caches, attempt: Attempt) -> Unmet:
    """The objects are in none of the mounts: because Go keeps them elsewhere, or because another step compiles."""
    names, place = _names(after.mounts), after.go_cache
    actual = f"nothing that the build compiled is in {names}"
    compiling = _compiling(attempt)
    covered = any(_within(place, mount.path) for mount in after.mounts)
    if place and not covered:
        actual += f", because Go keeps its objects in {place}"
        hint = "Mount the cache where Go writes, or set GOCACHE to the folder where the cache is mounted."
        return Unmet(EXPECTED, actual, WHY, hint, _lines(after.mounts))
    hint = "A mount exists only for its own RUN: is that the RUN that compiles?"
    if set(compiling) <= set(_lines(after.mounts)):
        hint = "The step that compiles has the mount, but leaves nothing in it: does one of its commands empty it?"
    return Unmet(EXPECTED, actual, WHY, hint, compiling or _lines(after.mounts))


def builds_again(attempt: Attempt) -> Answer:
    """Passes if the build of the edited source gave an image, with what the build before left in the caches."""
    answer = builds(attempt)
    if not isinstance(answer, Unmet):
        return answer
    why = "A cache keeps what the last build left: a step finds it there, and must still be able to do its work."
    hint = "Which command fails if its output already exists?"
    return Unmet(
        "with what the last build left in the caches, an edited source builds", answer.actual, why, hint, answer.lines
    )


def stale(exchange: Exchange, nonce: str, attempt: Attempt) -> Answer:
    """Passes if what was built with a warm cache answers with the edited source's `nonce`, and with nothing older."""
    if exchange.status is None or nonce in exchange.text:
        return None
    return Unmet(
        expected=f"also with a warm cache, an edited source gives the edited program ({nonce})",
        actual=f"it answered: {shortened(exchange.text, 80) or 'nothing'}",
        why="A cache may contain old files: only a tool that compares them with the source knows which are still good.",
        hint="Let Go decide what to compile, and write the program to a folder that is not a mount.",
        lines=_compiling(attempt),
    )


def _within(place: str, folder: str) -> bool:
    return place == folder or place.startswith(folder.rstrip("/") + "/")


def _names(mounts: Sequence[CacheMount]) -> str:
    return " and ".join(dict.fromkeys(mount.path for mount in mounts))


def _lines(mounts: Sequence[CacheMount]) -> tuple[int, ...]:
    return tuple(sorted({mount.line for mount in mounts}))


def _compiling(attempt: Attempt) -> tuple[int, ...]:
    """The RUN lines that compile. This is text: it only points at what was found in another way."""
    return tuple(step.first_line for step in attempt.dockerfile.instructions if runs(step, COMPILES))
