"""The stand-in for Debian, and the tree of a small Debian that the stand-in for Go builds on.

Packages are unpacked and their scripts never run. What the scripts would make is made here, if exercises can notice it.
"""

import shutil
from pathlib import Path

from grader.base_images.stand_ins.busybox import FILES, copy_script, lay_directories
from grader.base_images.stand_ins.recipe import Fetch, Recipe, StandInConfig, Tell

ESSENTIAL = (
    "base-files",
    "base-passwd",
    "bash",
    "bsdutils",
    "coreutils",
    "dash",
    "debianutils",
    "diffutils",
    "dpkg",
    "findutils",
    "grep",
    "gzip",
    "hostname",
    "libc-bin",
    "login",
    "mawk",
    "mount",
    "ncurses-base",
    "ncurses-bin",
    "passwd",
    "perl-base",
    "sed",
    "sysvinit-utils",
    "tar",
    "tzdata",
    "util-linux",
)
_LINKS = {
    "usr/bin/sh": "dash",
    "usr/bin/awk": "mawk",
    "etc/os-release": "../usr/lib/os-release",
    "var/run": "/run",
    "var/lock": "/run/lock",
}
_COPIES = {
    "usr/share/base-passwd/passwd.master": "etc/passwd",
    "usr/share/base-passwd/group.master": "etc/group",
    "usr/share/base-files/profile": "etc/profile",
    "usr/share/base-files/dot.profile": "root/.profile",
    "usr/share/base-files/dot.bashrc": "root/.bashrc",
    "usr/share/libc-bin/nsswitch.conf": "etc/nsswitch.conf",
}


def lay_debian(root: Path, fetch: Fetch, *packages: str, release: str = "bookworm") -> str:
    """Fill `root` with a small Debian and `packages`, dependencies included; return the release's name."""
    release = fetch.debian(root, *ESSENTIAL, *packages, dependencies=True, release=release)
    for name in ("bin", "sbin", "lib", "lib64"):
        if (root / "usr" / name).is_dir():
            (root / name).symlink_to(f"usr/{name}")
    lay_directories(root, {"tmp": 0o1777, "var/tmp": 0o1777, "root": 0o700, "run": 0o755, "dev": 0o755, "etc": 0o755})
    for source, target in _COPIES.items():
        if (root / source).is_file():
            shutil.copyfile(root / source, root / target)
    for link, target in _LINKS.items():
        if not (root / link).is_symlink() and not (root / link).exists():
            (root / link).parent.mkdir(parents=True, exist_ok=True)
            (root / link).symlink_to(target)
    _lay_shadows(root)
    for name in ("apt-get", "apt"):
        copy_script(FILES / "apt-get", root / "usr" / "bin" / name)
    return release


def _lay_shadows(root: Path) -> None:
    """`useradd` and `groupadd` need these; usually `pwconv` makes them."""
    for source, target, rest in (("passwd", "shadow", "*:19000:0:99999:7:::"), ("group", "gshadow", "*::")):
        lines = (root / "etc" / source).read_text("utf-8").splitlines()
        text = "".join(f"{line.partition(':')[0]}:{rest}\n" for line in lines)
        (root / "etc" / target).write_text(text, "utf-8")
        (root / "etc" / target).chmod(0o640)
        mastered = (root / "etc" / source).read_text("utf-8").replace(":*:", ":x:")
        (root / "etc" / source).write_text(mastered, "utf-8")


def _make(root: Path, fetch: Fetch, tell: Tell) -> StandInConfig:
    tell("fetching Debian's essential packages")
    release = lay_debian(root, fetch)
    return StandInConfig(made_from=f"{release} packages", command=("bash",))


RECIPES = (
    Recipe(
        references=(
            "debian:bookworm-slim",
            "debian:12-slim",
            "debian:bookworm",
            "debian:12",
            "debian:stable-slim",
            "debian:latest",
        ),
        version="1",
        make=_make,
    ),
)
