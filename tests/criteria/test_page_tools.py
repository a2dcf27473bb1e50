"""`page_tools` and `copied_before`: what a page tells about its making, and the lines that explain it."""

import pytest

from grader.criteria.copied_before import copied_before
from grader.criteria.facts import Attempt, Installed
from grader.criteria.page_tools import page_tools
from grader.dockerfile.reader import read
from grader.engine.model import Exchange

DOCKERFILE = """FROM golang AS api
COPY . .
RUN go build
FROM node AS page
COPY package.json frontend ./
COPY --from=api frontend ./frontend
ADD ["./frontend/style.css", "frontend/"]
RUN npm ci
COPY frontend ./frontend
RUN npm run build
"""
ATTEMPT = Attempt("plain", read(DOCKERFILE), None)


def about(text: str) -> Exchange:
    """Make an answer."""
    return Exchange("/about.json", 200, text.encode())


def test_an_installation_is_told_by_the_page_with_the_lines_that_explain_it() -> None:
    """The source that came before it, and the step that installs; what comes from a stage or later is no cause."""
    found = page_tools(about('{"receipt": "r", "tools": 12.5}'), ATTEMPT, "frontend")
    assert found == (Installed("", "12.5", 8, (5, 7), by_time=True),)


def test_a_token_is_no_time() -> None:
    """Copies of the packages have it too."""
    (found,) = page_tools(about('{"receipt": "r", "tools": "c0ffee"}'), ATTEMPT, "frontend")
    assert (found.mark, found.by_time) == ("c0ffee", False)


def test_the_step_that_installs_is_one_after_the_source_if_that_came_first() -> None:
    """Another stage may install as it should."""
    text = "FROM node AS tools\nRUN npm ci\nFROM node\nCOPY frontend .\nRUN npm ci\n"
    (found,) = page_tools(about('{"tools": "c0ffee"}'), Attempt("plain", read(text), None), "frontend")
    assert (found.sources, found.line) == ((4,), 5)


def test_two_installations_differ() -> None:
    """Else no edit would ever show."""
    first, second = (page_tools(about(f'{{"tools": {time}}}'), ATTEMPT, "frontend") for time in (1.25, 1.5))
    assert first != second


@pytest.mark.parametrize("body", ["", "not found", "[]", '"tools"', '{"receipt": "r"}', "7"])
def test_what_is_another_answer_tells_nothing(body: str) -> None:
    """A page that was left behind, or another one of that name."""
    assert page_tools(about(body), ATTEMPT, "frontend") == ()


def test_without_a_step_that_is_known_no_line_is_claimed() -> None:
    """A script may install."""
    attempt = Attempt("plain", read("FROM node\nCOPY . .\nRUN ./install.sh\n"), None)
    assert page_tools(about('{"tools": 1}'), attempt, "frontend") == (Installed("", "1", by_time=True),)


@pytest.mark.parametrize(
    ("folder", "words", "lines"), [("api", ("go build",), [2]), ("api", ("npm run",), []), ("frontend", ("vet",), [])]
)
def test_only_copies_of_the_folder_above_the_step_are_named(folder: str, words: tuple[str], lines: list[int]) -> None:
    """In the stage of that step: others have their own."""
    assert list(copied_before(ATTEMPT, folder, words)) == lines
