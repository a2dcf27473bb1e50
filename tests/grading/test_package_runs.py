"""The mark of a package's installation: drawn after the step that brought it first, and nowhere else."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

from grader.criteria.facts import Attempt
from grader.dockerfile.reader import read
from grader.engine.model import BuildEnd, BuildResult
from grader.exercise.model import Variant
from grader.grading.package_runs import PackageRuns
from grader.grading.probe import Files, Prober

DOCKERFILE = """FROM golang AS api
RUN go build
FROM node AS tools
COPY package.json .
RUN npm ci
RUN node fetch.mjs
FROM node AS page
COPY --from=tools /node_modules .
FROM scratch
COPY --from=api /greeter /
COPY --from=page /dist /dist
"""
PLAIN, EDITED = Variant(), Variant(name="edited")


class Drawn:
    """What the steps drew, by variant and line; a step of another line finds no package."""

    def __init__(self, drawn: dict[str, bytes]) -> None:
        self.drawn = drawn
        self.asked: list[str] = []

    def attempt(self, variant: Variant) -> Attempt:
        """Build."""
        if variant.dockerfile:
            self.asked.append(variant.name)
        return Attempt(variant.name, read(DOCKERFILE), BuildResult(BuildEnd.BUILT, "sha256:image", (), 1.0))

    def laid_out(self) -> Callable[[Variant], AbstractContextManager[Files]]:
        """Read the report."""
        drawn = self.drawn

        class Report:
            def __init__(self, name: str) -> None:
                self.name = name

            def read_file(self, path: str) -> bytes | None:
                return drawn.get(self.name, b"") if path == "/report" else None

            def modified(self, path: str) -> str | None:
                raise AssertionError(path)

        @contextmanager
        def lay_out(variant: Variant) -> Iterator[Files]:
            yield Report(variant.name)

        return lay_out


def runs(drawn: Drawn) -> PackageRuns:
    """Make the runs of the Dockerfile above."""
    return PackageRuns(Prober(DOCKERFILE, drawn.attempt, drawn.laid_out()))


def test_the_mark_is_drawn_after_the_step_that_installs() -> None:
    """Not in the stage that copies the packages, and not at the end of the one that installs."""
    drawn = Drawn({"plain:package-6-1": b"a", "plain:package-5-1": b"b", "edited:package-5-1": b"c"})
    found = runs(drawn)
    assert (found.mark(PLAIN, "@shop/bundler"), found.mark(EDITED, "@shop/bundler")) == ("b", "c")
    assert not any(name.endswith("-2") for name in drawn.asked)
    assert [name for name in drawn.asked if name.startswith("edited")] == ["edited:package-5-1"]


def test_a_package_that_is_nowhere_has_no_mark() -> None:
    """And is not looked for again."""
    drawn = Drawn({})
    found = runs(drawn)
    assert found.mark(PLAIN, "@shop/bundler") == ""
    asked = len(drawn.asked)
    assert found.mark(EDITED, "@shop/bundler") == ""
    assert len(drawn.asked) == asked
