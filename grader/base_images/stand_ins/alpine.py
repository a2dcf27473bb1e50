"""The stand-in for Alpine: musl's library, BusyBox, accounts, CA certificates, and an `apk` that explains why it fails.

What the real image has, and where, is in `alpine_layout.py`.
"""

import shutil
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from grader.base_images.stand_ins import alpine_layout as layout
from grader.base_images.stand_ins.busybox import (
    FILES,
    RELEASE,
    copy_script,
    lay_accounts,
    lay_busybox,
    lay_directories,
)
from grader.base_images.stand_ins.certificates import bundle_in
from grader.base_images.stand_ins.fetch import UnfetchableError
from grader.base_images.stand_ins.recipe import ROOT_PATH, Fetch, Recipe, StandInConfig, Tell

NEWEST = "3.23"
REAL_SIZE = 8_400_000
"""Bytes of regular files in the real image, about."""

_MACHINES = {"amd64": "x86_64", "arm64": "aarch64"}


def _make(root: Path, fetch: Fetch, tell: Tell, *, version: str) -> StandInConfig:
    tell("fetching musl, BusyBox and CA certificates")
    with TemporaryDirectory(dir=root.parent) as folder:
        packages = Path(folder)
        release = fetch.debian(packages, "busybox-static", "ca-certificates", "musl", "netbase", release=RELEASE)
        lay_directories(root, dict.fromkeys(layout.DIRECTORIES.split(), 0o755) | {"var/empty": 0o555})
        try:
            commands = (f"{place}/{name}" for place, names in layout.COMMANDS.items() for name in names.split())
            lay_busybox(root, packages / "usr/bin/busybox", commands)
            _lay_musl(packages, root, _MACHINES[fetch.architecture])
            (root / "etc/ssl/certs/ca-certificates.crt").write_bytes(bundle_in(packages))
            for name in ("protocols", "services"):
                shutil.copyfile(packages / "etc" / name, root / "etc" / name)
        except (OSError, ValueError) as error:
            raise UnfetchableError(f"Alpine cannot be made from its packages: {error}") from error
    lay_accounts(root, layout.PASSWD, layout.GROUP)
    for link, target in layout.LINKS.items():
        (root / link).symlink_to(target)
    copy_script(FILES / "apk", root / "sbin" / "apk")
    _say_which(root, version, _MACHINES[fetch.architecture])
    _fill_up(root)
    return StandInConfig(
        made_from=f"{release}'s musl, static BusyBox and CA certificates",
        command=("/bin/sh",),
        owners=layout.OWNERS,
    )


def _lay_musl(packages: Path, root: Path, machine: str) -> None:
    """Put musl's only file, which is loader and library, where programs built on Alpine look for it."""
    [library] = packages.glob("usr/lib/*-linux-musl/libc.so")
    loader = root / "lib" / f"ld-musl-{machine}.so.1"
    shutil.copy2(library, loader)
    (root / "lib" / f"libc.musl-{machine}.so.1").symlink_to(loader.name)


def _fill_up(root: Path) -> None:
    """Make it as big as the real image, whose package manager and TLS libraries it lacks: budgets count the base."""
    size = sum(file.lstat().st_size for file in root.rglob("*") if file.is_file() and not file.is_symlink())
    padding = root / "usr" / "share" / "stand-in" / "padding"
    padding.parent.mkdir(parents=True)
    padding.write_bytes(bytes(max(0, REAL_SIZE - size)))


def _say_which(root: Path, version: str, machine: str) -> None:
    texts = {
        "usr/lib/os-release": (
            f'NAME="Alpine Linux"\nID=alpine\nVERSION_ID={version}.0\n'
            f'PRETTY_NAME="Alpine Linux v{version} (stand-in)"\n'
            'HOME_URL="https://alpinelinux.org/"\n'
        ),
        "etc/alpine-release": f"{version}.0\n",
        "etc/apk/arch": f"{machine}\n",
        "etc/apk/repositories": "".join(
            f"https://dl-cdn.alpinelinux.org/alpine/v{version}/{name}\n" for name in ("main", "community")
        ),
        "etc/apk/world": "alpine-baselayout\nalpine-keys\nalpine-release\napk-tools\nbusybox\nmusl-utils\n",
        "etc/crontabs/root": layout.CRONTAB,
        "etc/hostname": "localhost\n",
        "etc/issue": f"Welcome to Alpine Linux {version}\nKernel \\r on \\m (\\l)\n\n",
        "etc/motd": "Welcome to Alpine!\n",
        "etc/nsswitch.conf": "hosts: files dns\n",
        "etc/profile": (
            f'export PATH="{ROOT_PATH}"\numask 022\n'
            'for script in /etc/profile.d/*.sh; do [ ! -r "$script" ] || . "$script"; done\nunset script\n'
        ),
        "etc/shells": "# valid login shells\n/bin/sh\n/bin/ash\n",
    }
    for path, text in texts.items():
        (root / path).write_text(text, "utf-8")
    (root / "etc/crontabs/root").chmod(0o600)


def _recipe(version: str, *names: str) -> Recipe:
    references = (*(f"alpine:{name}" for name in names), f"alpine:{version}")
    return Recipe(references=references, version="3", make=partial(_make, version=version))


RECIPES = (
    _recipe(NEWEST, "latest", "3"),
    _recipe("3.22"),
    _recipe("3.21"),
    _recipe("3.20"),
)
