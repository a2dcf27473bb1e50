"""The stand-in for Debian, and the tree of a small Debian that the stand-in for Go builds on.

Packages are unpacked and their scripts never run. What the scripts would make is made here, if exercises can notice it.
"""

import shutil
import stat
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
    "etc/dpkg/origins/default": "debian",
    "etc/os-release": "../usr/lib/os-release",
    "usr/local/man": "share/man",
    "var/lock": "/run/lock",
    "var/run": "/run",
    "var/spool/mail": "../mail",
}
_COPIES = {
    "usr/share/base-passwd/passwd.master": "etc/passwd",
    "usr/share/base-passwd/group.master": "etc/group",
    "usr/share/base-files/profile": "etc/profile",
    "usr/share/base-files/dot.profile": "root/.profile",
    "usr/share/base-files/dot.bashrc": "root/.bashrc",
    "usr/share/libc-bin/nsswitch.conf": "etc/nsswitch.conf",
}
# What base-files and apt have, and what base-files makes when it is installed.
_DIRECTORIES = """
boot dev etc etc/apt etc/apt/apt.conf.d etc/apt/keyrings etc/apt/preferences.d etc/apt/sources.list.d
etc/apt/trusted.gpg.d etc/default etc/opt etc/profile.d etc/skel home media mnt opt proc run srv sys usr/games
usr/include usr/local usr/local/bin usr/local/etc usr/local/games usr/local/include usr/local/lib usr/local/sbin
usr/local/share usr/local/share/man usr/local/src usr/share/dict usr/share/info usr/share/man usr/share/misc usr/src
var/backups var/cache var/cache/apt/archives/partial var/lib/apt/lists/partial var/lib/dpkg var/lib/misc var/log
var/opt var/spool
"""
_MODES = {
    "root": 0o700,
    "run/lock": 0o1777,
    "tmp": 0o1777,
    "var/mail": 0o2775,
    "var/tmp": 0o1777,
}
_LOGS = {"var/log/btmp": 0o660, "var/log/lastlog": 0o664, "var/log/wtmp": 0o664}
_UTMP, _MAIL, _SHADOW, _STAFF = (0, 43), (0, 8), (0, 42), (0, 50)
_OWNERS = {
    **dict.fromkeys(_LOGS, _UTMP),
    **dict.fromkeys(("etc/gshadow", "etc/shadow", "usr/bin/chage", "usr/bin/expiry", "usr/sbin/unix_chkpwd"), _SHADOW),
    "var/mail": _MAIL,
}


def lay_debian(root: Path, fetch: Fetch, *packages: str, release: str = "bookworm") -> str:
    """Fill `root` with a small Debian and `packages`, dependencies included; return the release's name."""
    release = fetch.debian(root, *ESSENTIAL, *packages, dependencies=True, release=release)
    for name in ("bin", "sbin", "lib", "lib64"):
        if (root / "usr" / name).is_dir():
            (root / name).symlink_to(f"usr/{name}")
    _lay_folders(root)
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


def owners_in(root: Path) -> dict[str, tuple[int, int]]:
    """Return what in this Debian does not belong to root and its group, for a `StandInConfig`."""
    local = (root / "var/local").stat().st_mode & stat.S_ISGID  # before trixie
    return {**_OWNERS, **({"var/local": _STAFF} if local else {})}


def _lay_folders(root: Path) -> None:
    """Make what the scripts of base-files and apt would make."""
    lay_directories(root, dict.fromkeys(_DIRECTORIES.split(), 0o755) | _MODES)
    for path, mode in _LOGS.items():
        (root / path).touch()
        (root / path).chmod(mode)
    for name in ("lock", "run"):  # folders in the package, which its script replaces
        if not (root / "var" / name).is_symlink():
            (root / "var" / name).rmdir()


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
    return StandInConfig(made_from=f"{release} packages", command=("bash",), owners=owners_in(root))


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
        version="2",
        make=_make,
    ),
)
