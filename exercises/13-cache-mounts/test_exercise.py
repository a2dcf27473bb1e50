"""What an answer to exercise 13 must do: one test, one criterion."""

from dataclasses import replace

from grader.criteria.answers_http import answers_http
from grader.criteria.builds import builds
from grader.criteria.cache_is_used import builds_again, cache_is_read, cache_is_used, stale
from grader.criteria.cache_not_shipped import cache_not_shipped
from grader.criteria.cold_cache_builds import builds_cold, cold_cache_answers, cold_cache_builds, has_cache
from grader.criteria.no_toolchain import no_toolchain
from grader.criteria.sources_not_copied import sources_not_copied
from grader.pytest_plugin.api import Variant, criterion, require

SOURCE = {"*.go": "\n// {source}\n"}
PLAIN = Variant(appends={**SOURCE, "greeting.txt": "{greeting}\n"}, cache_mounts="caches")
EDITED = replace(PLAIN, name="edited-source", appends={**SOURCE, "greeting.txt": "{evening}\n"})
SPOILT = replace(PLAIN, name="spoilt-caches", appends={**SOURCE, "greeting.txt": "{noon}\n"})
EMPTIED = replace(
    PLAIN,
    name="emptied-caches",
    writes={
        "main.go": 'package main\n\nfunc main() { println("{night}") }\n',  # little to compile from nothing
        **dict.fromkeys(("routes.go", "main_test.go", "routes_test.go"), "package main\n"),
    },
)
WHOLE = replace(PLAIN, name="emptied-caches-whole", appends={**SOURCE, "greeting.txt": "{night}\n"})
"""If the small program does not pass, this one decides: a step may check more of the program than the small one has."""


@criterion("builds", points=10)
def test_builds(attempts, cache_mounts):
    """The Dockerfile builds."""
    cache_mounts.seed(PLAIN)
    require(builds(attempts(PLAIN)))


@criterion("answers-http", points=10)
def test_answers_http(service, image):
    """The container answers on port 8080."""
    require(answers_http(service.get("/"), image))


@criterion("cache-is-used", points=30)
def test_cache_is_used(attempt, attempts, services, cache_mounts, nonce):
    """A build after an edit uses what the build before it compiled."""
    texts = nonce("greeting"), nonce("evening")
    cache_mounts.mark(PLAIN)
    require(builds_again(attempts(EDITED)))
    after = cache_mounts.after(EDITED, *texts)
    require(stale(services(EDITED).get("/"), nonce("evening"), attempt))
    require(cache_is_used(after, texts, attempt))
    cache_mounts.spoil(EDITED)
    require(cache_is_read(attempts(SPOILT), after, texts, attempt))


@criterion("cold-cache-builds", points=20)
def test_cold_cache_builds(attempts, services, cache_mounts, another_service, nonce):
    """An edited source also builds with empty caches."""
    require(has_cache(cache_mounts.after(PLAIN)))
    cache_mounts.empty(PLAIN)
    if cold(attempts, another_service, nonce) is not None:
        cache_mounts.empty(PLAIN)
        require(builds_cold(attempts(WHOLE)))
        require(cold_cache_answers(services(WHOLE).get("/"), nonce("night"), attempts(WHOLE)))


def cold(attempts, another_service, nonce):
    """Judge the build of the small program."""
    answer = builds_cold(attempts(EMPTIED))
    if answer is not None:
        return answer
    with another_service(EMPTIED, port=None) as container:
        return cold_cache_builds(container.wait(20.0), nonce("night"), attempts(EMPTIED))


@criterion("cache-not-shipped", points=10)
def test_cache_not_shipped(image):
    """Neither the cache nor the toolchain is shipped."""
    require(cache_not_shipped(image))
    require(no_toolchain(image))


@criterion("sources-not-copied", points=20)
def test_sources_not_copied(stage_images, nonce):
    """The source is in no layer, not even in the builder's."""
    require(sources_not_copied(stage_images(PLAIN), nonce("source")))
