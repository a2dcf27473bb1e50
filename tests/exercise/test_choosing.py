"""Which exercise and which folder are meant: by a name, a path, or the folder that somebody is in."""

from pathlib import Path

import pytest

from grader.errors import UsageError
from grader.exercise.catalogue import find_exercise
from grader.exercise.choosing import choose, choose_with, exercise_around, hand_in_folder
from grader.exercise.submission import take_submission
from grader.exercise.workspace import find_workspace, init_workspace

EXERCISE = find_exercise("02")


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A workspace with every exercise, in which we are."""
    init_workspace(tmp_path / "work")
    monkeypatch.chdir(tmp_path / "work")
    return tmp_path / "work"


@pytest.fixture
def own(workspace: Path) -> Path:
    """The learner's folder of exercise 02."""
    return workspace / "exercises" / EXERCISE.folder


@pytest.fixture
def room(tmp_path: Path) -> Path:
    """A folder into which people handed in."""
    folder = tmp_path / "hand-ins"
    folder.mkdir()
    return folder


def put(folder: Path) -> Path:
    """Make a folder with a Dockerfile."""
    folder.mkdir(parents=True)
    (folder / "Dockerfile").write_text("FROM scratch\n")
    return folder


@pytest.mark.parametrize("inside", [".", "cmd", "cmd/deeper"])
def test_without_a_name_it_is_the_exercise_in_whose_folder_we_are(
    own: Path, inside: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At any depth; the folder to grade is the exercise's own."""
    (own / inside).mkdir(parents=True, exist_ok=True)
    monkeypatch.chdir(own / inside)
    chosen = choose(None)
    assert (chosen.exercise.slug, chosen.submission, chosen.own) == (EXERCISE.slug, own, own)


@pytest.mark.usefixtures("workspace")
def test_elsewhere_a_name_is_asked_for() -> None:
    """With an example that can be typed."""
    with pytest.raises(UsageError, match=r"Which exercise\? Name one, as in `workshop check 02`"):
        choose(None)


@pytest.mark.parametrize("name", ["02", "2", "go-multi-stage", "02-go-multi-stage"])
def test_a_name_means_the_workspaces_own_folder(own: Path, workspace: Path, name: str) -> None:
    """Also from another exercise's folder."""
    assert (choose(name).submission, choose(name).workspace) == (own, workspace)


@pytest.mark.parametrize(
    "path",
    [
        "exercises/02-go-multi-stage",
        "exercises/02-go-multi-stage/",
        "./exercises/02-go-multi-stage/Dockerfile",
        "exercises/03-go-scratch/../02-go-multi-stage",
    ],
)
def test_a_path_into_the_folder_means_its_exercise(own: Path, workspace: Path, path: str) -> None:
    """As a shell completes it."""
    assert (choose(path).exercise.slug, choose(path).submission) == (EXERCISE.slug, own)


def test_a_path_into_another_workspace_means_that_workspace(
    own: Path, workspace: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Progress is kept there."""
    monkeypatch.chdir(tmp_path)
    chosen = choose(str(own))
    assert (chosen.workspace, chosen.own) == (workspace, own)


@pytest.mark.usefixtures("workspace")
def test_a_folder_that_was_handed_in_is_graded_and_not_edited(room: Path) -> None:
    """`reset` and `watch` are for one's own files."""
    folder = put(room / "anna" / "02-go-multi-stage")
    chosen = choose(str(folder))
    assert (chosen.submission, chosen.workspace) == (folder, find_workspace())
    with pytest.raises(UsageError, match="is not the folder of this exercise"):
        _ = chosen.own


@pytest.mark.usefixtures("workspace")
def test_the_submission_says_which_exercise_if_nothing_else_does(room: Path) -> None:
    """A name counts more."""
    folder = put(room / "anna" / "02-go-multi-stage")
    assert choose_with(None, folder / "Dockerfile").exercise.slug == EXERCISE.slug
    assert choose_with("03", folder).exercise.slug == "go-scratch"


@pytest.mark.usefixtures("workspace")
@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("nowhere/Dockerfile", "There is no nowhere/Dockerfile"),
        ("exercises", "is not in the folder of an exercise"),
        ("exercises/02-go-multi-stage/README.md", "is not called Dockerfile"),
        ("go-mutli-stage", "did you mean `go-multi-stage`?"),
    ],
)
def test_a_path_that_means_none_is_one_line(path: str, words: str) -> None:
    """It names what was typed."""
    with pytest.raises(UsageError) as caught:
        choose(path)
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_dockerfile_stands_for_its_folder(room: Path) -> None:
    """People complete the path to the end."""
    folder = put(room / "anna")
    assert hand_in_folder(EXERCISE, folder / "Dockerfile") == folder
    assert hand_in_folder(EXERCISE, folder) == folder


@pytest.mark.parametrize("deeper", ["answer", "02-go-multi-stage", "exercises/02-go-multi-stage", "go-multi-stage"])
def test_a_dockerfile_one_folder_deeper_is_found(room: Path, deeper: str) -> None:
    """As an archive is unpacked."""
    folder = put(room / "anna" / deeper)
    put(room / "anna" / ".git")
    assert hand_in_folder(EXERCISE, room / "anna") == folder


def test_of_several_the_exercises_own_is_taken(room: Path) -> None:
    """Or else all are named."""
    folder = put(room / "anna" / "02-go-multi-stage")
    put(room / "anna" / "03-go-scratch")
    assert hand_in_folder(EXERCISE, room / "anna") == folder
    with pytest.raises(UsageError, match=r"02-go-multi-stage.*03-go-scratch.*--submission"):
        hand_in_folder(find_exercise("04"), room / "anna")


def test_a_file_of_another_name_is_refused(room: Path) -> None:
    """What to do is said."""
    (room / "dockerfile.txt").write_text("FROM scratch\n")
    with pytest.raises(UsageError, match="is not called Dockerfile"):
        hand_in_folder(EXERCISE, room / "dockerfile.txt")


def test_in_ones_own_folder_a_deeper_one_is_named_and_not_taken(own: Path) -> None:
    """It may be an old copy."""
    (own / "Dockerfile").unlink()
    put(own / "old")
    refusal = take_submission(EXERCISE, own).refusal
    assert refusal is not None
    assert "There is one in old" in refusal.hint


def test_a_folder_of_that_name_around_us_counts_only_by_its_name(tmp_path: Path) -> None:
    """Other names mean nothing."""
    assert exercise_around(tmp_path) is None
