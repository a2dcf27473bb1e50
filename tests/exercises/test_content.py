"""What the exercises' folders promise each other: lessons, tests, starters, answers and sources agree."""

import ast
import importlib
import re
from pathlib import Path

import pytest

from grader.authoring.cells import Role, cells_of
from grader.exercise.catalogue import all_exercises
from grader.exercise.model import Exercise

EXERCISES = all_exercises()
_ROW = re.compile(r"^\| `([a-z-]+)` \|.*\| (\d+) \|$", re.MULTILINE)
each_exercise = pytest.mark.parametrize("exercise", EXERCISES, ids=[exercise.slug for exercise in EXERCISES])


def criteria_of(exercise: Exercise) -> dict[str, int]:
    """Read the criteria of an exercise off its tests' decorators, with their points; the plugin need not be loaded."""
    tree = ast.parse((exercise.directory / "test_exercise.py").read_text("utf-8"))
    calls = [
        decorator
        for test in tree.body
        if isinstance(test, ast.FunctionDef)
        for decorator in test.decorator_list
        if isinstance(decorator, ast.Call) and ast.unparse(decorator.func) == "criterion"
    ]
    return {ast.literal_eval(call.args[0]): ast.literal_eval(call.keywords[0].value) for call in calls}


@each_exercise
def test_what_the_tests_import_is_there(exercise: Exercise) -> None:
    """No type checker reads them, so that a name that has changed is found here."""
    tree = ast.parse((exercise.directory / "test_exercise.py").read_text("utf-8"))
    for statement in tree.body:
        if isinstance(statement, ast.ImportFrom) and statement.module:
            module = importlib.import_module(statement.module)
            for imported in statement.names:
                assert hasattr(module, imported.name), f"{statement.module}.{imported.name}"


@each_exercise
def test_points_add_up_to_a_hundred(exercise: Exercise) -> None:
    """A score is a percentage."""
    assert sum(criteria_of(exercise).values()) == 100


@each_exercise
def test_the_lesson_lists_criteria_with_their_points(exercise: Exercise) -> None:
    """What is graded is said beforehand, and the table is not out of date."""
    rows = {name: int(points) for name, points in _ROW.findall((exercise.directory / "README.md").read_text("utf-8"))}
    criteria = criteria_of(exercise)
    assert rows
    assert rows.items() <= criteria.items()


@each_exercise
def test_criteria_that_the_lesson_does_not_list_are_those_of_an_exercise_before(exercise: Exercise) -> None:
    """A lesson may say "those of exercise 02": then they are really asked there."""
    rows = {name for name, _ in _ROW.findall((exercise.directory / "README.md").read_text("utf-8"))}
    before = {name for other in EXERCISES if other.number < exercise.number for name in criteria_of(other)}
    assert set(criteria_of(exercise)) - rows <= before


@each_exercise
def test_the_lesson_has_a_diagram_a_task_and_something_to_try(exercise: Exercise) -> None:
    """One idea, one picture, one worked example, the task, and commands to look for oneself."""
    text = (exercise.directory / "README.md").read_text("utf-8")
    assert "```mermaid" in text
    headings = re.findall(r"^## (.+)$", text, re.MULTILINE)
    assert [heading for heading in headings if heading != "Read on"] == [
        "The idea",
        "A worked example",
        "Your task",
        "What to look at",
    ]


@each_exercise
def test_links_to_files_of_the_clone_lead_somewhere(exercise: Exercise) -> None:
    """Also in the model answer's reasons."""
    for page in (exercise.directory / "README.md", exercise.solutions / "README.md"):
        for link in re.findall(r"\]\(([^)#]+)\)", page.read_text("utf-8")):
            assert link.startswith("https://") or (page.parent / link).exists(), f"{page}: {link}"


def lines_of(answer: Path, exercise: Exercise) -> set[str]:
    """Return the telling lines of an answer: what its Dockerfile takes, runs and starts, and what it ignores."""
    lines: set[str] = set()
    for path in (answer / name for name in exercise.editable):
        own = path.read_text("utf-8").splitlines() if path.is_file() else []
        telling = ("ARG", "COPY", "RUN", "CMD", "ENTRYPOINT") if path.name == "Dockerfile" else ("",)
        lines |= {line for line in own if line.startswith(telling) and not line.startswith("#")}
    return lines - {""}


@each_exercise
def test_a_lesson_does_not_show_the_model_answer(exercise: Exercise) -> None:
    """The worked example is another program's: no line of the answer that the learner has to find is in it."""
    answer, given = (lines_of(folder, exercise) for folder in (exercise.solutions, exercise.solutions / "starter"))
    lesson = (exercise.directory / "README.md").read_text("utf-8").splitlines()
    to_find = answer - given
    assert to_find
    assert not to_find & set(lesson)


@each_exercise
def test_the_working_copy_is_the_starter(exercise: Exercise) -> None:
    """A fresh clone begins where `reset` goes back to."""
    for name in exercise.editable:
        working, starter = exercise.directory / name, exercise.solutions / "starter" / name
        assert working.is_file() == starter.is_file()
        assert not starter.is_file() or working.read_bytes() == starter.read_bytes()


@each_exercise
def test_the_reasons_show_the_model_answer_as_it_is(exercise: Exercise) -> None:
    """The README's first code block is the Dockerfile that `verify` proves."""
    text = (exercise.solutions / "README.md").read_text("utf-8")
    blocks = re.findall(r"```dockerfile\n(.*?)```", text, re.DOTALL)
    assert blocks
    assert blocks[0] == (exercise.solutions / "Dockerfile").read_text("utf-8")


@each_exercise
def test_answers_are_many_and_mistakes_name_real_criteria(exercise: Exercise) -> None:
    """At least four right answers of other shapes and eight wrong ones, each with the feedback that it gets."""
    cells = cells_of(exercise)
    mistakes = [cell for cell in cells if cell.role is Role.MISTAKE]
    assert len([cell for cell in cells if cell.role is Role.ALTERNATIVE]) >= 4
    assert len(mistakes) >= 8
    criteria = criteria_of(exercise)
    for cell in mistakes:
        assert set(cell.fails or ()) <= set(criteria), cell.label
        assert (cell.folder / "feedback.txt").is_file(), cell.label


@each_exercise
def test_every_criterion_is_shown_to_fail(exercise: Exercise) -> None:
    """A criterion that no mistake fails might never fail."""
    shown = {identity for cell in cells_of(exercise) if cell.role is Role.MISTAKE for identity in cell.fails or ()}
    assert shown == set(criteria_of(exercise))
