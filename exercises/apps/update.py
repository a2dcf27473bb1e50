"""Brings the apps' packed parts and their copies in the exercises up to date; `--check` only says what is not.

Edit the apps here and nowhere else: `greeter/`, in `storefront/` also the packages that it installs (`packages/`), and
`registry/`, from which those with a token fetch private packages.
"""

import argparse
import json
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

APPS = Path(__file__).resolve().parent
NPM_SECONDS = 120
GREETER = ("go.mod", "greeting.txt", "main.go", "main_test.go", "routes.go", "routes_test.go")
STOREFRONT = ("package.json", "package-lock.json", "vendor", "frontend", "backend", "test")
PAGES = ("frontend/app.js", "frontend/price.js", "frontend/style.css")
"""Of the frontend, what is the same where index.html shows more."""

BACKEND = ("backend/files.js", "backend/greeting.txt", "backend/products.js")
"""Of the backend, what is the same where server.js has one more answer."""

TOOLS = ("vendor/workshop-bundler-1.0.0.tgz", "vendor/workshop-checks-1.0.0.tgz")
"""The packages that build and test the frontend, where the service is not Node's."""

REGISTRY = ("fetch.mjs", "tokens.sha256")


@dataclass(frozen=True)
class Use:
    """An exercise with a copy of parts of an app: files, or whole folders, in its folder `into` if that is named."""

    exercise: str
    app: str
    parts: tuple[str, ...]
    into: str = ""


USES = (
    Use("01-go-single-stage", "greeter", GREETER),
    Use("02-go-multi-stage", "greeter", GREETER),
    Use("03-go-scratch", "greeter", GREETER),
    Use("04-layer-cache", "storefront", STOREFRONT),
    Use("05-dockerignore", "storefront", STOREFRONT),
    Use("06-node-multi-builder", "storefront", STOREFRONT),
    Use("07-build-args", "storefront", STOREFRONT),
    Use("08-test-stage", "greeter", GREETER),
    Use("09-runtime-hygiene", "greeter", tuple(part for part in GREETER if part != "main.go")),
    Use("10-debug-target", "greeter", GREETER),
    Use("13-cache-mounts", "greeter", GREETER),
    Use("14-cross-platform", "greeter", GREETER),
    Use("11-lean-layers", "storefront", ("package-lock.json", "vendor", *PAGES, "backend", "test")),
    Use("12-build-secrets", "storefront", (*(part for part in STOREFRONT if part != "backend"), *BACKEND)),
    Use("12-build-secrets", "registry", REGISTRY, into="registry"),
    Use("15-capstone", "greeter", tuple(part for part in GREETER if part != "routes.go"), into="api"),
    Use("15-capstone", "storefront", (*TOOLS, *PAGES, "test/price.js")),
    Use("15-capstone", "registry", REGISTRY, into="registry"),
)
"""Which exercise has what. One that changes a part of an app does not name that part here."""


def main() -> int:
    """Update, or with `--check` tell what is not current; return 0 if everything is, or has been made so."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--check", action="store_true", help="change nothing; exit 1 if something is not current")
    only_check = parser.parse_args().check
    with TemporaryDirectory() as scratch:
        stale = list(not_current(APPS, Path(scratch), mend=not only_check))
    for line in stale:
        sys.stdout.write(f"{'not current' if only_check else 'updated'}: {line}\n")
    return 1 if stale and only_check else 0


def not_current(apps: Path, scratch: Path, *, mend: bool) -> Iterator[str]:
    """Name each file that is not current, and put it right if `mend`: tarballs first, since the rest hangs on them."""
    storefront = apps / "storefront"
    yield from _tarballs(storefront, scratch / "packed", mend=mend)
    yield from _lockfile(storefront, scratch / "locked", mend=mend)
    for use in USES:
        yield from copies(apps, use, mend=mend)


def _tarballs(storefront: Path, scratch: Path, *, mend: bool) -> Iterator[str]:
    """Pack each package. Only what is in a tarball counts: its bytes depend on the compressor's version."""
    scratch.mkdir()
    packages = sorted(path.parent for path in (storefront / "packages").glob("*/package.json"))
    for package in packages:
        _npm("pack", "--silent", "--pack-destination", str(scratch), where=package)
    wanted = {path.name: path for path in scratch.glob("*.tgz")}
    for name, packed in sorted(wanted.items()):
        kept = storefront / "vendor" / name
        if not kept.is_file() or unpacked(kept) != unpacked(packed):
            yield str(kept.relative_to(storefront.parent))
            if mend:
                shutil.copyfile(packed, kept)
    for kept in sorted((storefront / "vendor").iterdir()):
        if kept.name not in wanted:
            yield f"{kept.relative_to(storefront.parent)} (no package of that name and version)"
            if mend:
                kept.unlink()


def unpacked(tarball: Path) -> dict[str, tuple[int, bytes]]:
    """Return a tarball's files: mode and content by path."""
    with tarfile.open(tarball) as archive:
        members = [(member, archive.extractfile(member)) for member in archive]
        return {member.name: (member.mode, file.read()) for member, file in members if file}


def _lockfile(storefront: Path, scratch: Path, *, mend: bool) -> Iterator[str]:
    """Have npm lock anew, without a network: every package lies in `vendor/`."""
    scratch.mkdir()
    shutil.copyfile(storefront / "package.json", scratch / "package.json")
    shutil.copytree(storefront / "vendor", scratch / "vendor")
    _npm("install", "--package-lock-only", "--offline", "--ignore-scripts", "--no-audit", "--no-fund", where=scratch)
    kept, wanted = storefront / "package-lock.json", scratch / "package-lock.json"
    if not kept.is_file() or json.loads(kept.read_text("utf-8")) != json.loads(wanted.read_text("utf-8")):
        yield str(kept.relative_to(storefront.parent))
        if mend:
            shutil.copyfile(wanted, kept)


def copies(apps: Path, use: Use, *, mend: bool) -> Iterator[str]:
    """Name the files of one use that are not those of the app, and put them right if `mend`."""
    source, target = apps / use.app, apps.parent / use.exercise / use.into
    wanted = {path.relative_to(source) for part in use.parts for path in _files(source / part)}
    present = {path.relative_to(target) for part in use.parts for path in _files(target / part)}
    for path in sorted(wanted | present):
        kept = target / path
        if path in wanted and kept.is_file() and kept.read_bytes() == (source / path).read_bytes():
            continue
        yield str(kept.relative_to(apps.parent))
        if mend and path in wanted:
            kept.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source / path, kept)
        elif mend:
            kept.unlink()


def _files(path: Path) -> Iterator[Path]:
    """List a file as itself, and all that is in a folder."""
    return (found for found in (path, *path.rglob("*")) if found.is_file())


def _npm(*arguments: str, where: Path) -> None:
    npm = shutil.which("npm")
    if npm is None:
        sys.exit("npm is not on PATH: install Node.js, which brings it.")
    done = subprocess.run(
        [npm, *arguments], cwd=where, capture_output=True, text=True, check=False, timeout=NPM_SECONDS
    )
    if done.returncode != 0:
        sys.exit(f"`npm {' '.join(arguments)}` failed in {where}: {done.stderr.strip() or done.stdout.strip()}")


if __name__ == "__main__":
    sys.exit(main())
