"""What a reference to an image means: registry, repository, tag. No engine and no registry is asked.

The grammar is that of https://pkg.go.dev/github.com/distribution/reference, for references as a FROM takes them.
"""

import re
from dataclasses import dataclass

HUB = "docker.io"
_COMPONENT = r"[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*"
_REFERENCE = re.compile(
    rf"(?P<path>(?:[A-Za-z0-9.-]+(?::\d+)?/)?{_COMPONENT}(?:/{_COMPONENT})*)"
    r"(?::(?P<tag>\w[\w.-]{0,127}))?"
    r"(?:@(?P<digest>[a-z0-9+._-]+:[0-9a-fA-F]{32,}))?",
    re.ASCII,
)


@dataclass(frozen=True, slots=True)
class Reference:
    """A reference, spelled out. `tag` is empty only where there is a digest and no tag."""

    registry: str
    repository: str
    tag: str
    digest: str

    @property
    def familiar(self) -> str:
        """The short form that `docker images` shows: `golang:1.26`."""
        repository = self.repository
        on_hub = self.registry == HUB
        repository = repository.removeprefix("library/") if on_hub else f"{self.registry}/{repository}"
        return repository + (f":{self.tag}" if self.tag else "") + (f"@{self.digest}" if self.digest else "")


def parse_reference(text: str) -> Reference | None:
    """Spell out `text` as Docker does, or return None if it cannot name an image at all."""
    match = _REFERENCE.fullmatch(text)
    if not match:
        return None
    first, slash, rest = match["path"].partition("/")
    named = bool(slash) and ("." in first or ":" in first or first == "localhost")
    registry, repository = (first, rest) if named else (HUB, match["path"])
    if registry == "index.docker.io":
        registry = HUB
    if repository != repository.lower():
        return None
    if registry == HUB and "/" not in repository:
        repository = f"library/{repository}"
    digest = match["digest"] or ""
    return Reference(registry, repository, match["tag"] or ("" if digest else "latest"), digest)
