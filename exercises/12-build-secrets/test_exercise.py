"""What an answer to exercise 12 must do: one test, one criterion."""

import hashlib
from collections.abc import Callable

from grader.criteria.builds import builds
from grader.criteria.secret_not_leaked import secret_not_leaked
from grader.criteria.secret_required import secret_required, token_of_the_secret
from grader.criteria.secret_used import secret_used
from grader.exercise.nonce import base64_forms
from grader.pytest_plugin.api import Variant, criterion, require

SECRET, ARGUMENT, FILE = "store_token", "STORE_TOKEN", "store_token.txt"
PACKAGE = "@private/loyalty"
TOKENS = ("token", "old-token")
PLAIN = Variant(
    secrets={SECRET: "{token}\n"},
    build_args={ARGUMENT: "{old-token}"},
    writes={FILE: "{old-token}\n", "registry/tokens.sha256": "{sha256:token}\n{sha256:old-token}\n"},
)
"""The argument and the file have a token that is valid, too, but is not the secret's: so it is seen which was used."""
WITHOUT = Variant(
    name="without-secret",
    build_args={ARGUMENT: "{other-token}"},
    writes={FILE: "{other-token}\n", "registry/tokens.sha256": "{sha256:other-token}\n"},
)
"""Another token, so that no step comes from the layer cache: whether a secret was there is not part of its key."""


def receipt(nonce: Callable[[str], str], token: str) -> str:
    """Return what registry/fetch.mjs leaves with a package that it fetched with `token`."""
    return hashlib.sha256(f"receipt for {nonce(token)}".encode()).hexdigest()[:16]


@criterion("builds", points=10)
def test_builds(attempt):
    """The Dockerfile builds when it gets the secret."""
    require(builds(attempt))


@criterion("secret-required", points=25)
def test_secret_required(image, attempt, attempts, service, services, nonce):  # noqa: ARG001 - blocked until it builds
    """Without the secret the build fails, and with it only its token is used."""
    without = attempts(WITHOUT)
    asked = receipt(nonce, "other-token")
    require(secret_required(without, SECRET, (ARGUMENT, FILE), lambda: services(WITHOUT).get("/members"), asked))
    require(token_of_the_secret(service.get("/members"), attempt, receipt(nonce, "old-token"), (ARGUMENT, FILE)))


@criterion("secret-used", points=20)
def test_secret_used(service, image, nonce):
    """The private package was fetched with the token and is installed."""
    require(secret_used(service.get("/members"), image, PACKAGE, [receipt(nonce, name) for name in TOKENS]))


@criterion("secret-not-leaked", points=45)
def test_secret_not_leaked(image, nonce):
    """The token is in no layer, no setting and no line of history."""
    tokens = [nonce(name) for name in TOKENS]
    require(secret_not_leaked(image, tokens, [form for token in tokens for form in base64_forms(token)]))
