"""References to images: whether a text can name one (`alpine`, `ghcr.io/owner/app:1.2`, `app@sha256:...`); its parts.

Pure: no engine and no registry is asked. Source of the grammar, and of what is filled in where something is left out:
https://pkg.go.dev/github.com/distribution/reference, which Docker and BuildKit read names with.
"""

import re
from dataclasses import dataclass

HUB = "docker.io"
_PART = r"[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*"
_HOST_PART = r"(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])"
_HOST = rf"(?:{_HOST_PART}(?:\.{_HOST_PART})*|\[[a-fA-F0-9:]+\])(?::[0-9]+)?"
_TAG = r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}"
_DIGEST = r"[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}"
_REFERENCE = re.compile(rf"(?P<path>(?:{_HOST}/)?{_PART}(?:/{_PART})*)(?::(?P<tag>{_TAG}))?(?:@(?P<digest>{_DIGEST}))?")
_ID = re.compile("[0-9a-f]{64}")
_LONGEST = 1_000
"""Characters; a name has at most 255, a tag 128, and digests are shorter than the rest."""


@dataclass(frozen=True, slots=True)
class Reference:
    """A reference, spelled out. `tag` is empty only where there is a digest and no tag."""

    registry: str
    repository: str
    tag: str
    digest: str
    has_tag: bool = True
    """Whether the tag was written; else it is the `latest` that Docker fills in, or there is none."""

    @property
    def name(self) -> str:
        """The last part of the repository: `golang` of `docker.io/library/golang`."""
        return self.repository.rpartition("/")[2]

    @property
    def familiar_repository(self) -> str:
        """The repository with its registry, in the short form: `golang`, `[::1]:5000/app`."""
        if self.registry == HUB:
            return self.repository.removeprefix("library/")
        return f"{self.registry}/{self.repository}"

    @property
    def familiar(self) -> str:
        """The short form that `docker images` shows: `golang:1.26`."""
        tag, digest = self.tag and f":{self.tag}", self.digest and f"@{self.digest}"
        return f"{self.familiar_repository}{tag}{digest}"


def parse_reference(text: str) -> Reference | None:
    """Spell out `text` as Docker does, or return None if it cannot name an image.

    64 hexadecimal digits name none: that is the form of an image's ID.
    """
    match = _REFERENCE.fullmatch(text) if len(text) <= _LONGEST and not _ID.fullmatch(text) else None
    if not match:
        return None
    first, slash, rest = match["path"].partition("/")
    registry, repository = (first, rest) if slash and _is_registry(first) else (HUB, match["path"])
    if registry == "index.docker.io":
        registry = HUB
    if registry == HUB and "/" not in repository:
        repository = f"library/{repository}"
    tag, digest = match["tag"] or "", match["digest"] or ""
    return Reference(registry, repository, tag or ("" if digest else "latest"), digest, has_tag=bool(tag))


def is_image_reference(text: str) -> bool:
    """Whether a builder takes `text` for an image's name."""
    return parse_reference(text) is not None


def _is_registry(first: str) -> bool:
    """Whether the first part of a path is a registry's address: a repository has no upper case, colon or lone name."""
    return first == "localhost" or "." in first or ":" in first or first != first.lower()
