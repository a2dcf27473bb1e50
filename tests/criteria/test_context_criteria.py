"""Criteria about the build context: what came through, which line let it, and what is missing."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import PurePosixPath

import pytest

from grader.criteria.context_clean import Canary, context_clean
from grader.criteria.context_complete import context_complete
from grader.criteria.facts import Shipped
from grader.criteria.host_modules_ignored import host_modules_ignored
from grader.criteria.image_clean import image_clean
from grader.criteria.outcome import Blocked, Unmet
from grader.engine.model import Exchange
from grader.exercise.submission import IgnoreFile
from grader.image.model import Entry, Kind, Match

MakeShipped = Callable[..., Shipped]
ROOT = PurePosixPath("context")
CANARIES = (Canary(".env", "Keep secrets out."), Canary("backend/server.log", "Keep logs out."))


@pytest.fixture
def make_context(make_shipped: MakeShipped) -> MakeShipped:
    """A maker of an image of a context: its files, and the .dockerignore that let them in."""

    def make(*paths: str, ignore: IgnoreFile) -> Shipped:
        entries = [Entry(ROOT / path, Kind.FILE, 2000, 0o644, 0, 0) for path in paths]
        shipped = make_shipped(entries)
        return replace(shipped, attempt=replace(shipped.attempt, ignore_file=ignore))

    return make


class TestContextClean:
    """`context_clean`."""

    def test_a_context_without_canaries_holds(self, make_context: MakeShipped) -> None:
        """However the .dockerignore says it."""
        assert (
            context_clean(make_context("package.json", ignore=IgnoreFile("*\n!package.json\n")), ROOT, CANARIES) is None
        )

    def test_without_a_dockerignore_that_is_said(self, make_context: MakeShipped) -> None:
        """With what came through, and how much it is."""
        answer = context_clean(make_context(".env", "backend/server.log", ignore=IgnoreFile()), ROOT, CANARIES)
        assert isinstance(answer, Unmet)
        assert answer.actual == (
            ".env, backend/server.log reached the context (4 kB); there is no .dockerignore next to the Dockerfile"
        )
        assert answer.hint.startswith("Create a file with that name")

    def test_a_file_that_may_be_meant_for_it_is_named(self, make_context: MakeShipped) -> None:
        """`dockerignore` without the dot is what people write."""
        answer = context_clean(make_context(".env", ignore=IgnoreFile(None, "dockerignore")), ROOT, CANARIES)
        assert isinstance(answer, Unmet)
        assert "there is dockerignore, which is not read" in answer.actual
        assert "must be .dockerignore" in answer.hint

    def test_the_ignore_file_that_is_read_is_named(self, make_context: MakeShipped) -> None:
        """With both, the one that people look at is not the one that counts."""
        ignore = IgnoreFile("*.tmp\n", name="Dockerfile.dockerignore", unread=".dockerignore")
        answer = context_clean(make_context(".env", ignore=ignore), ROOT, CANARIES)
        assert isinstance(answer, Unmet)
        assert "no line of Dockerfile.dockerignore matches .env, and .dockerignore is not read" in answer.actual
        assert "keep one of the two" in answer.hint

    def test_a_comment_behind_a_pattern_is_named(self, make_context: MakeShipped) -> None:
        """It is a part of the pattern; what it would keep out without it is seen."""
        answer = context_clean(make_context(".env", ignore=IgnoreFile("*.log\n.env # secrets\n")), ROOT, CANARIES)
        assert isinstance(answer, Unmet)
        assert "line 2 of .dockerignore, `.env # secrets`, is one pattern, its comment included" in answer.actual
        assert answer.hint == "A comment needs its own line, which begins with #."

    def test_a_comment_that_changes_nothing_is_not_named(self, make_context: MakeShipped) -> None:
        """Another line lets the file in."""
        answer = context_clean(make_context(".env", ignore=IgnoreFile("*.log # logs\n")), ROOT, CANARIES)
        assert isinstance(answer, Unmet)
        assert "no line of .dockerignore matches .env" in answer.actual

    def test_a_path_that_no_line_matches_is_said_to_be_so(self, make_context: MakeShipped) -> None:
        """`*.log` is about the root alone."""
        answer = context_clean(make_context("backend/server.log", ignore=IgnoreFile(".env\n*.log\n")), ROOT, CANARIES)
        assert isinstance(answer, Unmet)
        assert "no line of .dockerignore matches backend/server.log" in answer.actual
        assert answer.hint == "Keep logs out."

    def test_a_line_that_lets_it_in_again_is_named(self, make_context: MakeShipped) -> None:
        """By its number and its text."""
        ignore = IgnoreFile("**/*.log\n.env\n!backend\n")
        answer = context_clean(make_context("backend/server.log", ignore=ignore), ROOT, CANARIES)
        assert isinstance(answer, Unmet)
        assert "line 3 of .dockerignore, `!backend`, lets backend/server.log in again" in answer.actual
        assert "path decides" in answer.hint


class TestContextComplete:
    """`context_complete`."""

    def test_a_context_with_all_that_is_needed_holds(self, make_context: MakeShipped) -> None:
        """What else is there does not matter."""
        context = make_context("package.json", ".env", ignore=IgnoreFile())
        assert context_complete(context, ROOT, ["package.json"]) is None

    def test_a_missing_file_is_named_with_the_line_that_keeps_it_out(self, make_context: MakeShipped) -> None:
        """A pattern that is too broad."""
        context = make_context("package.json", ignore=IgnoreFile("# pages\n**/*.html\n"))
        answer = context_complete(context, ROOT, ["package.json", "frontend/index.html"])
        assert isinstance(answer, Unmet)
        assert "line 2 of .dockerignore, `**/*.html`, keeps frontend/index.html out" in answer.actual

    def test_many_missing_files_are_counted(self, make_context: MakeShipped) -> None:
        """Three names are enough."""
        answer = context_complete(make_context(ignore=IgnoreFile("*\n")), ROOT, list("abcde"))
        assert isinstance(answer, Unmet)
        assert answer.actual.startswith("a, b, c and 2 more did not reach the context")


class TestImageClean:
    """`image_clean`."""

    def test_bytes_of_a_canary_in_any_layer_are_caught(self, make_shipped: MakeShipped) -> None:
        """Under whatever name; the line that made the layer is named."""
        match = Match(b"secret", 1, PurePosixPath("app/renamed"))
        shipped = make_shipped([], [], matches=(match,), lines=(None, 3))
        answer = image_clean(shipped, {".env": "secret", ".git/config": "token"})
        assert isinstance(answer, Unmet)
        assert answer.actual == "/app/renamed has the content of .env"
        assert answer.lines == (3,)

    def test_of_many_the_most_telling_are_named(self, make_shipped: MakeShipped) -> None:
        """In the order of the canaries: after the names that people know come those that are random."""
        places = {"z": "app/z", "a": "app/a", "b": "app/b", "c": "app/c"}
        matches = tuple(Match(needle.encode(), 0, PurePosixPath(path)) for needle, path in reversed(places.items()))
        answer = image_clean(make_shipped([], matches=matches), {f"{needle}.log": needle for needle in places})
        assert isinstance(answer, Unmet)
        assert answer.actual == "/app/z, /app/a, /app/b and 1 more have the content of z.log, a.log, b.log and 1 more"

    def test_other_texts_are_not_its_business(self, make_shipped: MakeShipped) -> None:
        """The greeting is in the image rightly."""
        match = Match(b"greeting", 0, PurePosixPath("app/greeting.txt"))
        assert image_clean(make_shipped([], matches=(match,)), {".env": "secret"}) is None


class TestHostModulesIgnored:
    """`host_modules_ignored`."""

    def test_an_answer_of_the_planted_package_is_caught(self, make_shipped: MakeShipped) -> None:
        """With the line that brought it."""
        shipped = make_shipped([], [], matches=(Match(b"poison", 1, PurePosixPath("app/x")),), lines=(None, 9))
        answer = host_modules_ignored(Exchange("/", 200, b"I am poison"), shipped, "poison")
        assert isinstance(answer, Unmet)
        assert answer.lines == (9,)

    def test_any_other_answer_holds(self, make_shipped: MakeShipped) -> None:
        """Also an error: that is another criterion's."""
        shipped = make_shipped([])
        assert host_modules_ignored(Exchange("/", 200, b"Good day"), shipped, "poison") is None
        assert host_modules_ignored(Exchange("/", 500, b"broken"), shipped, "poison") is None

    def test_no_answer_tells_nothing(self, make_shipped: MakeShipped) -> None:
        """The container does not run."""
        assert isinstance(host_modules_ignored(Exchange("/", None), make_shipped([]), "poison"), Blocked)
