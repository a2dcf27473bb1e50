"""Exercises from elsewhere on the command line: which commands know them, and what is said of a pack that is broken."""

import json
import os
from pathlib import Path

import pytest

from tests.cli.running import Workshop

AGAIN = "again"


@pytest.fixture
def pack(workshop: Workshop, tmp_path: Path) -> Path:
    """A pack whose one exercise has the number of the kit's first one."""
    ran = workshop("new", AGAIN, "--pack", tmp_path / "my pack")
    assert ran.code == 0, ran.err
    return tmp_path / "my pack"


def test_new_says_what_to_type_and_the_list_shows_the_exercise(workshop: Workshop, tmp_path: Path) -> None:
    """A folder that is not there becomes a pack; its name is quoted."""
    ran = workshop(
        "new", "again", "--pack", tmp_path / "my pack", "--like", "layer-cache", "--title", "Again and again"
    )
    assert (ran.code, ran.err) == (0, "")
    assert f"workshop verify again --pack '{tmp_path}/my pack'" in ran.out
    shown = workshop("list", "--pack", tmp_path / "my pack").out
    assert f"\nmy pack  {tmp_path}/my pack\n01  again " in shown
    assert "Again and again" in shown


def test_new_numbers_exercises_and_takes_an_empty_folder(workshop: Workshop, tmp_path: Path) -> None:
    """A fresh repository is as good as empty."""
    (tmp_path / "pack" / ".git").mkdir(parents=True)
    for slug in ("one", "two"):
        assert workshop("new", slug, "--pack", tmp_path / "pack", "--like", "one" if slug == "two" else "02").code == 0
    assert sorted(path.name for path in (tmp_path / "pack" / "exercises").iterdir()) == ["01-one", "02-two"]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("My_Own", "--pack", "pack"), "`My_Own` cannot be the name"),
        (("go-scratch", "--pack", "pack"), "There is an exercise `go-scratch` already"),
        (("mine",), "workshop new SLUG --pack DIR"),
        (("mine", "--pack", "pack", "--pack", "other"), "workshop new SLUG --pack DIR"),
        (("mine", "--pack", "full"), "is not empty and is not a pack"),
        (("mine", "--pack", "full/thesis.txt"), "cannot be a pack: Not a directory"),
        (("mine", "--pack", "pack", "--like", "go-multi-stag"), "did you mean `go-multi-stage`"),
    ],
)
def test_what_new_cannot_do_is_one_line(
    workshop: Workshop, tmp_path: Path, arguments: tuple[str, ...], says: str
) -> None:
    """Exit code 2, and nothing is made."""
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "thesis.txt").touch()
    ran = workshop("new", *arguments, cwd=tmp_path)
    assert (ran.code, ran.out, ran.err.count("\n")) == (2, "", 1)
    assert says in ran.err
    assert not (tmp_path / "pack").exists()


def test_new_refuses_a_name_of_its_own_pack(workshop: Workshop, pack: Path) -> None:
    """The folder is named."""
    ran = workshop("new", AGAIN, "--pack", pack)
    assert ran.code == 2
    assert f"{pack}/exercises/01-again" in ran.err


def test_a_pack_is_named_before_or_after_the_command_or_by_the_environment(workshop: Workshop, pack: Path) -> None:
    """And by a file in the folder where one works, with a path that begins there."""
    wanted = workshop("list", "--pack", pack)
    assert (wanted.code, "  again " in wanted.out) == (0, True)
    assert workshop("--pack", pack, "list").out == wanted.out
    assert workshop("list", env={"WORKSHOP_PACKS": os.pathsep.join((str(pack), str(pack)))}).out == wanted.out
    assert workshop("init", pack.parent / "work").code == 0
    (pack.parent / "work" / "workshop.toml").write_text('[packs]\nfolders = ["../my pack"]\n')
    for folder in ("work", "work/exercises/02-go-multi-stage"):
        assert "01  again " in workshop("list", cwd=pack.parent / folder).out
    assert "again" not in workshop("list").out


def test_a_number_that_two_exercises_have_is_refused_with_both_names(workshop: Workshop, pack: Path) -> None:
    """By its name each is found; a number that is clear stays good."""
    assert workshop("init", pack.parent / "work", "--pack", pack).code == 0
    ran = workshop("hint", "01", cwd=pack.parent / "work")
    assert (ran.code, ran.out) == (2, "")
    assert f"`go-single-stage` (the workshop) and `again` (the pack {pack})" in ran.err
    for name, hint in ((AGAIN, 1), ("01-again", 2), ("go-single-stage", 1), ("02", 1)):
        assert workshop("hint", name, cwd=pack.parent / "work").out.startswith(f"Hint {hint} of ")


def test_a_slug_that_two_packs_have_is_refused_and_both_are_named(
    workshop: Workshop, pack: Path, tmp_path: Path
) -> None:
    """Whichever command is called."""
    assert workshop("new", AGAIN, "--pack", tmp_path / "other").code == 0
    for arguments in (("list",), ("hint", "02"), ("site", "-o", "out"), ("check", "02")):
        ran = workshop("--pack", pack, *arguments, "--pack", tmp_path / "other", cwd=tmp_path)
        assert (ran.code, ran.out, ran.err.count("\n")) == (2, "", 1)
        assert f"`again`: 01-again of the pack {pack} and 01-again of the pack {tmp_path}/other" in ran.err


def test_a_broken_pack_is_one_line_that_names_the_file(workshop: Workshop, pack: Path, tmp_path: Path) -> None:
    """Exit code 2: the one who named it can leave it out."""
    toml = pack / "exercises" / "01-again" / "exercise.toml"
    (tmp_path / "empty").mkdir()
    cases = [(tmp_path / "none", f"no folder {tmp_path}/none"), (tmp_path / "empty", "it has no folder `exercises`")]
    for folder, says in cases:
        ran = workshop("list", "--pack", folder)
        assert (ran.code, ran.out, ran.err.count("\n")) == (2, "", 1)
        assert says in ran.err
    toml.write_text(toml.read_text().replace("minutes", "minuets"))
    ran = workshop("list", "--pack", pack)
    assert (ran.code, ran.out, ran.err.count("\n")) == (2, "", 1)
    assert str(toml) in ran.err


def test_a_workspace_is_laid_out_with_packs_and_remembers_them(workshop: Workshop, pack: Path, tmp_path: Path) -> None:
    """There the pack need not be named again; progress, hints and a reset are as with any exercise."""
    ran = workshop("init", tmp_path / "work", "--pack", pack)
    assert ran.code == 0, ran.err
    work, own = tmp_path / "work", tmp_path / "work" / "exercises" / "01-again"
    assert sorted(path.name for path in own.iterdir() if not path.name.endswith(".go")) == [
        "Dockerfile",
        "README.md",
        "go.mod",
        "greeting.txt",
    ]
    (own / "Dockerfile").write_text("FROM scratch\n")
    assert "▸ begun" in workshop("list", cwd=work).out
    assert workshop("reset", AGAIN, "--yes", cwd=work).code == 0
    passed = {"best_score": 100, "max_score": 100, "passed_at": "2026-03-04T09:26:53+00:00", "checks": 1}
    known = [path.name[3:] for path in (work / "exercises").iterdir()]
    (work / ".workshop" / "progress.json").write_text(json.dumps({slug: passed for slug in known if slug != AGAIN}))
    ran = workshop("next", cwd=work)
    for typed in ("workshop watch again", "workshop check again", "exercises/01-again/Dockerfile"):
        assert typed in ran.out
    assert "workshop solution again" in workshop("solution", AGAIN, cwd=work).err
    assert "CGO_ENABLED=0" in workshop("solution", AGAIN, "--yes", cwd=work).out


def test_init_leaves_a_file_that_names_packs_as_it_is(workshop: Workshop, pack: Path, tmp_path: Path) -> None:
    """It is written by hand; what to add is said."""
    (tmp_path / "work").mkdir()
    (tmp_path / "work" / "workshop.toml").write_text("# mine\n")
    ran = workshop("init", tmp_path / "work", "--pack", pack)
    assert ran.code == 0
    assert f'[packs]\nfolders = [\n  "{pack}",\n]' in ran.out
    assert (tmp_path / "work" / "workshop.toml").read_text() == "# mine\n"


def test_a_workspace_from_before_the_pack_is_told_how_to_add_it(workshop: Workshop, pack: Path, tmp_path: Path) -> None:
    """`init` adds what is missing."""
    assert workshop("init", tmp_path / "work").code == 0
    ran = workshop("check", AGAIN, "--pack", pack, cwd=tmp_path / "work")
    assert ran.code == 2
    assert f"has no folder exercises/01-again: `workshop init {tmp_path}/work --pack '{pack}'` adds it" in ran.err
    assert workshop("init", tmp_path / "work", "--pack", pack).code == 0
    assert (tmp_path / "work" / "exercises" / "01-again" / "Dockerfile").is_file()


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[x](../02-none/README.md)", ":3 links to "),
        ("![x](none.png)", ":3 shows none.png"),
        ("```mermaid\nnonsense\n```", "nonsense"),
    ],
)
def test_what_is_wrong_in_a_packs_lesson_is_for_whoever_named_it(
    workshop: Workshop, pack: Path, tmp_path: Path, text: str, says: str
) -> None:
    """One line with file and line, and the exit code of a usage error."""
    lesson = pack / "exercises" / "01-again" / "README.md"
    lesson.write_text(f"# A\n\n{text}\n", encoding="utf-8")
    ran = workshop("site", "--output", tmp_path / "out", "--pack", pack)
    assert (ran.code, ran.err.count("\n")) == (2, 1), ran.err
    assert str(lesson) in ran.err
    assert says in ran.err


def test_the_site_has_the_lessons_of_a_pack(workshop: Workshop, pack: Path, tmp_path: Path) -> None:
    """As a chapter of its own, whose pages say what to type; its Dockerfile is shown as it was handed out."""
    (pack / "exercises" / "01-again" / "Dockerfile").write_text("FROM answer\n")
    ran = workshop("site", "--output", tmp_path / "out", "--pack", pack)
    assert ran.code == 0, ran.err
    page = (tmp_path / "out" / "exercises" / "01-again.html").read_text("utf-8")
    assert ">workshop check again<" in page
    assert "<h2>my pack</h2>" in (tmp_path / "out" / "index.html").read_text("utf-8")
    assert "golang" in (tmp_path / "out" / "files/exercises/01-again/Dockerfile.html").read_text("utf-8")
    assert "check go-single-stage<" in (tmp_path / "out" / "exercises/01-go-single-stage.html").read_text("utf-8")
    assert "check 02<" in (tmp_path / "out" / "exercises/02-go-multi-stage.html").read_text("utf-8")
