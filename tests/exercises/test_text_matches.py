"""docs/criteria.md against what it speaks of: each criterion has a row, and each text match errs as it says there."""

import re
from dataclasses import dataclass
from pathlib import Path

import pytest

from grader.authoring.cells import Cell, Role, cells_of
from grader.exercise.catalogue import all_exercises
from grader.exercise.model import Exercise
from grader.exercise.toml_files import read_toml
from tests.exercises.test_content import criteria_of

PAGE = Path(__file__).parents[2] / "docs" / "criteria.md"
_CELL = re.compile(r"(?<!\\)\|")


@dataclass(frozen=True, slots=True)
class TextMatch:
    """A regular expression in place of a criterion, and the answer (folder below solutions/) that it judges wrongly."""

    criterion: str
    answer: str
    found: str = ""
    not_found: str = ""
    file: str = "Dockerfile"

    def holds_of(self, folder: Path) -> bool:
        """Judge an answer by its text; a file that is not there is an empty one."""
        path = folder / self.file
        text = path.read_text("utf-8") if path.is_file() else ""
        return bool(re.search(self.found or self.not_found, text, re.MULTILINE)) is bool(self.found)


@dataclass(frozen=True, slots=True)
class TextMatches:
    """The data file."""

    match: tuple[TextMatch, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the document, as it is written."""

    criterion: str
    judged: str
    match: str
    wrong: str


def text_matches() -> list[TextMatch]:
    """Read the data file."""
    return list(read_toml(Path(__file__).with_name("text_matches.toml"), TextMatches).match)


def rows() -> list[Row]:
    """Read the document's tables."""
    lines = [line for line in PAGE.read_text("utf-8").splitlines() if line.startswith("| `")]
    cells = [[cell.strip().replace(r"\|", "|") for cell in _CELL.split(line)[1:-1]] for line in lines]
    return [Row(line[0].strip("`"), *line[1:]) for line in cells]


EXERCISES = all_exercises()
MATCHES = text_matches()
CELLS = {cell.folder: cell for exercise in EXERCISES for cell in cells_of(exercise)}
each_match = pytest.mark.parametrize("match", MATCHES, ids=[match.criterion for match in MATCHES])


def exercise_of(match: TextMatch) -> Exercise:
    """Return the exercise whose answer it is."""
    return next(exercise for exercise in EXERCISES if exercise.folder == match.answer.partition("/")[0])


def cell_of(match: TextMatch) -> Cell:
    """Return the answer as `verify` proves it; there is one, or the data names an answer that does not exist."""
    return CELLS[exercise_of(match).solutions.parent / match.answer]


def test_every_criterion_has_one_row_and_one_text_match() -> None:
    """A criterion that some exercise asks, and no other."""
    asked = {identity for exercise in EXERCISES for identity in criteria_of(exercise)}
    described, matched = ([line.criterion for line in lines] for lines in (rows(), MATCHES))
    assert sorted(described) == sorted(asked)
    assert sorted(matched) == sorted(asked)


@each_match
def test_a_text_match_judges_its_answer_wrongly(match: TextMatch) -> None:
    """It refuses a right answer, or lets a wrong one pass; which of the two the answer is, `verify` proves."""
    cell = cell_of(match)
    if cell.role is Role.ALTERNATIVE:
        assert match.criterion in criteria_of(cell.exercise)
        assert not match.holds_of(cell.folder)
    else:
        assert match.criterion in (cell.fails or ())
        assert match.holds_of(cell.folder)


@each_match
def test_a_text_match_is_fair(match: TextMatch) -> None:
    """It is right on the model answer, and on a mistake that fails the criterion in this or another exercise."""
    assert match.holds_of(exercise_of(match).solutions)
    failing = [cell.folder for cell in CELLS.values() if match.criterion in (cell.fails or ())]
    assert not all(match.holds_of(folder) for folder in failing)


@each_match
def test_the_document_says_what_the_text_match_does(match: TextMatch) -> None:
    """Expression, file, answer and verdict are those of the data, and a reason is given."""
    row = next(row for row in rows() if row.criterion == match.criterion)
    where = "" if match.file == "Dockerfile" else f" in `{match.file}`"
    assert row.match == f"{'looks for' if match.found else 'forbids'} `{match.found or match.not_found}`{where}"
    verb = "fails" if cell_of(match).role is Role.ALTERNATIVE else "passes"
    name = match.answer.rpartition("/")[2]
    link = f"{verb} [{name}](../solutions/{match.answer}/{match.file}): "
    assert row.wrong.startswith(link)
    assert row.wrong.removeprefix(link)
    assert row.judged


def test_text_matches_err_as_often_as_the_document_says() -> None:
    """A share of all answers of their exercises: one answer for each might have been picked."""
    right, wrong = [], []
    for match in MATCHES:
        for cell in cells_of(exercise_of(match)):
            if cell.role is Role.ALTERNATIVE:
                right.append(match.holds_of(cell.folder))
            elif cell.role is Role.MISTAKE and match.criterion in (cell.fails or ()):
                wrong.append(match.holds_of(cell.folder))
    claim = "fail more than a quarter of the right answers, and pass more than two fifths of the wrong ones"
    assert claim in PAGE.read_text("utf-8")
    assert right.count(False) > len(right) / 4
    assert wrong.count(True) > len(wrong) * 2 / 5


def test_the_document_links_files_that_are_there() -> None:
    """In its tables and in the text around them."""
    links = re.findall(r"\]\(([^)#]+)[^)]*\)", PAGE.read_text("utf-8"))
    assert links
    assert [link for link in links if not (PAGE.parent / link).exists()] == []
