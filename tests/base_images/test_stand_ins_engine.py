"""Stand-ins behave as the real images do where an exercise can tell. Those of node: `test_node_engine.py`."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from grader.base_images.stand_ins.archive import image_archive, pack_layer
from grader.base_images.stand_ins.recipe import StandInConfig
from grader.engine.client import Engine
from grader.engine.labels import KIT, STAND_IN, run_labels
from grader.engine.model import BuildResult

pytestmark = pytest.mark.engine

Said = Callable[..., str]

PROGRAM = """\
package main

import (
\t"crypto/x509"
\t"fmt"
\t"net"
\t"os"
\t"os/user"
\t"time"
)

func main() {
\troots, err := x509.SystemCertPool()
\tfmt.Println("roots", err == nil && !roots.Equal(x509.NewCertPool()))
\t_, err = time.LoadLocation("Europe/Paris")
\tfmt.Println("zones", err == nil)
\tme, err := user.Current()
\tfmt.Println("user", err == nil && me.Username != "", os.Getuid(), os.Getgid())
\taddresses, err := net.LookupHost("localhost")
\tfmt.Println("localhost", len(addresses) > 0, err)
\tfmt.Println("writable", os.WriteFile(os.TempDir()+"/x", nil, 0o600) == nil)
}
"""
FILES = {"main.go": PROGRAM, "go.mod": "module example.com/probe\n\ngo 1.22\n"}
GO = """\
FROM golang:1.26 AS build
WORKDIR /src
COPY go.mod main.go ./
RUN go build -o /dynamic . && CGO_ENABLED=0 go build -o /static .
"""
REFERENCES = (
    "golang:1.26",
    "golang:1.22",
    "golang:1.26-alpine",
    "alpine:latest",
    "alpine:3.20",
    "debian:bookworm-slim",
    "busybox",
    "gcr.io/distroless/static-debian12",
    "gcr.io/distroless/static-debian12:nonroot",
)


@pytest.fixture(scope="module")
def programs(build: Callable[..., BuildResult], run: str) -> str:
    """An image with the program as golang builds it by default, and without cgo."""
    result = build("programs", GO, FILES, cached=True)
    assert result.built, result.error
    return f"workshop-test/{run}:programs"


def probe(base: str, programs: str, program: str) -> str:
    """A Dockerfile that runs the program on `base`, without a shell."""
    return f'FROM {base}\nCOPY --from={programs} /{program} /probe\nRUN ["/probe"]\n'


@pytest.mark.parametrize("reference", REFERENCES)
def test_stand_ins_say_so_and_are_no_leftovers(engine: Engine, stand_in: Callable[[str], str], reference: str) -> None:
    """The label is on each, with what it was made from, and not the label by which `clean` removes things."""
    image = engine.inspect_image(stand_in(reference))
    assert image is not None
    labels = dict(image.labels)
    assert labels[STAND_IN]
    assert labels[f"{STAND_IN}.made-from"]
    assert KIT not in labels


@pytest.mark.parametrize("version", ["1.26", "1.22"])
def test_golang_is_set_up_as_in_the_real_image(said: Said, version: str) -> None:
    """Version, paths, cgo and a toolchain that asks no network for a newer one; gcc, make and git are there."""
    log = said(
        f"go-{version}",
        f"FROM golang:{version}\nRUN go version && go env GOROOT GOPATH GOTOOLCHAIN CGO_ENABLED && pwd\n"
        "RUN gcc --version && make --version && git --version && bash -c 'echo bash too'\n"
        "RUN test -d /usr/local/go/src/net/http && test -w /go/bin && test -f /etc/ssl/certs/ca-certificates.crt\n",
    )
    assert f"go version go{version}." in log
    assert "/usr/local/go\n/go\nlocal\n1\n/go" in log
    for tool in ("gcc (Debian", "GNU Make", "git version", "bash too"):
        assert tool in log


@pytest.mark.parametrize(
    ("tag", "c", "options"),
    [
        ("1.26", "0", ""),
        ("1.26", "1", ""),
        ("1.26", "0", "-tags timetzdata"),
        ("1.26-alpine", "0", ""),
        ("1.26-alpine", "0", "-tags timetzdata"),
    ],
)
def test_a_web_server_does_not_compile_the_standard_library(said: Said, tag: str, c: str, options: str) -> None:
    """It is in Go's build cache, with a C compiler and without, and with zone data: only the program is compiled."""
    program = r'package main\nimport "net/http"\nfunc main() { http.ListenAndServe("", nil) }\n'
    log = said(
        f"golang-warm-{tag}-{c}{options.replace(' ', '')}",
        f"FROM golang:{tag}\nWORKDIR /web\n"
        f"RUN printf 'module web\\n' > go.mod && printf '{program}' > main.go\n"
        f"RUN CGO_ENABLED={c} go build -v {options} .\n",
    )
    assert log.split() == ["web"]


def test_a_default_build_is_dynamic_and_does_not_start_on_alpine(
    build: Callable[..., BuildResult], said: Said, programs: str
) -> None:
    """With gcc there, `net` and `os/user` bring in the C library; Alpine has no loader for it."""
    result = build("dynamic-on-alpine", probe("alpine:latest", programs, "dynamic"))
    assert not result.built
    assert "no such file or directory" in f"{result.error} {[step.log for step in result.steps]}"
    log = said("dynamic", f"FROM {programs}\nRUN go version -m /dynamic; grep -c /ld-linux /dynamic /static; true\n")
    assert "CGO_ENABLED=1" in log
    assert "/dynamic:1\n/static:0" in log


def test_a_static_build_starts_on_alpine(said: Said, programs: str) -> None:
    """It finds root certificates and accounts there and, as on the real one, no zone data."""
    log = said("static-on-alpine", probe("alpine:latest", programs, "static"))
    for line in ("roots true", "zones false", "user true 0 0", "localhost true", "writable true"):
        assert line in log


@pytest.mark.parametrize("base", ["debian:bookworm-slim", "busybox"])
def test_a_default_build_starts_where_there_is_glibc(said: Said, programs: str, base: str) -> None:
    """Debian has it, and so has busybox in its default flavour; neither has root certificates."""
    log = said(f"dynamic-{base.partition(':')[0]}", probe(base, programs, "dynamic"))
    assert "roots false" in log
    assert "localhost true" in log


@pytest.mark.parametrize(("tag", "user"), [("latest", 0), ("nonroot", 65532)])
def test_distroless_has_certificates_zones_and_its_user(said: Said, programs: str, tag: str, user: int) -> None:
    """A static program finds all it may need, as root or as nonroot, whose home is its working directory."""
    base = f"gcr.io/distroless/static-debian12:{tag}"
    log = said(f"distroless-{tag}", probe(base, programs, "static"))
    for line in ("roots true", "zones true", f"user true {user} {user}", "localhost true", "writable true"):
        assert line in log


def test_distroless_has_no_shell(build: Callable[..., BuildResult]) -> None:
    """A RUN in shell form cannot work there."""
    assert not build("distroless-shell", "FROM gcr.io/distroless/static-debian12\nRUN true\n").built


def test_golang_on_alpine_begins_with_alpine_and_has_no_compiler(
    engine: Engine, stand_in: Callable[[str], str], said: Said
) -> None:
    """Its layers are Alpine's own and one more; without gcc its default build is static."""
    base, golang = (engine.inspect_image(stand_in(name)) for name in ("alpine:latest", "golang:1.26-alpine"))
    assert base is not None
    assert golang is not None
    assert golang.diff_ids[: len(base.diff_ids)] == base.diff_ids
    assert len(golang.diff_ids) > len(base.diff_ids)
    log = said("go-alpine", "FROM golang:1.26-alpine\nRUN go version && go env CGO_ENABLED && ! which gcc && pwd\n")
    assert "go version go1.26." in log
    assert "\n0\n/go" in log


def test_alpine_adds_users_and_groups_as_its_busybox_does(said: Said) -> None:
    """The usual lines of Dockerfiles work, system and ordinary, in either order of options, long ones too."""
    log = said(
        "alpine-users",
        "FROM alpine:latest\n"
        "RUN addgroup -S app && adduser -S app -G app && id app\n"
        "RUN adduser -D bob && id bob && ls -ld /home/bob && su bob -c 'touch ~/mine'\n"
        "RUN addgroup -g 2000 team && adduser -D -H -u 2001 -G team -s /sbin/nologin -g '' -h /srv eve && id eve\n"
        "RUN adduser --system --no-create-home --uid 3000 sys && id sys && adduser bob team && id bob\n"
        "RUN grep -E '^(eve|sys):' /etc/passwd && deluser eve && ! id eve && id nobody\n"
        "USER app\nRUN id -u\n",
    )
    assert "uid=100(app) gid=101(app) groups=101(app)" in log
    assert "uid=1000(bob) gid=1000(bob) groups=1000(bob)\ndrwxr-sr-x" in log
    assert "uid=2001(eve) gid=2000(team)" in log
    assert "uid=3000(sys) gid=65533(nogroup)" in log
    assert "uid=1000(bob) gid=1000(bob) groups=1000(bob),2000(team)" in log
    assert "/srv:/sbin/nologin" in log
    assert "uid=65534(nobody)" in log


@pytest.mark.parametrize(
    ("command", "says"),
    [
        ("addgroup www-data", "group 'www-data' in use"),
        ("adduser -D -G nosuch eve", "unknown group nosuch"),
        ("adduser -D nobody", "user 'nobody' in use"),
        ("useradd eve", "useradd: not found"),
        ("adduser eve", "password for eve is unchanged"),
        ("apk add --no-cache curl tzdata", "cannot install curl"),
        ("apk update", "made without a network"),
    ],
)
def test_alpine_refuses_what_the_real_one_refuses_offline(
    build: Callable[..., BuildResult], command: str, says: str
) -> None:
    """A taken name, a missing group, another system's command, a password prompt, a package that is not there."""
    result = build("alpine-refuses", f"FROM alpine:latest\nRUN {command}\n")
    assert not result.built
    assert says in "".join(step.log for step in result.steps)


def test_alpine_has_the_tools_that_a_healthcheck_takes(said: Said) -> None:
    """A shell, wget and nc, but neither curl nor bash; `apk add` of what is there already passes."""
    log = said(
        "alpine-tools",
        "FROM alpine:3.20\nRUN which sh wget nc && ! which curl && ! which bash && cat /etc/os-release\n"
        "RUN apk add --no-cache ca-certificates && test -f /etc/ssl/cert.pem && test ! -e /usr/share/zoneinfo\n",
    )
    assert "/bin/sh\n/usr/bin/wget\n/usr/bin/nc" in log
    assert "ID=alpine" in log
    assert "VERSION_ID=3.20" in log


def test_debian_adds_users_and_says_why_it_installs_nothing(build: Callable[..., BuildResult], said: Said) -> None:
    """`useradd` and `groupadd` work; `apt-get update` passes as without a network, `install` ends in one line."""
    log = said(
        "debian-users",
        "FROM debian:bookworm-slim\nRUN groupadd -r app && useradd -r -m -g app app && id app && id nobody\n"
        "RUN apt-get update && test ! -e /etc/ssl/certs/ca-certificates.crt\n"
        "RUN cat /etc/os-release && ls /usr/share/zoneinfo\n"
        "USER app\nRUN whoami\n",
    )
    assert "uid=999(app) gid=999(app)" in log
    assert "ID=debian" in log
    assert "Europe" in log
    result = build("debian-install", "FROM debian:bookworm-slim\nRUN apt-get install -y --no-install-recommends curl\n")
    assert not result.built
    assert "cannot install curl" in "".join(step.log for step in result.steps)


def test_busybox_has_accounts_and_its_commands_in_bin(said: Said) -> None:
    """All in /bin, as in the real image, with those that the program itself lacks."""
    log = said(
        "busybox",
        "FROM busybox\nRUN adduser -D bob && id bob && which wget sh && command -v busybox tree httpd patch\n"
        "RUN mkdir d && touch d/a && find d -delete && test ! -e d && getent passwd root\n",
    )
    assert "uid=1000(bob)" in log
    for place in ("/bin/wget\n/bin/sh\n/bin/busybox", "root:x:0:0:root:/root:/bin/sh"):
        assert place in log


def test_alpine_is_about_as_big_as_the_real_one(engine: Engine, stand_in: Callable[[str], str]) -> None:
    """Budgets count the base image, so that a stand-in half its size would pass what the real one does not."""
    size = sum(len(chunk) for chunk in engine.save(stand_in("alpine:latest")))
    assert 7_500_000 < size < 9_500_000


def test_a_load_that_breaks_off_leaves_no_image(engine: Engine, run: str, tmp_path: Path) -> None:
    """Wherever the stream ends early, the engine has nothing under the name."""
    root = tmp_path / "root"
    root.mkdir()
    (root / "file").write_bytes(bytes(3_000_000))
    name = f"workshop-test/{run}:half"
    layer = pack_layer(root, {}, "test", tmp_path / "layer.tar", lambda: None)
    chunks = list(image_archive([name], [layer], StandInConfig("test"), run_labels(run), "amd64"))

    def breaking(count: int) -> Iterator[bytes]:
        yield from chunks[:count]
        raise InterruptedError("enough")

    for count in (1, len(chunks) // 2, len(chunks) - 3):
        with pytest.raises(InterruptedError):
            engine.load(breaking(count))
        assert engine.inspect_image(name) is None
    engine.load(chunks)
    assert engine.inspect_image(name) is not None


FOLDERS = """\
755 root:root /boot
755 root:root /etc/apt/sources.list.d
755 root:root /etc/opt
755 root:root /home
755 root:root /media
755 root:root /mnt
755 root:root /opt
755 root:root /srv
700 root:root /root
1777 root:root /tmp
1777 root:root /run/lock
755 root:root /usr/local/bin
755 root:root /usr/local/etc
755 root:root /usr/local/games
755 root:root /usr/local/include
755 root:root /usr/local/lib
755 root:root /usr/local/sbin
755 root:root /usr/local/share/man
755 root:root /usr/local/src
755 root:root /usr/src
755 root:root /var/backups
755 root:root /var/cache
755 root:root /var/lib/misc
2775 root:mail /var/mail
755 root:root /var/opt
755 root:root /var/spool
1777 root:root /var/tmp
640 root:shadow /etc/shadow
664 root:utmp /var/log/wtmp
"""


@pytest.mark.parametrize(
    ("image", "local"),
    [
        ("golang:1.26", "2775 root:staff"),
        ("debian:bookworm-slim", "2775 root:staff"),
        ("python:3.13-slim", "755 root:root"),
    ],
)
def test_debian_has_its_folders_with_their_owners_and_modes(said: Said, image: str, local: str) -> None:
    """What base-files makes when it is installed is there, so that a file can be moved to /usr/local/bin or /opt."""
    paths = " ".join(line.rpartition(" ")[2] for line in FOLDERS.splitlines())
    log = said(
        f"folders-{image.partition(':')[0]}",
        f"FROM {image}\nRUN stat -c '%a %U:%G %n' {paths} /var/local\n"
        "RUN readlink /var/run /var/lock /usr/local/man /var/spool/mail\n"
        "RUN touch /x && mv /x /usr/local/bin/ && cp /usr/local/bin/x /opt/ && cp /opt/x /srv && cp /opt/x /mnt/\n",
    )
    assert f"{FOLDERS}{local} /var/local\n" in log
    assert "/run\n/run/lock\nshare/man\n../mail" in log
