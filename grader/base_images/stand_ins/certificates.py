"""The bundle of root certificates that images carry, from Debian's package of them."""

from pathlib import Path
from tempfile import TemporaryDirectory

from grader.base_images.stand_ins.recipe import Fetch


def certificate_bundle(fetch: Fetch, scratch: Path) -> bytes:
    """Return all root certificates in one PEM file, in the order of their file names; `scratch` is a folder to use."""
    with TemporaryDirectory(dir=scratch) as folder:
        fetch.debian(Path(folder), "ca-certificates")
        return bundle_in(Path(folder))


def bundle_in(packages: Path) -> bytes:
    """Return the same from a folder in which the package of certificates was unpacked."""
    files = sorted(packages.glob("usr/share/ca-certificates/mozilla/*.crt"))
    return b"".join(file.read_bytes() for file in files)
