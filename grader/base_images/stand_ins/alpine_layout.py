"""Facts about the real image of Alpine: its accounts, commands, folders and links. Data only.

A recipe on top of Alpine takes `PASSWD` and `GROUP` from here, because a layer replaces complete files.
"""

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
COMMANDS = {
    "bin": """
arch ash base64 bbconfig cat chattr chgrp chmod chown cp date dd df dmesg dnsdomainname dumpkmap echo egrep false
fatattr fdflush fgrep fsync getopt grep gunzip gzip hostname ionice iostat ipcalc kbd_mode kill link linux32
linux64 ln login ls lsattr lzop makemime mkdir mknod mktemp more mount mountpoint mpstat mv netstat nice pidof ping
ping6 pipe_progress printenv ps pwd reformime rev rm rmdir run-parts sed setpriv setserial sh sleep stat stty su
sync tar touch true umount uname usleep watch zcat
""",
    "sbin": """
acpid adjtimex arp blkdiscard blkid blockdev depmod fbsplash fdisk findfs fsck fstrim getty halt hwclock ifconfig
ifdown ifenslave ifup init inotifyd insmod ip ipaddr iplink ipneigh iproute iprule iptunnel klogd ldconfig loadkmap
logread losetup lsmod mdev mkdosfs mkfs.vfat mkswap modinfo modprobe nameif nologin pivot_root poweroff raidautorun
reboot rmmod route setconsole slattach swapoff swapon switch_root sysctl syslogd tunctl udhcpc vconfig watchdog
zcip
""",
    "usr/bin": """
[ [[ awk basename bc beep bunzip2 bzcat bzip2 cal chvt cksum clear cmp comm cpio crontab cryptpw cut dc deallocvt
diff dirname dos2unix du eject env expand expr factor fallocate find flock fold free fuser getconf getent groups hd
head hexdump hostid id install ipcrm ipcs killall last ldd less logger lsof lsusb lzcat lzma lzopcat md5sum mesg
microcom mkfifo mkpasswd nc nl nmeter nohup nproc nsenter nslookup od openvt passwd paste pgrep pkill pmap printf
pscan pstree pwdx readlink realpath renice reset resize seq setkeycodes setsid sha1sum sha256sum sha3sum sha512sum
showkey shred shuf sort split ssl_client strings sum tac tail tee test time timeout top tr traceroute traceroute6
tree truncate tty ttysize udhcpc6 unexpand uniq unix2dos unlink unlzma unlzop unshare unxz unzip uptime uudecode
uuencode vi vlock volname wc wget which who whoami whois xargs xxd xzcat yes
""",
    "usr/sbin": """
add-shell addgroup adduser arping brctl chpasswd chroot crond delgroup deluser ether-wake fbset killall5 loadfont
nanddump nandwrite nbd-client ntpd partprobe rdate rdev readahead remove-shell rfkill sendmail setfont setlogcons
""",
}
"""The commands of the real image and their folders: those of its BusyBox, of musl's tools, and `ssl_client`."""
DIRECTORIES = """
dev etc etc/apk etc/apk/keys etc/apk/protected_paths.d etc/crontabs etc/logrotate.d etc/modprobe.d etc/modules-load.d
etc/network etc/network/if-down.d etc/network/if-post-down.d etc/network/if-post-up.d etc/network/if-pre-down.d
etc/network/if-pre-up.d etc/network/if-up.d etc/opt etc/periodic etc/periodic/15min etc/periodic/daily
etc/periodic/hourly etc/periodic/monthly etc/periodic/weekly etc/profile.d etc/secfixes.d etc/ssl etc/ssl/certs
etc/ssl/private etc/ssl1.1 etc/sysctl.d etc/udhcpc home lib lib/apk lib/apk/db lib/apk/exec lib/firmware
lib/modules-load.d lib/sysctl.d media media/cdrom media/floppy media/usb mnt opt proc run run/lock srv sys usr/lib
usr/lib/modules-load.d usr/lib/sysctl.d usr/local usr/local/bin usr/local/lib usr/local/share usr/share usr/share/apk
usr/share/misc usr/share/udhcpc var var/cache var/cache/apk var/cache/misc var/lib var/lib/misc var/local var/log
var/mail var/opt var/spool var/spool/cron
"""
LINKS = {
    "etc/os-release": "../usr/lib/os-release",
    "etc/ssl/cert.pem": "certs/ca-certificates.crt",
    "etc/ssl1.1/cert.pem": "/etc/ssl/cert.pem",
    "etc/ssl1.1/certs": "/etc/ssl/certs",
    "var/lock": "../run/lock",
    "var/run": "../run",
    "var/spool/cron/crontabs": "../../../etc/crontabs",
    "var/spool/mail": "../mail",
}
CRONTAB = "".join(
    f"{when}\trun-parts /etc/periodic/{name}\n"
    for when, name in (
        ("*/15\t*\t*\t*\t*", "15min"),
        ("0\t*\t*\t*\t*", "hourly"),
        ("0\t2\t*\t*\t*", "daily"),
        ("0\t3\t*\t*\t6", "weekly"),
        ("0\t5\t1\t*\t*", "monthly"),
    )
)
OWNERS = {"etc/shadow": (0, 42)}
"""What in Alpine does not belong to root and its group."""
