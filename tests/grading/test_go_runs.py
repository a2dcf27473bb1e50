"""The mark of Go's runs: drawn in the stages that have Go, by a step behind their end, and in no other."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

from grader.criteria.facts import Attempt
from grader.dockerfile.reader import read
from grader.engine.model import BuildEnd, BuildResult
from grader.exercise.model import Variant
from grader.grading.go_runs import GoRuns
from grader.grading.probe import Files, Prober

DOCKERFILE = """FROM golang AS api
COPY api .
RUN go build
FROM node AS page
RUN npm run build
FROM golang AS unused
RUN go vet
FROM scratch
COPY --from=api /greeter /
COPY --from=page /dist /dist
"""
PLAIN, EDITED = Variant(), Variant(name="edited")


class Drawn:
    """What the steps drew, by the name of the variant; one without an entry could not be run."""

    def __init__(self, dockerfile: str = DOCKERFILE, **drawn: bytes) -> None:
        self.drawn = {name.replace("_run_", ":run-"): text for name, text in drawn.items()}
        self.asked: list[Variant] = []
        self._dockerfile = dockerfile

    def attempt(self, variant: Variant) -> Attempt:
        """Build: what looks around builds if it draws."""
        looks = ":" in variant.name
        if looks:
            self.asked.append(variant)
        end = BuildEnd.BUILT if not looks or variant.name in self.drawn else BuildEnd.FAILED
        return Attempt(variant.name, read(self._dockerfile), BuildResult(end, "sha256:image", (), 1.0))

    def laid_out(self) -> Callable[[Variant], AbstractContextManager[Files]]:
        """Read the report."""
        drawn = self.drawn

        class Report:
            def __init__(self, name: str) -> None:
                self.name = name

            def read_file(self, path: str) -> bytes | None:
                return drawn[self.name] if path == "/report" else None

            def modified(self, path: str) -> str | None:
                raise AssertionError(path)

        @contextmanager
        def lay_out(variant: Variant) -> Iterator[Files]:
            yield Report(variant.name)

        return lay_out


def runs(drawn: Drawn) -> GoRuns:
    """Make the runs of the Dockerfile above."""
    return GoRuns(Prober(DOCKERFILE, drawn.attempt, drawn.laid_out()))


def test_the_mark_is_what_was_drawn_behind_the_end_of_the_stage_that_has_go() -> None:
    """In the text the step follows on all that the stage does."""
    drawn = Drawn(plain_run_0=b"one\n", plain_run_1=b"")
    assert runs(drawn).mark(PLAIN) == "one"
    before, _, _ = drawn.asked[0].dockerfile.partition("USER 0")
    assert before == "FROM golang AS api\nCOPY api .\nRUN go build\n"


def test_stages_that_run_nothing_or_are_not_needed_are_not_asked() -> None:
    """An empty base has no shell to draw with, and what nobody needs is not built."""
    drawn = Drawn(plain_run_0=b"one\n", plain_run_1=b"")
    runs(drawn).mark(PLAIN)
    assert [variant.name for variant in drawn.asked] == ["plain:run-0", "plain:run-1"]


def test_a_stage_without_go_is_asked_once() -> None:
    """Each question is a build."""
    drawn = Drawn(plain_run_0=b"one\n", plain_run_1=b"", edited_run_0=b"two\n")
    found = runs(drawn)
    assert (found.mark(PLAIN), found.mark(EDITED)) == ("one", "two")
    assert [variant.name for variant in drawn.asked] == ["plain:run-0", "plain:run-1", "edited:run-0"]


def test_without_go_in_any_stage_there_is_no_mark() -> None:
    """One stage has none, and in the other no step can be run."""
    assert runs(Drawn(plain_run_0=b"")).mark(PLAIN) == ""


WATCHED = """FROM golang AS api
USER builder
RUN go build
RUN mkdir /out
COPY --from=page /dist /out
FROM node AS page
RUN npm run build
FROM scratch
COPY --from=api /out /
"""


def test_exactly_the_last_step_that_compiles_is_drawn_after() -> None:
    """The steps are watched from the last one up, each as its own user; which one compiles is found out once."""
    drawn = Drawn(
        WATCHED,
        **{
            "plain:run-0": b"end",
            "edited:run-0": b"other end",
            "plain:watch-4-0": b"nothing",
            "plain:watch-3-0": b"",
            "plain:compiled-0": b"one",
            "edited:compiled-0": b"two",
        },
    )
    found = GoRuns(Prober(WATCHED, drawn.attempt, drawn.laid_out()))
    assert (found.mark(PLAIN, exactly=True), found.mark(EDITED, exactly=True)) == ("one", "two")
    texts = {variant.name: variant.dockerfile.split("\n") for variant in drawn.asked}
    assert texts["plain:watch-3-0"][:3] == ["FROM golang AS api", "USER builder", "USER 0"]
    assert texts["plain:watch-3-0"][4:7] == ["USER builder", "RUN go build", "USER 0"]
    assert texts["plain:compiled-0"][:4] == ["FROM golang AS api", "USER builder", "RUN go build", "USER 0"]
    assert not any("watch" in name for name in texts if name.startswith("edited"))


def test_exactly_a_stage_that_has_go_and_compiles_nothing_does_not_count() -> None:
    """It may gather files with the shell of Go's image."""
    drawn = Drawn(WATCHED, **{"plain:run-0": b"end", "plain:watch-4-0": b"nothing", "plain:watch-3-0": b"nothing"})
    assert GoRuns(Prober(WATCHED, drawn.attempt, drawn.laid_out())).mark(PLAIN, exactly=True) == ""
