"""The stand-in for Alpine: musl's library, BusyBox, accounts, CA certificates, and an `apk` that explains why it fails.

A recipe on top of Alpine takes `PASSWD` and `GROUP` from here, because a layer replaces complete files.
"""

import shutil
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from grader.base_images.stand_ins.busybox import copy_script, lay_accounts, lay_busybox, lay_directories
from grader.base_images.stand_ins.certificates import certificate_bundle
from grader.base_images.stand_ins.recipe import Fetch, Recipe, StandInConfig, Tell

NEWEST = "3.23"
REAL_SIZE = 8_400_000
"""Bytes of regular files in the real image, about."""

# Names and numbers as in Alpine, because `addgroup -S www-data` fails there, too.
PASSWD = """\
root:x:0:0:root:/root:/bin/sh
bin:x:1:1:bin:/bin:/sbin/nologin
daemon:x:2:2:daemon:/sbin:/sbin/nologin
lp:x:4:7:lp:/var/spool/lpd:/sbin/nologin
sync:x:5:0:sync:/sbin:/bin/sync
shutdown:x:6:0:shutdown:/sbin:/sbin/shutdown
halt:x:7:0:halt:/sbin:/sbin/halt
mail:x:8:12:mail:/var/mail:/sbin/nologin
news:x:9:13:news:/usr/lib/news:/sbin/nologin
uucp:x:10:14:uucp:/var/spool/uucppublic:/sbin/nologin
cron:x:16:16:cron:/var/spool/cron:/sbin/nologin
ftp:x:21:21::/var/lib/ftp:/sbin/nologin
sshd:x:22:22:sshd:/dev/null:/sbin/nologin
games:x:35:35:games:/usr/games:/sbin/nologin
ntp:x:123:123:NTP:/var/empty:/sbin/nologin
guest:x:405:100:guest:/dev/null:/sbin/nologin
nobody:x:65534:65534:nobody:/:/sbin/nologin
"""  # noqa: S105 - the file has this name and contains no password
GROUP = """\
root:x:0:root
bin:x:1:root,bin,daemon
daemon:x:2:root,bin,daemon
sys:x:3:root,bin
adm:x:4:root,daemon
tty:x:5:
disk:x:6:root
lp:x:7:lp
kmem:x:9:
wheel:x:10:root
floppy:x:11:root
mail:x:12:mail
news:x:13:news
uucp:x:14:uucp
cron:x:16:cron
audio:x:18:
cdrom:x:19:
dialout:x:20:root
ftp:x:21:
sshd:x:22:
input:x:23:
tape:x:26:root
video:x:27:root
netdev:x:28:
kvm:x:34:kvm
games:x:35:
shadow:x:42:
www-data:x:82:
users:x:100:games
ntp:x:123:
abuild:x:300:
utmp:x:406:
ping:x:999:
nogroup:x:65533:
nobody:x:65534:
"""
_DIRECTORIES = ("dev", "etc/apk", "media", "mnt", "opt", "proc", "run", "srv", "sys", "usr/local/bin", "var/log")
_MACHINES = {"amd64": "x86_64", "arm64": "aarch64"}


def _make(root: Path, fetch: Fetch, tell: Tell, *, version: str) -> StandInConfig:
    tell("fetching musl and BusyBox")
    lay_busybox(root, fetch)
    lay_directories(root, dict.fromkeys(_DIRECTORIES, 0o755))
    lay_accounts(root, PASSWD, GROUP)
    release = _lay_musl(root, fetch)
    tell("fetching CA certificates")
    (root / "etc" / "ssl" / "certs").mkdir(parents=True)
    (root / "etc" / "ssl" / "certs" / "ca-certificates.crt").write_bytes(certificate_bundle(fetch, root.parent))
    (root / "etc" / "ssl" / "cert.pem").symlink_to("certs/ca-certificates.crt")
    copy_script("apk", root / "sbin" / "apk")
    _say_which(root, version)
    _fill_up(root)
    return StandInConfig(
        made_from=f"{release}'s musl, static BusyBox and CA certificates",
        command=("/bin/sh",),
    )


def _lay_musl(root: Path, fetch: Fetch) -> str:
    """Put musl's only file, which is loader and library, where programs built on Alpine look for it."""
    with TemporaryDirectory(dir=root.parent) as folder:
        release = fetch.debian(Path(folder), "musl")
        [library] = Path(folder).glob("usr/lib/*-linux-musl/libc.so")
        machine = _MACHINES[fetch.architecture]
        loader = root / "lib" / f"ld-musl-{machine}.so.1"
        loader.parent.mkdir()
        shutil.copy2(library, loader)
        (root / "lib" / f"libc.musl-{machine}.so.1").symlink_to(loader.name)
    (root / "usr" / "lib").mkdir(exist_ok=True)
    return release


def _fill_up(root: Path) -> None:
    """Make it as big as the real image, whose package manager and TLS libraries it lacks: budgets count the base."""
    size = sum(file.lstat().st_size for file in root.rglob("*") if file.is_file() and not file.is_symlink())
    padding = root / "usr" / "share" / "stand-in" / "padding"
    padding.parent.mkdir(parents=True)
    padding.write_bytes(bytes(max(0, REAL_SIZE - size)))


def _say_which(root: Path, version: str) -> None:
    (root / "etc" / "os-release").write_text(
        f'NAME="Alpine Linux"\nID=alpine\nVERSION_ID={version}.0\n'
        f'PRETTY_NAME="Alpine Linux v{version} (stand-in)"\n'
        'HOME_URL="https://alpinelinux.org/"\n',
        "utf-8",
    )
    (root / "etc" / "alpine-release").write_text(f"{version}.0\n", "utf-8")
    (root / "etc" / "hostname").write_text("localhost\n", "utf-8")
    (root / "etc" / "profile").write_text("export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin\n")
    (root / "etc" / "shells").write_text("/bin/sh\n/bin/ash\n", "utf-8")


def _recipe(version: str, *names: str) -> Recipe:
    references = (*(f"alpine:{name}" for name in names), f"alpine:{version}")
    return Recipe(references=references, version="2", make=partial(_make, version=version))


RECIPES = (
    _recipe(NEWEST, "latest", "3"),
    _recipe("3.22"),
    _recipe("3.21"),
    _recipe("3.20"),
)
