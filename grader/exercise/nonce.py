"""Random values that a learner cannot know beforehand, yet the same in all builds of one workspace or batch.

One secret key is drawn; each nonce is derived from it by name, so that the engine's layer cache serves the next build.
"""

import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass

PREFIX = "wk5hp"
"""Every nonce begins with it, so that a search through gigabytes looks for one string first."""
_FIELD = re.compile(r"\{([a-z][a-z0-9-]*)\}")


@dataclass(frozen=True, slots=True)
class Nonces:
    """The nonces of one exercise, derived from `key` (HMAC-SHA-256, RFC 2104)."""

    key: str
    slug: str

    def __call__(self, name: str) -> str:
        """Return the nonce called `name`: the prefix and 20 hexadecimal digits."""
        digest = hmac.new(self.key.encode(), f"{self.slug}/{name}".encode(), hashlib.sha256)
        return PREFIX + digest.hexdigest()[:20]

    def fill(self, text: str) -> str:
        """Put the nonces in place of `{NAME}` in `text`."""
        return _FIELD.sub(lambda match: self(match[1]), text)


def new_key() -> str:
    """Draw a key."""
    return secrets.token_hex(16)
