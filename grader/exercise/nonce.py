"""Random values that a learner cannot know beforehand, yet the same in all builds of one workspace or batch.

One secret key is drawn; each nonce is derived from it by name, so that the engine's layer cache serves the next build.
Names that begin with `fresh-` are the exception: they give other nonces in each run, which no build had before.
"""

import base64
import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass

PREFIX = "wk5hp"
"""Every nonce begins with it, so that a search through gigabytes looks for one string first."""
FRESH = "fresh-"
_FIELD = re.compile(r"\{(?P<digest>sha256:)?(?P<name>[a-z][a-z0-9-]*)\}")


@dataclass(frozen=True, slots=True)
class Nonces:
    """The nonces of one exercise, derived from `key` (HMAC-SHA-256, RFC 2104), and if fresh from `run` too."""

    key: str
    slug: str
    run: str = ""

    def __call__(self, name: str) -> str:
        """Return the nonce called `name`: the prefix and 20 hexadecimal digits."""
        run = self.run if name.startswith(FRESH) else ""
        digest = hmac.new(self.key.encode(), f"{self.slug}/{run}{name}".encode(), hashlib.sha256)
        return PREFIX + digest.hexdigest()[:20]

    def fill(self, text: str) -> str:
        """Put the nonces in place of `{NAME}` in `text`, and their SHA-256 digests in place of `{sha256:NAME}`."""
        return _FIELD.sub(self._value, text)

    def planted_by(self, text: str) -> frozenset[str]:
        """Return the nonces that `fill` puts into `text`; one that is there as a digest alone is not among them."""
        return frozenset(self(match["name"]) for match in _FIELD.finditer(text) if not match["digest"])

    def _value(self, match: re.Match[str]) -> str:
        nonce = self(match["name"])
        return hashlib.sha256(nonce.encode()).hexdigest() if match["digest"] else nonce


def base64_forms(nonce: str) -> tuple[str, str, str]:
    """Return what `nonce` looks like within a longer text that is in base64 (RFC 4648), as passwords often are.

    It depends on where it begins: at the first, second or third byte of a group. Characters that also have bits of its
    neighbours are left out. A nonce has none of the bytes that the alphabet for URLs writes otherwise.
    """
    return tuple(_base64_form(nonce.encode(), before) for before in range(3))  # type: ignore[return-value]


def _base64_form(data: bytes, before: int) -> str:
    text = base64.b64encode(bytes(before) + data).decode()
    first, end = -(-8 * before // 6), 8 * (before + len(data)) // 6
    return text[first:end]


def new_key() -> str:
    """Draw a key."""
    return secrets.token_hex(16)
