"""Where packs come from: the command line, the environment, the workspace, installed packages."""

import os
import sys
from pathlib import Path

import pytest

from grader.errors import UsageError
from grader.exercise.catalogue import content_root
from grader.exercise.packs import find_packs


def pack(folder: Path) -> Path:
    """Make an empty pack."""
    for name in ("exercises", "solutions"):
        (folder / name).mkdir(parents=True)
    return folder


def roots(options: list[Path], workspace: Path, environment: dict[str, str] | None = None) -> list[Path]:
    """Return the folders of the packs that are found."""
    return [pack.root for pack in find_packs(options, workspace, environment or {})]


def install(folder: Path, value: str) -> None:
    """Write the metadata of an installed package that says it is a pack."""
    metadata = folder / "acme_exercises-1.0.dist-info"
    metadata.mkdir(parents=True)
    (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: acme-exercises\nVersion: 1.0\n")
    (metadata / "entry_points.txt").write_text(f"[multi_stage_workshop.packs]\nacme = {value}\n")


def test_packs_come_from_the_command_line_the_environment_and_the_workspace(tmp_path: Path) -> None:
    """In this order, and each once however often it is named."""
    one, two, three, four = (pack(tmp_path / name) for name in ("one", "two", "three", "four"))
    (tmp_path / "work").mkdir()
    (tmp_path / "work" / "workshop.toml").write_text('[packs]\nfolders = ["../four", "../one/"]\n')
    environment = {"WORKSHOP_PACKS": os.pathsep.join(map(str, (two, three, "", one)))}
    assert roots([one], tmp_path / "work", environment) == [one, two, three, four]
    assert roots([], tmp_path) == []


def test_the_kit_itself_is_no_further_pack(tmp_path: Path) -> None:
    """`--pack .` in a clone changes nothing."""
    assert roots([content_root()], tmp_path) == []


def test_a_relative_folder_is_where_the_command_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The grading process runs elsewhere, so that the path must not stay relative."""
    one = pack(tmp_path / "one")
    monkeypatch.chdir(tmp_path)
    assert roots([Path("one")], tmp_path) == [one]


def test_an_installed_package_can_be_a_pack(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is found by its entry point, and none of its code runs."""
    (pack(tmp_path / "acme_exercises") / "__init__.py").write_text("raise RuntimeError\n")
    install(tmp_path, "acme_exercises")
    monkeypatch.syspath_prepend(tmp_path)
    [found] = find_packs([], tmp_path, {})
    assert (found.root, found.name) == (tmp_path / "acme_exercises", "acme")
    assert "acme_exercises" not in sys.modules


def test_an_installed_package_that_has_gone_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An uninstallation that broke off leaves its metadata."""
    install(tmp_path, "acme_exercises")
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(UsageError, match="no package `acme_exercises`, in which the installed package acme-exercises"):
        find_packs([], tmp_path, {})


def test_a_pack_can_be_a_folder_within_an_installed_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Then the package may have more than that."""
    pack(tmp_path / "acme_exercises" / "docker")
    install(tmp_path, "acme_exercises.docker")
    monkeypatch.syspath_prepend(tmp_path)
    assert roots([], tmp_path) == [tmp_path / "acme_exercises" / "docker"]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[packs", "it is not TOML"),
        ("pack = 1", "unknown key `pack`"),
        ("packs = 1", "`packs` is an integer, expected a table"),
        ("[packs]", "`packs.folders` is missing"),
        ('[packs]\nfolders = "one"', "`packs.folders` is a string, expected a list"),
        ('[packs]\nfolders = []\nacme = "one"', "unknown key `packs.acme`"),
    ],
)
def test_what_is_wrong_in_the_workspaces_file_is_named(tmp_path: Path, text: str, says: str) -> None:
    """The file and the key: it is written by hand."""
    (tmp_path / "workshop.toml").write_text(text)
    with pytest.raises(UsageError) as caught:
        find_packs([], tmp_path, {})
    assert says in str(caught.value)
    assert str(tmp_path / "workshop.toml") in str(caught.value)


def test_a_folder_that_is_no_pack_is_named_with_what_names_it(tmp_path: Path) -> None:
    """One that is not there, a file, and one without either of its two folders."""
    (tmp_path / "file").touch()
    (tmp_path / "half" / "exercises").mkdir(parents=True)
    (tmp_path / "empty").mkdir()
    with pytest.raises(UsageError, match=f"no folder {tmp_path}/none, which --pack names"):
        find_packs([tmp_path / "none"], tmp_path, {})
    with pytest.raises(UsageError, match=f"no folder {tmp_path}/file, which WORKSHOP_PACKS names"):
        find_packs([], tmp_path, {"WORKSHOP_PACKS": str(tmp_path / "file")})
    with pytest.raises(UsageError, match="it has no folder `exercises`"):
        find_packs([tmp_path / "empty"], tmp_path, {})
    (tmp_path / "workshop.toml").write_text('[packs]\nfolders = ["half"]\n')
    with pytest.raises(UsageError, match=f"half, which {tmp_path}/workshop.toml names, .* no folder `solutions`"):
        find_packs([], tmp_path, {})
