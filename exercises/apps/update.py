"""Brings the apps' packed parts and their copies in the exercises up to date; `--check` only says what is not.

Edit the apps here and nowhere else: `greeter/`, in `storefront/` also the packages that it installs (`packages/`), and
`registry/`, from which those with a token fetch private packages. Which exercise has a copy of what is in its
`exercise.toml`, under [[copies]]; it is read as the grader reads it, so run this with the workshop's own Python.
"""

import argparse
import json
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from grader.exercise.catalogue import all_exercises
from grader.exercise.model import AppCopy

APPS = Path(__file__).resolve().parent
NPM_SECONDS = 120


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
    for exercise in all_exercises():
        for copy in exercise.copies:
            yield from copies(apps, exercise.directory, copy, mend=mend)


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
    """Make npm write the lockfile again, without a network: every package is in `vendor/`."""
    scratch.mkdir()
    shutil.copyfile(storefront / "package.json", scratch / "package.json")
    shutil.copytree(storefront / "vendor", scratch / "vendor")
    _npm("install", "--package-lock-only", "--offline", "--ignore-scripts", "--no-audit", "--no-fund", where=scratch)
    kept, wanted = storefront / "package-lock.json", scratch / "package-lock.json"
    if not kept.is_file() or json.loads(kept.read_text("utf-8")) != json.loads(wanted.read_text("utf-8")):
        yield str(kept.relative_to(storefront.parent))
        if mend:
            shutil.copyfile(wanted, kept)


def copies(apps: Path, exercise: Path, copy: AppCopy, *, mend: bool) -> Iterator[str]:
    """Name the files in the exercise's folder that are not those of the app, and put them right if `mend`."""
    for name, target in zip(copy.files, copy.targets, strict=True):
        source, kept = apps / copy.app / name, exercise / target
        if kept.is_file() and kept.read_bytes() == source.read_bytes():
            continue
        yield f"{exercise.name}/{target}"
        if mend:
            kept.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, kept)


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
