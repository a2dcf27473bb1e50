"""Whether a text can be an image's name: `alpine`, `ghcr.io/owner/app:1.2`, `app@sha256:...`. Pure.

Source of the grammar: https://pkg.go.dev/github.com/distribution/reference, which BuildKit reads names with.
"""

import re

_PART = r"[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*"
_HOST_PART = r"(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])"
_HOST = rf"(?:{_HOST_PART}(?:\.{_HOST_PART})*|\[[a-fA-F0-9:]+\])(?::[0-9]+)?"
_TAG = r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}"
_DIGEST = r"[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}"
_REFERENCE = re.compile(rf"(?:{_HOST}/)?{_PART}(?:/{_PART})*(?::{_TAG})?(?:@{_DIGEST})?")
_ID = re.compile("[0-9a-f]{64}")
_LONGEST = 1_000
"""Characters; a name has at most 255, a tag 128, and digests are shorter than the rest."""


def is_image_reference(text: str) -> bool:
    """Whether a builder takes `text` for an image's name; one of 64 hexadecimal digits is an image's ID."""
    return len(text) <= _LONGEST and bool(_REFERENCE.fullmatch(text)) and not _ID.fullmatch(text)
