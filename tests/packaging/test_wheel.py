"""The wheel: built once as `pip install .` builds it, put into an environment of its own, and used from elsewhere."""

import importlib.metadata
import os
import shutil
import site
import subprocess
import sys
import venv
from collections.abc import Callable
from pathlib import Path
from zipfile import ZipFile

import pytest

BUILD_SECONDS = 300
COMMAND_SECONDS = 60
Workshop = Callable[..., subprocess.CompletedProcess[str]]


def pip(*arguments: str, cwd: Path) -> None:
    """Run pip, which must succeed."""
    done = subprocess.run(
        [sys.executable, "-m", "pip", "--disable-pip-version-check", *arguments],
        cwd=cwd,
        capture_output=True,
        text=True,
        check=False,
        timeout=BUILD_SECONDS,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def copy_of(repository: Path, target: Path) -> Path:
    """Copy what a wheel is built from, with a cache as a test run leaves one; a build leaves nothing in the clone."""
    for name in ("grader", "exercises", "solutions"):
        shutil.copytree(repository / name, target / name, ignore=shutil.ignore_patterns("__pycache__"))
    compiled = target / "exercises" / "02-go-multi-stage" / "__pycache__" / "test_exercise.pyc"
    compiled.parent.mkdir()
    compiled.touch()
    shutil.copytree(repository / "docs", target / "docs")
    for name in ("pyproject.toml", "README.md", "LICENSE", "CONTRIBUTING.md", "CHANGELOG.md"):
        shutil.copy(repository / name, target / name)
    return target


@pytest.fixture(scope="module")
def wheel(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel's file."""
    folder = tmp_path_factory.mktemp("wheel")
    source = copy_of(repository, tmp_path_factory.mktemp("source"))
    pip("wheel", "--no-deps", "--wheel-dir", str(folder), str(source), cwd=folder)
    [file] = folder.glob("*.whl")
    return file


@pytest.fixture(scope="module")
def workshop(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Workshop:
    """The installed `workshop` command, run in a folder that is no clone; what it depends on is seen from here."""
    environment = tmp_path_factory.mktemp("environment")
    venv.create(environment, symlinks=True)
    [packages] = environment.glob("lib/python*/site-packages")
    pip(
        "install",
        "--no-deps",
        "--no-index",
        "--prefix",
        str(environment),
        "--ignore-installed",
        str(wheel),
        cwd=environment,
    )
    (packages / "what-it-depends-on.pth").write_text("\n".join(dependencies(packages.parent)), encoding="utf-8")

    def run(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
        clean = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "WORKSHOP_"))}
        return subprocess.run(
            [str(environment / "bin" / "python"), str(environment / "bin" / "workshop"), *arguments],
            cwd=cwd,
            env=clean,
            capture_output=True,
            text=True,
            check=False,
            timeout=COMMAND_SECONDS,
        )

    return run


def dependencies(folder: Path) -> list[str]:
    """A folder of links to the packages of this environment, without the editable install of the clone."""
    linked = folder / "linked"
    linked.mkdir()
    for packages in map(Path, site.getsitepackages()):
        for item in packages.iterdir():
            if item.suffix != ".pth" and "multi_stage_workshop" not in item.name and item.name != "grader":
                (linked / item.name).symlink_to(item)
    return [str(linked)]


def test_it_names_its_version(workshop: Workshop, tmp_path: Path) -> None:
    """`--version` says what the clone says."""
    done = workshop("--version", cwd=tmp_path)
    assert done.stdout == f"workshop, version {importlib.metadata.version('multi-stage-workshop')}\n", done.stderr


def test_it_lists_the_exercises_of_the_clone(workshop: Workshop, repository: Path, tmp_path: Path) -> None:
    """Every exercise came along."""
    done = workshop("list", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    slugs = [folder.name[3:] for folder in sorted((repository / "exercises").glob("[0-9][0-9]-*"))]
    listed, _, _ = done.stdout.partition("\n\n")
    assert [line.split()[1] for line in listed.splitlines()] == slugs


def test_it_makes_the_site_with_all_documents(workshop: Workshop, repository: Path, tmp_path: Path) -> None:
    """Lessons and documents, in which the command is called as it is called here."""
    done = workshop("site", "--output", "site", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    pages = {page.stem for page in (tmp_path / "site" / "docs").glob("*.html")}
    assert pages == {document.stem for document in (repository / "docs").glob("*.md")}
    assert (tmp_path / "site" / "about.html").is_file()
    assert "./workshop" not in (tmp_path / "site" / "exercises" / "02-go-multi-stage.html").read_text("utf-8")


def test_it_lays_out_a_workspace_without_the_tests(workshop: Workshop, repository: Path, tmp_path: Path) -> None:
    """A learner gets lesson, starter and source of every exercise, and neither tests nor answers."""
    done = workshop("init", "mine", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    laid_out = tmp_path / "mine" / "exercises"
    folders = sorted(folder.name for folder in (repository / "exercises").glob("[0-9][0-9]-*"))
    assert sorted(folder.name for folder in laid_out.iterdir()) == folders
    for name in folders:
        assert (laid_out / name / "Dockerfile").is_file()
    assert not list((tmp_path / "mine").rglob("test_exercise.py"))
    assert not list((tmp_path / "mine").rglob("exercise.toml"))


def test_it_holds_what_grading_needs_and_nothing_of_the_workshop_floor(wheel: Path) -> None:
    """Criteria's tests, model answers and the typing marker are inside; tests, caches and learners' state are not."""
    with ZipFile(wheel) as archive:
        names = set(archive.namelist())
    content = "grader/content"
    assert f"{content}/exercises/02-go-multi-stage/test_exercise.py" in names
    assert f"{content}/exercises/02-go-multi-stage/exercise.toml" in names
    assert f"{content}/solutions/02-go-multi-stage/Dockerfile" in names
    assert f"{content}/solutions/02-go-multi-stage/starter/Dockerfile" in names
    assert "grader/py.typed" in names
    assert {f"grader/reports/templates/{name}" for name in ("page.html", "page.css", "verdict.html")} <= names
    unwanted = ("__pycache__", ".workshop", "tests/", "benchmarks/", ".ci/")
    assert not [name for name in names if name.startswith(unwanted) or "__pycache__" in name or "/.workshop/" in name]


def test_a_wrong_name_is_one_line(workshop: Workshop, tmp_path: Path) -> None:
    """An error of an installed command is one line and its exit code, as in a clone."""
    done = workshop("check", "no-such-exercise", cwd=tmp_path)
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert "Traceback" not in done.stderr
