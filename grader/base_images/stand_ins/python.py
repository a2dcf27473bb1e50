"""The stand-in for python:3.13-slim: Debian trixie, the base of the real image, and its Python 3.13.

The real image has its own Python in /usr/local. Here /usr/local is a virtual environment over Debian's Python: so
`pip install` puts packages and programs where the real one puts them, and `python -m venv` works without a network.
"""

import re
from functools import partial
from pathlib import Path

from grader.base_images.stand_ins.certificates import certificate_bundle
from grader.base_images.stand_ins.debian import lay_debian, owners_in
from grader.base_images.stand_ins.fetch import UnfetchableError
from grader.base_images.stand_ins.recipe import ROOT_PATH, Fetch, Recipe, StandInConfig, Tell
from grader.base_images.stand_ins.unpack import unpack_zip

_RELEASE = "trixie"
_OF_DEBIAN = ("python3", "pip", "pip3", "py3clean", "py3compile", "py3versions", "pydoc3", "pygettext3")
"""Commands of Debian's Python that the real image does not have in /usr/bin."""
_PIP = """\
#!/usr/local/bin/python{minor}
import sys

from pip._internal.cli.main import main

sys.exit(main())
"""
_PIP_SETTINGS = """\
# Without a network, this check would have pip wait for an answer.
[global]
disable-pip-version-check = true
"""


def _make(root: Path, fetch: Fetch, tell: Tell, *, minor: str) -> StandInConfig:
    tell(f"fetching Debian and Python {minor}")
    name = f"python{minor}"
    packages = (f"{name}-minimal", f"lib{name}-stdlib", f"{name}-venv", "ca-certificates", "netbase")
    release = lay_debian(root, fetch, *packages, release=_RELEASE)
    try:
        version = _version_in(root, minor)
        _lay_environment(root, minor, version)
        (root / "etc/ssl/certs/ca-certificates.crt").write_bytes(certificate_bundle(fetch, root.parent))
        (root / "usr/bin/which").symlink_to("which.debianutils")
    except (OSError, ValueError) as error:
        raise UnfetchableError(f"Python {minor} cannot be made from its packages: {error}") from error
    return StandInConfig(
        made_from=f"Python {version}, {release} packages",
        environment={"PATH": f"/usr/local/bin:{ROOT_PATH}", "PYTHON_VERSION": version},
        command=("python3",),
        owners=owners_in(root),
    )


def _version_in(root: Path, minor: str) -> str:
    """Return the version that the program contains as a text; the program is for the image and is not run here."""
    program = (root / f"usr/bin/python{minor}").read_bytes()
    match = re.search(rb"\0(" + re.escape(minor).encode() + rb"\.\d+)\0", program)
    if match is None:
        raise ValueError("the program does not contain its version")
    return match[1].decode("ascii")


def _lay_environment(root: Path, minor: str, version: str) -> None:
    """Make /usr/local a virtual environment with pip in it, and remove what only Debian has."""
    local = root / "usr/local"
    site_packages = local / f"lib/python{minor}/site-packages"
    site_packages.mkdir(parents=True)
    (local / "bin").mkdir(exist_ok=True)
    settings = {"home": "/usr/bin", "include-system-site-packages": "false", "version": version}
    (local / "pyvenv.cfg").write_text("".join(f"{key} = {value}\n" for key, value in settings.items()), "utf-8")
    (local / f"bin/python{minor}").symlink_to(f"/usr/bin/python{minor}")
    for name, target in (("python3", f"python{minor}"), ("python", "python3")):
        (local / "bin" / name).symlink_to(target)
    [wheel] = (root / "usr/share/python-wheels").glob("pip-*.whl")
    unpack_zip(wheel, site_packages)
    for name in ("pip", "pip3", f"pip{minor}"):
        (local / "bin" / name).write_text(_PIP.format(minor=minor), "utf-8")
        (local / "bin" / name).chmod(0o755)
    (root / "etc/pip.conf").write_text(_PIP_SETTINGS, "utf-8")
    for name in _OF_DEBIAN:
        (root / "usr/bin" / name).unlink(missing_ok=True)


RECIPES = (
    Recipe(
        references=("python:3.13-slim", "python:3.13-slim-trixie"),
        version="2",
        make=partial(_make, minor="3.13"),
    ),
)
