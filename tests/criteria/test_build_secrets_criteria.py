"""Criteria of a build with a secret: each catches its own fault, and names the place but not the secret."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import PurePosixPath
from typing import Any

import pytest

from grader.criteria.facts import Attempt, Shipped
from grader.criteria.outcome import Unmet
from grader.criteria.secret_not_leaked import secret_not_leaked
from grader.criteria.secret_required import secret_required, token_of_the_secret
from grader.criteria.secret_used import secret_used
from grader.dockerfile.reader import read
from grader.engine.model import BuildEnd, BuildResult, Exchange
from grader.image.model import Entry, HistoryEntry, Kind, Match

MakeShipped = Callable[..., Shipped]
TOKEN = "s3cr3t-token"  # noqa: S105 - of these tests alone
ENCODED = ("czNjcjN0",)
RECEIPT = "0123456789abcdef"
PACKAGE = "@private/loyalty"
DOCKERFILE = "FROM a\nARG TOKEN\nRUN --mount=type=secret,id=t get || true\n"


def file(path: str) -> Entry:
    """Make a regular file's entry."""
    return Entry(PurePosixPath(path), Kind.FILE, 10, 0o644, 0, 0)


def gone(path: str) -> Entry:
    """Make the mark that hides a path of the layers below."""
    return Entry(PurePosixPath(path), Kind.WHITEOUT, 0, 0, 0, 0)


def unmet(answer: object) -> Unmet:
    """Take the answer for one that fails, and see that it keeps the secret."""
    assert isinstance(answer, Unmet)
    assert TOKEN not in f"{answer.expected}{answer.actual}{answer.hint}"
    return answer


class TestSecretRequired:
    """`secret_required`."""

    @staticmethod
    def ask(end: BuildEnd, text: str = "", status: int | None = 200) -> object:
        """Ask about a build that came to this end, and a container of it that answers so."""
        result = BuildResult(end, "sha256:i" if end is BuildEnd.BUILT else None, (), 1.0)
        attempt = Attempt("without", read(DOCKERFILE), result)
        return secret_required(attempt, "t", ("TOKEN",), lambda: Exchange("/", status, text.encode()), RECEIPT)

    def test_a_build_that_fails_holds(self) -> None:
        """Whoever said so: the builder about the mount, or the command about its token."""
        assert self.ask(BuildEnd.FAILED) is None

    def test_a_token_from_elsewhere_is_caught(self) -> None:
        """The package is there though no secret was handed in; the argument's line is named."""
        answer = unmet(self.ask(BuildEnd.BUILT, f'{{"receipt": "{RECEIPT}"}}'))
        assert "by another way" in answer.actual
        assert answer.lines == (2,)

    @pytest.mark.parametrize(("text", "status"), [("not installed", 503), ("", None)])
    def test_going_on_without_is_caught(self, text: str, status: int | None) -> None:
        """The image lacks the package, whether what is left of it starts or not; the mount's line is named."""
        answer = unmet(self.ask(BuildEnd.BUILT, text, status))
        assert "without the private package" in answer.actual
        assert answer.lines == (3,)

    def test_a_build_that_waits_for_ever_is_caught(self) -> None:
        """To hang is not to fail: nobody knows why."""
        assert "cancelled" in unmet(self.ask(BuildEnd.DEADLINE)).actual


class TestTokenOfTheSecret:
    """`token_of_the_secret`."""

    ATTEMPT = Attempt("plain", read("FROM a\nARG TOKEN\nRUN --mount=type=secret,id=t test -s /run/secrets/t\n"), None)

    def test_a_token_from_elsewhere_is_caught_although_the_secret_is_required(self) -> None:
        """A mount that is only looked at, and the token of an argument: the line with it is named."""
        asked = Exchange("/m", 200, RECEIPT.encode())
        answer = unmet(token_of_the_secret(asked, self.ATTEMPT, RECEIPT, ("TOKEN",)))
        assert "other token" in answer.actual
        assert answer.lines == (2,)

    @pytest.mark.parametrize(("status", "text"), [(200, "the receipt of the secret"), (503, "none"), (None, "")])
    def test_anything_else_is_not_its_business(self, status: int | None, text: str) -> None:
        """A package that is missing is another criterion's."""
        assert token_of_the_secret(Exchange("/m", status, text.encode()), self.ATTEMPT, RECEIPT, ("TOKEN",)) is None


class TestSecretUsed:
    """`secret_used`."""

    def test_an_answer_with_the_receipt_holds(self, make_shipped: MakeShipped) -> None:
        """Wherever the package lies."""
        assert secret_used(Exchange("/m", 200, RECEIPT.encode()), make_shipped([]), PACKAGE, [RECEIPT]) is None

    def test_a_missing_package_is_caught(self, make_shipped: MakeShipped) -> None:
        """The learner reads that it is nowhere."""
        shipped = make_shipped([file("app/node_modules/@public/router/package.json")])
        answer = unmet(secret_used(Exchange("/m", 503, b"not installed"), shipped, PACKAGE, [RECEIPT]))
        assert "There is no node_modules/@private/loyalty" in answer.actual

    def test_a_package_in_another_place_is_caught(self, make_shipped: MakeShipped) -> None:
        """And the place is named, with the line that put it there."""
        shipped = make_shipped([file("srv/node_modules/@private/loyalty/package.json")], lines=(4,))
        answer = unmet(secret_used(Exchange("/m", 503, b"not installed"), shipped, PACKAGE, [RECEIPT]))
        assert "/srv/node_modules/@private/loyalty" in answer.actual
        assert answer.lines == (4,)

    def test_a_package_of_another_token_is_caught(self, make_shipped: MakeShipped) -> None:
        """Such as one that was fetched at some other time and kept."""
        shipped = make_shipped([file("app/node_modules/@private/loyalty/package.json")])
        answer = unmet(secret_used(Exchange("/m", 200, b"another receipt"), shipped, PACKAGE, [RECEIPT]))
        assert "another token" in answer.actual

    def test_silence_is_told_as_such(self, make_shipped: MakeShipped) -> None:
        """What keeps the program from starting is what has to be fixed first."""
        silent = Exchange("/m", None)
        assert "no program to start" in unmet(secret_used(silent, make_shipped([]), PACKAGE, [RECEIPT])).actual


class TestSecretNotLeaked:
    """`secret_not_leaked`."""

    @staticmethod
    def with_history(shipped: Shipped, *entries: HistoryEntry, **config: Any) -> Shipped:
        """Give the image these lines of history and settings, and the match that a search of them gives."""
        image = replace(
            shipped.image,
            history=entries,
            config=replace(shipped.image.config, **config),
            matches=(Match(TOKEN.encode(), None, None),),
        )
        return replace(shipped, image=image)

    def test_an_image_without_it_holds(self, make_shipped: MakeShipped) -> None:
        """Other strings that were searched for do not count."""
        shipped = make_shipped([file("app/a")], matches=(Match(b"greeting", 0, PurePosixPath("app/a")),))
        assert secret_not_leaked(shipped, (TOKEN,), ENCODED) is None

    def test_a_file_with_it_is_caught(self, make_shipped: MakeShipped) -> None:
        """Path, instruction and line are named."""
        match = Match(TOKEN.encode(), 0, PurePosixPath("app/.npmrc"))
        shipped = make_shipped([file("app/.npmrc")], matches=(match,), dockerfile="FROM a\nCOPY . .\n", lines=(2,))
        answer = unmet(secret_not_leaked(shipped, (TOKEN,), ENCODED))
        assert "/app/.npmrc in the layer of `COPY . .`" in answer.actual
        assert answer.lines == (2,)

    def test_a_file_that_was_deleted_later_is_caught(self, make_shipped: MakeShipped) -> None:
        """It is in the layer below, and that is said."""
        match = Match(TOKEN.encode(), 0, PurePosixPath("token"))
        shipped = make_shipped([file("token")], [gone("token")], matches=(match,))
        assert "deleted by a later instruction" in unmet(secret_not_leaked(shipped, (TOKEN,), ENCODED)).actual

    def test_base64_is_caught_and_told_as_such(self, make_shipped: MakeShipped) -> None:
        """Nobody should take it for a lock."""
        match = Match(ENCODED[0].encode(), 0, PurePosixPath("app/.npmrc"))
        shipped = make_shipped([file("app/.npmrc")], matches=(match,))
        assert "base64" in unmet(secret_not_leaked(shipped, (TOKEN,), ENCODED)).actual

    def test_an_argument_is_caught_by_the_history(self, make_shipped: MakeShipped) -> None:
        """The ARG's line is named, not all the RUN lines below it."""
        shipped = make_shipped([file("a")], dockerfile="FROM a\nARG OTHER\nARG TOKEN\nRUN x\n", lines=(4,))
        entry = HistoryEntry(f"RUN |1 TOKEN={TOKEN} /bin/sh -c x # buildkit", "", 0)
        answer = unmet(secret_not_leaked(self.with_history(shipped, entry), (TOKEN,), ENCODED))
        assert "its history contains it, as the value of the argument TOKEN" in answer.actual
        assert answer.lines == (3,)
        assert "ARG and ENV" in answer.hint

    def test_a_word_in_a_command_is_caught_by_the_history(self, make_shipped: MakeShipped) -> None:
        """Without an argument the line of the layer's instruction is what there is to name."""
        shipped = make_shipped([file("a")], dockerfile="FROM a\nRUN x\n", lines=(2,))
        entry = HistoryEntry(f"RUN /bin/sh -c get {TOKEN} # buildkit", "", 0)
        assert unmet(secret_not_leaked(self.with_history(shipped, entry), (TOKEN,), ENCODED)).lines == (2,)

    @pytest.mark.parametrize(
        ("keyword", "setting", "words"),
        [("ENV", "environment", "the variable T_O_K"), ("LABEL", "labels", "the label T_O_K")],
    )
    def test_a_setting_is_caught_by_its_name(
        self, make_shipped: MakeShipped, keyword: str, setting: str, words: str
    ) -> None:
        """Its value is not repeated."""
        shipped = make_shipped([file("a")], dockerfile=f"FROM a\n{keyword} T_O_K=$X\n")
        answer = unmet(
            secret_not_leaked(self.with_history(shipped, **{setting: (("T_O_K", TOKEN),)}), (TOKEN,), ENCODED)
        )
        assert words in answer.actual
        assert answer.lines == (2,)

    def test_any_other_place_of_the_description_is_caught(self, make_shipped: MakeShipped) -> None:
        """A volume, an author: wherever the search found it."""
        assert "description" in unmet(secret_not_leaked(self.with_history(make_shipped([])), (TOKEN,), ENCODED)).actual
