"""The stand-in for busybox, and the tree of BusyBox and its accounts that the stand-in for Alpine builds on.

The program is Debian's static BusyBox, which has no `adduser` family: scripts in `files/` replace these.
"""

import shutil
from pathlib import Path
from tempfile import TemporaryDirectory

from grader.base_images.stand_ins.recipe import Fetch, Recipe, StandInConfig, Tell

FILES = Path(__file__).parent / "files"
ACCOUNT_TOOLS = ("adduser", "addgroup", "deluser", "delgroup")

# Where Debian's BusyBox puts each applet (`busybox --list-full`), without other systems' package tools.
BIN = """
arch ash base64 cat chgrp chmod chown cp cpio cttyhack date dd df dmesg dnsdomainname dumpkmap echo ed egrep false
fatattr fgrep getopt grep gunzip gzip hostname ionice ipcalc kill link linux32 linux64 ln login ls lzop mkdir mkfifo
mknod mktemp more mount mt mv netstat nuke pidof ping ping6 ps pwd readlink resume rev rm rmdir run-parts sed setpriv
sh sleep stat stty su sync tar touch true umount uname uncompress usleep vi watch zcat
"""
SBIN = """
acpid adjtimex arp blockdev depmod devmem fdisk findfs freeramdisk fstrim getty halt hwclock ifconfig ifdown ifup init
insmod ip ipneigh klogd loadkmap logread losetup lsmod mdev mkdosfs mke2fs mkswap modinfo modprobe nameif pivot_root
poweroff reboot rmmod route run-init start-stop-daemon sulogin swapoff swapon switch_root sysctl syslogd tc telnetd
tunctl udhcpc uevent vconfig watchdog
"""
USR_BIN = """
[ [[ ar ascii awk basename bc blkdiscard bunzip2 bzcat bzip2 cal chvt clear cmp crc32 crontab cut dc deallocvt diff
dirname dos2unix du dumpleases env expand expr factor fallocate find fold free ftpget ftpput groups head hexdump hostid
id killall last less logger logname lsscsi lzcat lzma md5sum microcom mkpasswd nc nl nproc nsenter nslookup od openvt
passwd paste patch printf realpath renice reset seq setkeycodes setsid sha1sum sha256sum sha3sum sha512sum shred shuf
sort ssl_client strings svc svok tac tail taskset tee telnet test tftp time timeout top tr traceroute traceroute6
truncate ts tty unexpand uniq unix2dos unlink unlzma unshare unxz unzip uptime uudecode uuencode w wc wget which who
whoami xargs xxd xz xzcat yes
"""
USR_SBIN = "arping brctl chroot crond fsfreeze httpd i2cdetect i2cdump i2cget i2cset i2ctransfer loadfont mim nologin \
partprobe rdate ubirename udhcpd"
_APPLETS = {"bin": BIN, "sbin": SBIN, "usr/bin": USR_BIN, "usr/sbin": USR_SBIN}

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


def lay_busybox(root: Path, fetch: Fetch) -> str:
    """Put BusyBox and a link for each applet into `root`, with `/tmp` and `/root`; return the release it is from."""
    with TemporaryDirectory(dir=root.parent) as folder:
        release = fetch.debian(Path(folder), "busybox-static")
        (root / "bin").mkdir()
        shutil.copy2(Path(folder) / "usr" / "bin" / "busybox", root / "bin" / "busybox")
    for directory, names in _APPLETS.items():
        (root / directory).mkdir(parents=True, exist_ok=True)
        for name in names.split():
            (root / directory / name).symlink_to("/bin/busybox")
    for name in ACCOUNT_TOOLS:
        copy_script(name, root / "usr" / "sbin" / name)
    lay_directories(root, {"root": 0o700, "tmp": 0o1777, "var/tmp": 0o1777, "home": 0o755, "dev": 0o755, "etc": 0o755})
    return release


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


def copy_script(name: str, target: Path) -> None:
    """Put one of the kit's scripts where an image has its program."""
    shutil.copyfile(FILES / name, target)
    target.chmod(0o755)


def _make(root: Path, fetch: Fetch, tell: Tell) -> StandInConfig:
    tell("fetching BusyBox")
    lay_busybox(root, fetch)
    _link_all_into_bin(root)
    lay_accounts(root, _ACCOUNTS, _GROUPS)
    (root / "lib").mkdir()
    (root / "lib64").symlink_to("lib")
    with TemporaryDirectory(dir=root.parent) as folder:
        release = fetch.debian(Path(folder), "libc6")
        [libraries] = Path(folder).glob("usr/lib/*-linux-gnu")
        for pattern in _LIBRARIES:
            for file in libraries.glob(pattern):
                shutil.copy2(file, root / "lib" / file.name)
    return StandInConfig(made_from=f"{release}'s static BusyBox and glibc", command=("sh",))


def _link_all_into_bin(root: Path) -> None:
    """The real image has every applet in /bin, also those that are in other folders elsewhere."""
    for directory, names in _APPLETS.items():
        if directory != "bin":
            for name in names.split():
                (root / "bin" / name).symlink_to("/bin/busybox")
    for name in ACCOUNT_TOOLS:
        copy_script(name, root / "bin" / name)


RECIPES = (
    Recipe(
        references=("busybox:latest", "busybox:stable", "busybox:1.37", "busybox:1.36", "busybox:glibc"),
        version="2",
        make=_make,
    ),
)
