"""What the storefront's bundler writes next to what it builds: which part, which build, which Node.

It is read here because several criteria ask for it; they decide whether it is as it should be.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass

RECORD = "build.json"


@dataclass(frozen=True, slots=True)
class PageBundle:
    """One part as it was built: `build` is new at every build, `node` a version such as `v24.1.0` where it was Node."""

    part: str
    build: str
    node: str = ""


def bundles(records: Mapping[str, bytes]) -> dict[str, PageBundle]:
    """Return the bundles by part, from the content of the image's `build.json` files; other files are ignored."""
    found: dict[str, PageBundle] = {}
    for _, content in sorted(records.items()):
        bundle = _bundle(content)
        if bundle:
            found.setdefault(bundle.part, bundle)
    return found


def _bundle(content: bytes) -> PageBundle | None:
    try:
        fields = json.loads(content)
        return PageBundle(str(fields["part"]), str(fields["build"]), str(fields["node"]))
    except (ValueError, KeyError, TypeError):
        return None
