"""The reader against the builder itself: what fails, what is expanded to what, which stages are built."""

import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from uuid import uuid4

import pytest

from grader.dockerfile.reader import read
from grader.dockerfile.stages import external_images, needed_stages
from grader.engine.capabilities import builder_lacks
from grader.engine.client import Engine
from grader.engine.labels import run_labels
from grader.engine.model import BuildRequest, BuildResult
from tests.dockerfile.cases import ProblemCase

pytestmark = pytest.mark.engine

Build = Callable[..., BuildResult]


@pytest.fixture
def build(engine: Engine, tmp_path: Path) -> Iterator[Build]:
    """Build a Dockerfile next to the files `a` and `b`; the image is removed at the end."""
    tag = f"workshop-test/dockerfile:{uuid4().hex[:12]}"
    run = f"test-{uuid4().hex[:12]}"

    def build_text(
        text: str,
        *,
        context: tuple[str, ...] = ("a", "b"),
        target: str | None = None,
        build_args: Mapping[str, str] | None = None,
    ) -> BuildResult:
        for name in context:
            (tmp_path / name).write_text(name)
        (tmp_path / "Dockerfile").write_bytes(text.encode())
        request = BuildRequest(
            tmp_path, tag, target=target, build_args=build_args or {}, labels=run_labels(run), deadline=120
        )
        return engine.build(request)

    yield build_text
    if tag in engine.image_references():
        engine.remove_image(tag)


def test_a_fatal_problem_fails_and_any_other_builds(problem_case: ProblemCase, build: Build, engine: Engine) -> None:
    """A wrong word about a Dockerfile that builds would mislead a learner; so would silence about one that does not."""
    dockerfile = read(problem_case.text)
    if not dockerfile.stages:
        return  # with ARG alone it would end the daemon of Docker 20.10, so that nothing of the kind is built
    result = build(problem_case.text, context=problem_case.context)
    fatal = [problem.message for problem in dockerfile.problems if problem.fatal]
    assert result.built != bool(fatal), (result.error, fatal)


VALUES = 'ARG e=\nARG x=val\nARG two=$x$x\nARG q="a b"\nARG path=one/two/two\nARG given=default\n'
EXPRESSIONS = [
    "$x", "${x}", "a$x", "$xy", "${x}y", "${x:-d}", "${n:-d}", "${e:-d}", "${x:+p}", "${n:+p}", "${e:+p}",
    "${x:?err}", "${n:-$x}", "${n:-${m:-deep}}", "${n:-${m:-${x}}}", "\\$x", '"$x"', "'$x'", '"a\\b"', "a\\b",
    '"\\$x"', "$$", "$1", "$10a", "$two", "$q", "é$x", "$é", "${n:-a}b}", '${n:-"a}b"}', "${n:-\\}}", "${n:-'$x'}",
    "$-", "$?x", "$@", "${x:-}", "a\"b\"'c'd", "$given", "$TARGETOS", "$BUILDVARIANT", "${TARGETPLATFORM:+set}",
]  # fmt: skip
NEWER_EXPRESSIONS = [
    "${n-d}", "${e-d}", "${e+p}", "${x+p}", "${x?err}", "${path#*/}", "${path##*/}", "${path%/*}", "${path%%/*}",
    "${path/two/2}", "${path//two/2}", "${path/t?o/2}", "${x#v}", "${x%l}", "${x#nope}", "${path//o/}",
]  # fmt: skip
REFUSED = ["${", "${}", "${x", "${:x}", "${{x}", "${x:=q}", "${x^}", '"', "'", "${n:}", "${n:?err}"]


def expanded_by_builder(result: BuildResult) -> str:
    """Take what FROM became out of the builder's complaint that it is no image's name."""
    match = re.search(r'failed to parse stage name "(.*)!": ', result.error)
    assert match, result.error
    return match[1].replace("\\\\", "\\").replace('\\"', '"')


@pytest.mark.parametrize("expression", EXPRESSIONS + NEWER_EXPRESSIONS)
def test_from_is_expanded_as_the_builder_expands_it(expression: str, build: Build, engine: Engine) -> None:
    """With a `!` behind it no expansion is an image's name, and the builder quotes it."""
    text = f"{VALUES}FROM {expression}!\nCOPY a b\n"
    dockerfile = read(text, {"given": "by-hand"})
    if builder_lacks(engine.facts, dockerfile):
        assert expression in NEWER_EXPRESSIONS
        return
    result = build(text, build_args={"given": "by-hand"})
    assert dockerfile.stages[0].base == expanded_by_builder(result) + "!"


@pytest.mark.parametrize("expression", REFUSED)
def test_what_the_builder_cannot_expand_is_a_fatal_problem(expression: str, build: Build) -> None:
    """Both refuse it, and neither takes it for an image's name."""
    text = f"{VALUES}FROM {expression}\nCOPY a b\n"
    result = build(text)
    assert not result.built
    assert "stage name" not in result.error
    assert any("cannot be filled in" in problem.message for problem in read(text).problems if problem.fatal)


X = "FROM scratch AS x\nCOPY a x\n"
Y = "FROM scratch AS y\nCOPY a y\n"
W = "FROM scratch AS w\nCOPY a w\n"
NOBODY = "FROM nobody.invalid/image AS n\nCOPY a n\nFROM scratch AS m\nCOPY --from=nobody.invalid/other a m\n"
GRAPHS = {
    "last stage only": (X + "FROM scratch\nCOPY a z\n", None),
    "copy by name": (X + Y + "FROM scratch\nCOPY --from=x x z\n", None),
    "copy by number": (X + Y + "FROM scratch\nCOPY --from=1 y z\n", None),
    "copy by odd number": (X + Y + "FROM scratch\nCOPY --from=+00 x z\n", None),
    "based on a stage": (X + "FROM x AS y\nCOPY a y\n" + W + "FROM y\nCOPY a z\n", None),
    "target": (X + Y + "FROM scratch\nCOPY --from=x x z\n", "y"),
    "target in other case": (X + Y, "X"),
    "target of a name that two have": (X + "FROM scratch AS x\nCOPY a two\n" + Y, "x"),
    "by an ARG": ("ARG base=y\n" + X + Y + "FROM $base\nCOPY a z\n", None),
    "by a default": (X + Y + "FROM ${base:-x}\nCOPY a z\n", None),
    "FROM uses the nearest one above": (X + "FROM x AS x\nCOPY a two\n" + W + "FROM x\nCOPY a z\n", None),
    "copy takes the last of a name": (X + "FROM scratch AS x\nCOPY a two\nFROM scratch\nCOPY --from=x two z\n", None),
    "through two stages": (
        X + "FROM scratch AS y\nCOPY --from=x x y\n" + W + "FROM scratch\nCOPY --from=y y z\n",
        None,
    ),
    "an image that is not needed": (NOBODY + "FROM scratch\nCOPY a z\n", None),
}


@pytest.mark.parametrize("name", GRAPHS)
def test_the_stages_that_are_needed_are_those_that_are_built(name: str, build: Build) -> None:
    """Each stage has steps of its own, so that the builder tells which of them it takes, by their text."""
    text, target = GRAPHS[name]
    dockerfile = read(text)
    result = build(text, target=target)
    assert result.built, result.error
    needed = needed_stages(dockerfile, target)
    ours = [" ".join(step.original.split()) for stage in needed for step in stage.instructions]
    assert sorted(ours) == sorted(" ".join(step.instruction.split()) for step in result.steps)
    assert external_images(dockerfile, target) == ()


@pytest.mark.parametrize("target", ["0", "1", "stage-1", "nope", ""])
def test_a_target_that_the_builder_does_not_find_has_no_stages(target: str, build: Build) -> None:
    """Stages without a name cannot be targets, and numbers are no names."""
    text = "FROM scratch AS x\nCOPY a x\nFROM scratch\nCOPY a y\n"
    if target:
        assert not build(text, target=target).built
    assert needed_stages(read(text), target) == ()
