"""The apps: what npm packs and locks is current, and each exercise's copy is the canonical source."""

import base64
import hashlib
import importlib.util
import json
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path
from types import ModuleType

import pytest

from grader.exercise.catalogue import all_exercises
from grader.exercise.model import AppCopy

LOCKED = ("exercises/apps/storefront", "exercises/15-capstone")
"""Where there is a lockfile of its own."""


@pytest.fixture(scope="module")
def apps(repository: Path) -> Path:
    """The folder of the canonical apps."""
    return repository / "exercises" / "apps"


@pytest.fixture(scope="module")
def update(apps: Path) -> ModuleType:
    """Load the script that keeps them current."""
    specification = importlib.util.spec_from_file_location("apps_update", apps / "update.py")
    assert specification
    assert specification.loader
    module = importlib.util.module_from_spec(specification)
    sys.modules[specification.name] = module
    specification.loader.exec_module(module)
    return module


def packed_files(package: Path) -> dict[str, bytes]:
    """Return what npm packs of a package: its manifest and the files that this names, below `package/`."""
    manifest = json.loads((package / "package.json").read_text("utf-8"))
    return {f"package/{name}": (package / name).read_bytes() for name in ("package.json", *manifest["files"])}


@pytest.mark.parametrize("name", ["router", "bundler", "checks"])
def test_a_tarball_holds_its_package(apps: Path, name: str) -> None:
    """What is installed is what is in packages/: edited there and not packed again, an exercise would not follow."""
    with tarfile.open(apps / "storefront" / "vendor" / f"workshop-{name}-1.0.0.tgz") as archive:
        files = {member.name: archive.extractfile(member) for member in archive}
        content = {path: file.read() for path, file in files.items() if file}
    assert content == packed_files(apps / "storefront" / "packages" / name)


def test_there_is_no_tarball_without_a_package(apps: Path) -> None:
    """A forgotten one would be installed by nobody and copied everywhere."""
    names = {path.name for path in (apps / "storefront" / "vendor").iterdir()}
    assert names == {f"workshop-{path.name}-1.0.0.tgz" for path in (apps / "storefront" / "packages").iterdir()}


@pytest.mark.parametrize("folder", LOCKED)
def test_the_lockfile_has_the_checksum_of_each_tarball(folder: str, repository: Path) -> None:
    """With another one `npm ci` fails, in every exercise (format: W3C Subresource Integrity)."""
    locked = json.loads((repository / folder / "package-lock.json").read_text("utf-8"))["packages"]
    resolved = {entry["resolved"]: entry["integrity"] for path, entry in locked.items() if path}
    for tarball in (repository / folder / "vendor").iterdir():
        digest = base64.b64encode(hashlib.sha512(tarball.read_bytes()).digest()).decode()
        assert resolved.pop(f"file:vendor/{tarball.name}") == f"sha512-{digest}"
    assert not resolved


@pytest.mark.parametrize("folder", LOCKED)
def test_the_lockfile_agrees_with_the_manifest(folder: str, repository: Path) -> None:
    """Dependencies of either kind, name by name."""
    manifest, lockfile = (
        json.loads((repository / folder / name).read_text("utf-8")) for name in ("package.json", "package-lock.json")
    )
    for kind in ("dependencies", "devDependencies"):
        assert lockfile["packages"][""].get(kind) == manifest.get(kind)


def test_copies_are_those_of_the_apps(update: ModuleType, apps: Path) -> None:
    """Copies are kept so that each exercise has its complete build context; they must not drift apart."""
    for exercise in all_exercises():
        for copy in exercise.copies:
            assert list(update.copies(apps, exercise.directory, copy, fix=False)) == []


def test_a_file_that_is_that_of_an_app_is_declared_as_a_copy(apps: Path) -> None:
    """A copy that `exercise.toml` does not name as one would never be brought up to date."""
    known = {path.read_bytes(): path for path in apps.rglob("*") if path.is_file()}
    for exercise in all_exercises():
        for name in exercise.own_files:
            assert known.get((exercise.directory / name).read_bytes()) is None, f"{exercise.folder}/{name}"


def test_what_drifted_is_named_and_put_right(update: ModuleType, apps: Path, tmp_path: Path) -> None:
    """An edited copy, and one that is missing; what is there besides is left alone."""
    copy = AppCopy("greeter", ("go.mod", "main.go", "routes.go"), into="api")
    exercise = tmp_path / "02-go-multi-stage"
    shutil.copytree(apps / "greeter", exercise / "api")
    assert list(update.copies(apps, exercise, copy, fix=False)) == []
    (exercise / "api" / "main.go").write_text("package other\n", encoding="utf-8")
    (exercise / "api" / "go.mod").unlink()
    (exercise / "api" / "scratch.go").write_text("package scratch\n", encoding="utf-8")
    named = [f"02-go-multi-stage/api/{name}" for name in ("go.mod", "main.go")]
    assert list(update.copies(apps, exercise, copy, fix=True)) == named
    assert list(update.copies(apps, exercise, copy, fix=False)) == []
    assert (exercise / "api" / "main.go").read_bytes() == (apps / "greeter" / "main.go").read_bytes()
    assert (exercise / "api" / "scratch.go").is_file()


def test_without_npm_the_script_says_what_to_install(apps: Path, tmp_path: Path) -> None:
    """One line, and no traceback."""
    done = subprocess.run(
        [sys.executable, str(apps / "update.py"), "--check"],
        env={"PATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 1
    assert done.stderr == "npm is not on PATH: install Node.js, which brings it.\n"
