"""The stand-ins for distroless static: certificates, zone data, accounts and nothing that runs."""

from functools import partial
from pathlib import Path

from grader.base_images.stand_ins.busybox import lay_directories
from grader.base_images.stand_ins.certificates import certificate_bundle
from grader.base_images.stand_ins.recipe import Fetch, Recipe, StandInConfig, Tell

NONROOT = 65532
_REPOSITORIES = ("gcr.io/distroless/static-debian12", "gcr.io/distroless/static")
_ACCOUNTS = f"""\
root:x:0:0:root:/root:/sbin/nologin
nobody:x:65534:65534:nobody:/nonexistent:/sbin/nologin
nonroot:x:{NONROOT}:{NONROOT}:nonroot:/home/nonroot:/sbin/nologin
"""
_GROUPS = f"""\
root:x:0:
nobody:x:65534:
tty:x:5:
staff:x:50:
nonroot:x:{NONROOT}:
"""


def _make(root: Path, fetch: Fetch, tell: Tell, *, user: str) -> StandInConfig:
    tell("fetching zone data and CA certificates")
    release = fetch.debian(root, "base-files", "netbase", "tzdata")
    lay_directories(root, {"tmp": 0o1777, "root": 0o700, "home/nonroot": 0o700, "etc/ssl/certs": 0o755})
    (root / "etc" / "ssl" / "certs" / "ca-certificates.crt").write_bytes(certificate_bundle(fetch, root.parent))
    (root / "etc" / "passwd").write_text(_ACCOUNTS, "utf-8")
    (root / "etc" / "group").write_text(_GROUPS, "utf-8")
    (root / "etc" / "nsswitch.conf").write_text("hosts: files dns\n", "utf-8")
    for script in (*root.glob("etc/update-motd.d/*"), *root.glob("usr/sbin/*"), *root.glob("usr/bin/*")):
        script.unlink()
    return StandInConfig(
        made_from=f"{release}'s zone data and CA certificates",
        environment={
            "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
            "SSL_CERT_FILE": "/etc/ssl/certs/ca-certificates.crt",
        },
        user=user,
        working_dir="/home/nonroot" if user else "/",
        owners={"home/nonroot": (NONROOT, NONROOT)},
    )


RECIPES = (
    Recipe(
        references=tuple(f"{repository}:latest" for repository in _REPOSITORIES),
        version="1",
        make=partial(_make, user=""),
    ),
    Recipe(
        references=tuple(f"{repository}:nonroot" for repository in _REPOSITORIES),
        version="1",
        make=partial(_make, user=str(NONROOT)),
    ),
)
