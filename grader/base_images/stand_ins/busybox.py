"""The stand-in for busybox, and the tree of BusyBox and its accounts that the stand-in for Alpine builds on.

The program is Debian's static BusyBox. It lacks commands that real images have, such as `adduser` and `tree`, and
options of others, such as `find -delete`: scripts in `files/commands/` replace these.
"""

import shutil
from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryDirectory

from grader.base_images.stand_ins.applets import applets_of, with_applets
from grader.base_images.stand_ins.fetch import UnfetchableError
from grader.base_images.stand_ins.recipe import Fetch, Recipe, StandInConfig, Tell

RELEASE = "trixie"
"""The Debian release whose BusyBox and musl have the versions that real images have."""
FILES = Path(__file__).parent / "files"
_COMMANDS = FILES / "commands"
_SHELLS = ("ash", "sh")
_STARTERS = (
    *("chroot", "env", "find", "ionice", "linux32", "linux64", "nsenter", "run-parts", "setpriv", "setsid"),
    *("start-stop-daemon", "su", "time", "timeout", "unshare", "watch", "xargs"),
)
"""Applets that start other programs."""
_STARTER = "usr/lib/stand-in/busybox"
_SCRIPTS_OF = {"pkill": "pgrep"}
"""A command that shares another one's script."""
_NOT_IN_REAL_ONES = """
busybox dpkg dpkg-deb getfattr linuxrc logname mim nuke resume rpm rpm2cpio run-init taskset uncompress
"""
"""Applets of Debian's that the real busybox image does not have, and the program's own name."""

_LIBRARIES = (
    "ld-linux-*.so.*",
    "libc.so.6",
    "libm.so.6",
    "libnss_compat.so.2",
    "libnss_dns.so.2",
    "libnss_files.so.2",
    "libpthread.so.0",
    "libresolv.so.2",
)
"""The real image's default flavour is built with glibc and carries these, so that many dynamic programs start on it."""

_ACCOUNTS = """\
root:x:0:0:root:/root:/bin/sh
daemon:x:1:1:daemon:/usr/sbin:/bin/false
bin:x:2:2:bin:/bin:/bin/false
sys:x:3:3:sys:/dev:/bin/false
mail:x:8:8:mail:/var/spool/mail:/bin/false
www-data:x:33:33:www-data:/var/www:/bin/false
nobody:x:65534:65534:nobody:/home:/bin/false
"""
_GROUPS = """\
root:x:0:
daemon:x:1:
bin:x:2:
sys:x:3:
mail:x:8:
wheel:x:10:root
www-data:x:33:
users:x:100:
nobody:x:65534:
"""


def lay_busybox(root: Path, program: Path, places: Iterable[str]) -> None:
    """Put the BusyBox `program` into `root` as /bin/busybox, and the commands that have these `places` (`usr/bin/id`).

    Each is a link to BusyBox, or one of the kit's scripts, or left out if there is neither. BusyBox itself has the
    other commands no more. The shell, and what starts other programs, are copies that have no other commands in them:
    so they look in PATH.

    Raises:
        ValueError: this is not a BusyBox of the usual layout.

    """
    content = program.read_bytes()
    applets = set(applets_of(content))
    named = {place: place.rpartition("/")[2] for place in places}
    for copy, kept in {"bin/busybox": {*named.values(), "busybox"}, "bin/ash": _SHELLS, _STARTER: _STARTERS}.items():
        (root / copy).parent.mkdir(parents=True, exist_ok=True)
        (root / copy).write_bytes(with_applets(content, kept))
        (root / copy).chmod(0o755)
    for place, name in named.items():
        script = _COMMANDS / _SCRIPTS_OF.get(name, name)
        target = root / place
        target.parent.mkdir(parents=True, exist_ok=True)
        if name == "sh":
            target.symlink_to("/bin/ash")
        elif script.is_file():
            copy_script(script, target)
        elif name in applets and name != "ash":
            target.symlink_to(f"/{_STARTER}" if name in _STARTERS else "/bin/busybox")
    lay_directories(root, {"root": 0o700, "tmp": 0o1777, "var/tmp": 0o1777, "home": 0o755, "dev": 0o755, "etc": 0o755})


def lay_directories(root: Path, modes: dict[str, int]) -> None:
    """Make directories with exactly these modes."""
    for path, mode in modes.items():
        (root / path).mkdir(parents=True, exist_ok=True)
        (root / path).chmod(mode)


def lay_accounts(root: Path, passwd: str, group: str) -> None:
    """Write the account files; nobody has a password."""
    names = [line.partition(":")[0] for line in passwd.splitlines()]
    (root / "etc" / "passwd").write_text(passwd, "utf-8")
    (root / "etc" / "group").write_text(group, "utf-8")
    (root / "etc" / "shadow").write_text("".join(f"{name}:*::0:::::\n" for name in names), "utf-8")
    (root / "etc" / "shadow").chmod(0o640)


def copy_script(script: Path, target: Path) -> None:
    """Put one of the kit's scripts where an image has its program."""
    shutil.copyfile(script, target)
    target.chmod(0o755)


def _make(root: Path, fetch: Fetch, tell: Tell) -> StandInConfig:
    tell("fetching BusyBox")
    with TemporaryDirectory(dir=root.parent) as folder:
        release = fetch.debian(Path(folder), "busybox-static", "libc6", release=RELEASE)
        try:
            program = Path(folder) / "usr/bin/busybox"
            lay_busybox(root, program, _places(applets_of(program.read_bytes())))
        except (OSError, ValueError) as error:
            raise UnfetchableError(f"the busybox image cannot be made from its packages: {error}") from error
        lay_accounts(root, _ACCOUNTS, _GROUPS)
        (root / "lib").mkdir()
        (root / "lib64").symlink_to("lib")
        [libraries] = Path(folder).glob("usr/lib/*-linux-gnu")
        for pattern in _LIBRARIES:
            for file in libraries.glob(pattern):
                shutil.copy2(file, root / "lib" / file.name)
    return StandInConfig(made_from=f"{release}'s static BusyBox and glibc", command=("sh",))


def _places(applets: Iterable[str]) -> list[str]:
    """The real image has every applet in /bin; what needs musl's loader is not among them."""
    scripts = {*_SCRIPTS_OF, *(script.name for script in _COMMANDS.iterdir())} - {"getconf", "ldconfig", "ldd"}
    return [f"bin/{name}" for name in sorted({*applets, *scripts} - {*_NOT_IN_REAL_ONES.split()})]


RECIPES = (
    Recipe(
        references=("busybox:latest", "busybox:stable", "busybox:1.37", "busybox:1.36", "busybox:glibc"),
        version="3",
        make=_make,
    ),
)
