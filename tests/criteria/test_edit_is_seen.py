"""`edit_is_seen`: the newest source answers; the first edit that does not come back is named."""

from grader.criteria.edit_is_seen import Edit, edit_is_seen
from grader.criteria.facts import Attempt
from grader.criteria.outcome import Blocked, Unmet
from grader.dockerfile.reader import read
from grader.engine.model import Exchange

ATTEMPT = Attempt("plain", read("FROM node\nCOPY a a\nCOPY b b\n"), None)


def edit(nonce: str, status: int | None, body: bytes, path: str = "/") -> Edit:
    """Make an edit and what came back."""
    return Edit("the edited text", nonce, Exchange(path, status, body), "Copy it.")


def test_texts_that_come_back_hold() -> None:
    """All of them."""
    assert edit_is_seen(ATTEMPT, (edit("n1", 200, b"hi n1"), edit("n2", 200, b"n2\n"))) is None


def test_an_old_text_is_caught() -> None:
    """What came back is shown, with the line of the last COPY."""
    answer = edit_is_seen(ATTEMPT, (edit("n1", 200, b"hi n1"), edit("n2", 200, b"old")))
    assert isinstance(answer, Unmet)
    assert answer.actual == "GET / answers: old"
    assert answer.lines == (3,)


def test_a_new_file_that_is_not_found_is_caught() -> None:
    """The status is shown."""
    answer = edit_is_seen(ATTEMPT, (edit("n1", 404, b"not found", "/new.js"),))
    assert isinstance(answer, Unmet)
    assert answer.actual == "GET /new.js answers 404: not found"


def test_no_answer_at_all_is_another_criterions() -> None:
    """The container does not run."""
    assert isinstance(edit_is_seen(ATTEMPT, (edit("n1", None, b""),)), Blocked)


def test_the_lines_are_those_that_bring_what_was_changed() -> None:
    """Not the last COPY, if it brings something else; for a build argument those of ARG and ENV."""
    text = "FROM node\nCOPY frontend/a.js frontend/\nCOPY backend backend\nARG V\nENV V=$V\n"
    attempt = Attempt("plain", read(text), None)

    def lines(file: str = "", argument: str = "") -> tuple[int, ...]:
        change = Edit("it", "n1", Exchange("/", 200, b"old"), "Copy it.", file, argument)
        answer = edit_is_seen(attempt, (change,))
        assert isinstance(answer, Unmet)
        return answer.lines

    assert lines("frontend/sale.js") == (2,)
    assert lines("backend/greeting.txt") == (3,)
    assert lines(argument="V") == (4, 5)
    assert lines(argument="OTHER") == (1,)
    assert lines("elsewhere.txt") == (3,)
