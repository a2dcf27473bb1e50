"""An exercise that `workshop new` has just made, on an engine: proved, and graded in a folder that is no clone."""

from pathlib import Path

import pytest

from tests.cli.running import Workshop

pytestmark = pytest.mark.engine


@pytest.fixture
def pack(workshop: Workshop, tmp_path: Path) -> Path:
    """A pack with one exercise."""
    ran = workshop("new", "again", "--pack", tmp_path / "pack")
    assert ran.code == 0, ran.err
    return tmp_path / "pack"


def test_it_is_verified_at_once_and_graded_as_any_other(workshop: Workshop, pack: Path, tmp_path: Path) -> None:
    """On the first try, feedback and all; then the starter fails and the model answer passes."""
    assert workshop("init", tmp_path / "work", "--pack", pack).code == 0
    ran = workshop("verify", "again", "--pack", pack, cwd=tmp_path / "work")
    assert ran.code == 0, ran.err
    assert ran.out.endswith("11 of 11 cells are as declared.\n")
    work = tmp_path / "work"
    starter = workshop("check", "again", "--format", "json", cwd=work)
    assert (starter.code, starter.verdict["exercise"]) == (1, "again")
    model = (pack / "solutions" / "01-again" / "Dockerfile").read_bytes()
    (work / "exercises" / "01-again" / "Dockerfile").write_bytes(model)
    assert workshop("check", "again", cwd=work).code == 0
    assert "✓ passed" in next(line for line in workshop("list", cwd=work).out.splitlines() if "  again " in line)


def test_without_a_workspace_it_is_graded_in_the_packs_own_folder(workshop: Workshop, pack: Path) -> None:
    """An author works there; what tools leave there changes nothing."""
    folder = pack / "exercises" / "01-again"
    (folder / "Dockerfile").write_bytes((pack / "solutions" / "01-again" / "Dockerfile").read_bytes())
    (folder / "scratch.go").write_text("this is not Go\n")
    ran = workshop("check", "again", "--pack", pack, "--format", "json")
    assert ran.code == 0, ran.out + ran.err


def test_its_layers_are_weighed_and_its_base_images_listed(workshop: Workshop, pack: Path) -> None:
    """Like those of the kit; an exercise is named where its number is not clear."""
    ran = workshop("layers", "again", "--pack", pack)
    assert ran.code == 0, ran.err
    ran = workshop("images", "list", "--pack", pack)
    assert "again" in next(line for line in ran.out.splitlines() if line.startswith("golang:1.26"))
