"""Makes the facts that criteria are asked about, from a few words each."""

from collections.abc import Callable
from itertools import chain, repeat

import pytest

from grader.criteria.facts import Attempt, Shipped
from grader.dockerfile.reader import read
from grader.engine.model import BuildEnd, BuildResult, ImageInspection
from grader.image.model import Entry, Image, ImageConfig, Layer, Match, Package
from grader.image.tree import merged_tree

MakeShipped = Callable[..., Shipped]


@pytest.fixture
def make_shipped() -> MakeShipped:
    """A maker of image facts: layers are lists of entries, lowest first; `base_layers` of them are the base's."""

    def make(
        *layers: list[Entry],
        dockerfile: str = "FROM scratch\n",
        entrypoint: tuple[str, ...] = (),
        command: tuple[str, ...] = (),
        exposed: tuple[str, ...] = (),
        user: str = "",
        working_directory: str = "",
        base_layers: int = 0,
        base_command: tuple[str, ...] = (),
        toolchains: dict[str, tuple[str, ...]] | None = None,
        matches: tuple[Match, ...] = (),
        packages: tuple[Package, ...] = (),
        checksums: tuple[dict[int, int], ...] = (),
        lines: tuple[int | None, ...] = (),
    ) -> Shipped:
        made = tuple(
            Layer(f"sha256:{index}", tuple(entries), f"step {index}", sum(entry.size for entry in entries), sums)
            for index, (entries, sums) in enumerate(zip(layers, chain(checksums, repeat({})), strict=False))
        )
        config = ImageConfig(
            entrypoint, command, (), working_directory, user, exposed, (), (), "", (), "amd64", "linux"
        )
        image = Image(config, made, (), matches, packages)
        base = None
        if base_layers:
            base = ImageInspection("sha256:base", image.diff_ids[:base_layers], (), base_command, (), (), "amd64", ())
        result = BuildResult(BuildEnd.BUILT, "sha256:image", (), 1.0)
        attempt = Attempt("plain", read(dockerfile), result)
        reference = "alpine:latest" if base else "scratch"
        return Shipped(attempt, image, merged_tree(image), reference, base, toolchains or {}, lines)

    return make
