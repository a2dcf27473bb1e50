"""Criteria about build arguments: which value arrives where, and what it costs."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from grader.criteria.app_version import LABEL, app_version_arrives, version_label
from grader.criteria.bundle import PageBundle
from grader.criteria.facts import Attempt, Installed, Shipped
from grader.criteria.late_arg import late_arg, until_it_arrives
from grader.criteria.outcome import Blocked, Unmet
from grader.criteria.runs_node import builds_with, major_of, runs_node
from grader.criteria.same_version import same_version
from grader.dockerfile.reader import read
from grader.engine.model import BuildEnd, BuildResult, Exchange

MakeShipped = Callable[..., Shipped]
DOCKERFILE = """ARG NODE_VERSION=24
FROM node:24-alpine AS build
ARG APP_VERSION
RUN npm ci
FROM node:${NODE_VERSION}-alpine
COPY --from=build /app /app
ARG APP_VERSION
ENV APP_VERSION=$APP_VERSION
LABEL org.opencontainers.image.version=$APP_VERSION
"""
DOWN = Exchange("/node", None)
FAILED = BuildResult(BuildEnd.FAILED, None, (), 1.0, "no such image")


def attempt(**arguments: str) -> Attempt:
    """Make an attempt that was built with these arguments."""
    return Attempt("plain", read(DOCKERFILE, arguments), BuildResult(BuildEnd.BUILT, "sha256:image", (), 1.0))


def unmet(answer: object) -> Unmet:
    """Take the answer for one that fails."""
    assert isinstance(answer, Unmet)
    return answer


@pytest.mark.parametrize(
    ("text", "major"), [("v24.1.0\n", 24), ("v8.0.1", 8), ("24", None), ("", None), ("v24.1", None)]
)
def test_a_version_is_read_as_node_writes_it(text: str, major: int | None) -> None:
    """Anything else is none."""
    assert major_of(text) == major


class TestRunsNode:
    """`runs_node` and `builds_with`."""

    def test_the_major_version_decides(self) -> None:
        """Which minor one an image brings is not the learner's choice."""
        assert runs_node(Exchange("/node", 200, b"v24.9.1\n"), attempt(), 24, when="", hint="") is None

    def test_another_one_is_caught_with_the_argument_and_the_final_from(self) -> None:
        """One of these two lines has the version."""
        answer = unmet(runs_node(Exchange("/node", 200, b"v22.1.0"), attempt(), 24, when="", hint="x"))
        assert "v22.1.0" in answer.actual
        assert answer.lines == (1, 5)

    def test_it_cannot_be_told_of_a_service_that_is_down(self) -> None:
        """Blocked, not failed."""
        assert isinstance(runs_node(DOWN, attempt(), 24, when="", hint=""), Blocked)

    def test_a_build_that_only_fails_with_the_argument_is_the_arguments_doing(self) -> None:
        """One that fails without it as well is named once, by another criterion."""
        plain, failed = attempt(), replace(attempt(), result=FAILED)
        assert builds_with(plain, "NODE_VERSION=22", failed) is None
        assert "NODE_VERSION=22" in unmet(builds_with(failed, "NODE_VERSION=22", plain)).expected
        assert isinstance(builds_with(failed, "NODE_VERSION=22", failed), Blocked)


class TestSameVersion:
    """`same_version`."""

    @staticmethod
    def ask(runs: bytes, frontend: str, backend: str) -> object:
        """Ask with NODE_VERSION=22, what runs and what built the parts."""
        built = {part: PageBundle(part, "x", node) for part, node in (("frontend", frontend), ("backend", backend))}
        return same_version(Exchange("/node", 200, runs), built, attempt(NODE_VERSION="22"), 22)

    def test_one_major_version_everywhere_holds(self) -> None:
        """The minor one may differ between two tags."""
        assert self.ask(b"v22.2.0", "v22.1.0", "v22.2.0") is None

    @pytest.mark.parametrize("versions", [(b"v22.1.0", "v24.1.0", "v24.1.0"), (b"v24.1.0", "v22.1.0", "v22.1.0")])
    def test_a_stage_that_stays_behind_is_caught_with_its_from(self, versions: tuple[bytes, str, str]) -> None:
        """Line 2 names 24, whatever is given."""
        answer = unmet(self.ask(*versions))
        assert "v24.1.0" in answer.actual
        assert answer.lines == (2,)

    def test_nothing_is_told_where_the_argument_changes_nothing(self) -> None:
        """The same version everywhere, but not the one that was asked for: no points for having no argument."""
        answer = self.ask(b"v24.1.0", "v24.1.0", "v24.1.0")
        assert isinstance(answer, Blocked)
        assert answer.by == "override-version"

    def test_it_cannot_be_told_of_a_service_that_is_down_or_without_records(self) -> None:
        """Blocked, not failed."""
        assert isinstance(same_version(DOWN, {}, attempt(), 22), Blocked)
        assert isinstance(same_version(Exchange("/node", 200, b"v22.1.0"), {}, attempt(), 22), Blocked)


class TestAppVersion:
    """`app_version_arrives` and `version_label`."""

    @staticmethod
    def image(make_shipped: MakeShipped, *, value: str | None = None, label: str | None = None) -> Shipped:
        """Make an image with this APP_VERSION in its environment, and this label."""
        shipped = make_shipped([], dockerfile=DOCKERFILE)
        environment = () if value is None else (("APP_VERSION", value),)
        labels = () if label is None else ((LABEL, label),)
        config = replace(shipped.image.config, environment=environment, labels=labels)
        return replace(shipped, image=replace(shipped.image, config=config))

    def test_the_version_in_the_answer_and_in_the_label_holds(self, make_shipped: MakeShipped) -> None:
        """With something before it too: `v1.2.3` is a way to write a version."""
        shipped = self.image(make_shipped, label="vNONCE")
        assert app_version_arrives(Exchange("/version", 200, b"NONCE\n"), shipped, "NONCE") is None
        assert version_label(shipped, "NONCE") is None

    @pytest.mark.parametrize(
        ("value", "says", "line"), [(None, "sets no APP_VERSION", 7), ("", "is empty", 8), ("1.0.0", "`1.0.0`", 8)]
    )
    def test_what_became_of_it_is_told(
        self, make_shipped: MakeShipped, value: str | None, says: str, line: int
    ) -> None:
        """Not taken over, empty, or written by hand: three causes, three next steps."""
        shipped = self.image(make_shipped, value=value)
        answer = unmet(app_version_arrives(Exchange("/version", 200, b"unknown\n"), shipped, "NONCE"))
        assert says in answer.actual
        assert answer.lines == (line,)

    @pytest.mark.parametrize(
        ("label", "says", "hint"),
        [
            (None, "no such label", "LABEL"),
            ("", "empty", "same stage"),
            ("$APP_VERSION", "$APP", "quotes"),
            ("1", "`1`", "value"),
        ],
    )
    def test_what_the_label_says_instead_is_told(
        self, make_shipped: MakeShipped, label: str | None, says: str, hint: str
    ) -> None:
        """Left out, empty, not filled in, or written by hand."""
        answer = unmet(version_label(self.image(make_shipped, label=label), "NONCE"))
        assert says in answer.actual
        assert hint in answer.hint

    def test_a_service_that_is_down_cannot_tell(self, make_shipped: MakeShipped) -> None:
        """Its label can: it is asked of the image."""
        assert isinstance(app_version_arrives(DOWN, self.image(make_shipped), "NONCE"), Blocked)


class TestLateArg:
    """`late_arg`."""

    BEFORE = (Installed("build", "a", 4), Installed("", "b", 6))

    def test_the_same_installations_hold(self) -> None:
        """In every stage."""
        assert late_arg(attempt(), self.BEFORE, self.BEFORE, ()) is None

    def test_a_stage_that_installs_anew_is_caught_with_the_argument_above_it(self) -> None:
        """The ARG of line 7 has no RUN below it and is innocent."""
        after = (Installed("build", "x"), Installed("", "b"))
        answer = unmet(late_arg(attempt(), self.BEFORE, after, (self.BEFORE, after, after)))
        assert answer.actual == "they were installed again in stage `build`"
        assert answer.lines == (3,)

    def test_nothing_is_told_while_the_version_arrives_nowhere(self) -> None:
        """No points for having no argument; one of its two places is enough."""
        missing = Unmet("", "", "", "")
        assert isinstance(until_it_arrives(missing, missing), Blocked)
        assert until_it_arrives(missing, None) is None

    def test_nothing_is_told_without_packages(self) -> None:
        """Blocked, not failed."""
        assert isinstance(late_arg(attempt(), (), (), ()), Blocked)
