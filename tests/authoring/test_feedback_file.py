"""What `verify` says of an answer's feedback file."""

from pathlib import Path

from grader.authoring.verify import golden_complaints


def test_a_missing_file_is_no_change_and_what_to_do_is_said(tmp_path: Path) -> None:
    """It is not compared with anything."""
    [said] = golden_complaints(tmp_path / "feedback.txt", "a\nb\n", update=False)
    assert "feedback.txt is missing" in said
    assert "--update-feedback" in said
    assert golden_complaints(tmp_path / "feedback.txt", "a\nb\n", update=True) == []
    assert golden_complaints(tmp_path / "feedback.txt", "a\nb\n", update=False) == []


def test_another_text_names_the_first_change(tmp_path: Path) -> None:
    """So that an author sees whether it was wanted."""
    (tmp_path / "feedback.txt").write_text("a\n")
    [said] = golden_complaints(tmp_path / "feedback.txt", "a\nb\n", update=False)
    assert "first change: b" in said
