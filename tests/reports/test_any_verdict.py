"""What must be true of the reports of every verdict there can be, whatever a learner's program and Dockerfile say."""

import json
import unicodedata
import xml.etree.ElementTree as ET
from dataclasses import replace
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from rich.cells import cell_len

from grader.reports import html, json_report, junit, terminal
from grader.reports.plain import line
from grader.verdict import (
    BaseImage,
    BuildSummary,
    CriterionResult,
    EngineSummary,
    Finding,
    ImageSummary,
    LayerSummary,
    Origin,
    Outcome,
    SizeScale,
    StageSummary,
    SubmissionSummary,
    Verdict,
)
from tests.reports.reading_html import Page, wrongs

SCHEMA = json.loads((Path(__file__).parents[2] / "docs" / "verdict.schema.json").read_text("utf-8"))
HOSTILE = "\x1b[]()m;?0\r\n\t\x00\x07\x7f\x85\x9b\u202e\u200b\ufeff\ufffe\U0001ffff<&>]'\"日é✓"
text = st.text(st.one_of(st.characters(codec="utf-8"), st.sampled_from(HOSTILE)), max_size=60)
size = st.integers(0, 10**12)
lines = st.lists(st.integers(1, 999), unique=True, max_size=4).map(tuple)
name = st.sampled_from(["builder", "0", "1", "final", "alpine:latest", "scratch"]) | text


@st.composite
def criteria(draw: st.DrawFn) -> CriterionResult:
    """A criterion, whose points follow from its outcome."""
    status, worth = draw(st.sampled_from(Outcome)), draw(st.integers(0, 100))
    points = worth if status is Outcome.PASSED else 0
    expected, actual, why, hint = draw(text), draw(text), draw(text), draw(text)
    return CriterionResult(draw(text), draw(text), status, points, worth, expected, actual, why, hint, draw(lines))


layers = st.builds(LayerSummary, text, size, st.booleans(), st.none() | st.integers(1, 999), st.none() | size)
images = st.builds(ImageSummary, size, text, size, st.lists(layers, max_size=8).map(tuple))
stages = st.builds(StageSummary, name, name, st.lists(name, max_size=4).map(tuple))
seconds = st.floats(0, 10**5, allow_nan=False)
digests = st.just("") | st.binary(min_size=32, max_size=32).map(lambda digest: f"sha256:{digest.hex()}")
verdicts = st.builds(
    Verdict,
    exercise=text,
    title=text,
    criteria=st.lists(criteria(), max_size=6).map(tuple),
    engine=st.none() | st.builds(EngineSummary, text, text, text),
    seconds=seconds,
    started_at=st.datetimes().map(lambda moment: f"{moment.isoformat(timespec='seconds')}+00:00"),
    grader_version=text,
    image=st.none() | images,
    stages=st.lists(stages, max_size=6).map(tuple),
    builds=st.lists(st.builds(BuildSummary, text, seconds, st.integers(0, 99), st.integers(0, 99)), max_size=3).map(
        tuple
    ),
    base_images=st.lists(st.builds(BaseImage, text, st.sampled_from(Origin), text), max_size=3).map(tuple),
    scale=st.none() | st.builds(SizeScale, st.none() | size, st.none() | size),
    error=st.just("") | text,
    left_out=st.lists(text, max_size=3).map(tuple),
    findings=st.lists(st.builds(Finding, st.integers(1, 999), text), max_size=3).map(tuple),
    before=st.none() | images,
    submission=st.none() | st.builds(SubmissionSummary, digests, text, st.lists(text, max_size=2).map(tuple)),
)
many = settings(deadline=None, max_examples=60)


@given(verdicts)
@many
def test_json_gives_back_the_verdict_that_it_was_made_from(verdict: Verdict) -> None:
    """Nothing is lost on the way to a gradebook and back, and any standard output can take it."""
    rendered = json_report.render(verdict)
    assert rendered.isascii()
    assert json_report.parse(rendered) == verdict


@given(verdicts)
@many
def test_json_keeps_to_the_schema_that_is_published(verdict: Verdict) -> None:
    """Whoever reads verdicts by `docs/verdict.schema.json` meets no surprise."""
    Draft202012Validator(SCHEMA).validate(json.loads(json_report.render(verdict)))


@given(verdicts)
@many
def test_junit_is_xml_that_says_how_many_came_out_how(verdict: Verdict) -> None:
    """A CI system that cannot read the file would show a learner nothing."""
    rendered = junit.render(verdict)
    suite = ET.fromstring(rendered).find("testsuite")  # noqa: S314 - the XML is our own
    assert suite is not None
    assert rendered.isascii()
    assert int(suite.get("tests", "")) == len(suite.findall("testcase"))
    for attribute, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
        assert int(suite.get(attribute, "")) == len(suite.findall(f"testcase/{tag}"))


@given(verdicts, st.sampled_from([40, 57, 80, 100]), st.booleans())
@many
def test_the_terminal_gets_plain_lines_that_fit(verdict: Verdict, width: int, unicode: bool) -> None:  # noqa: FBT001
    """No control or formatting character gets through, no line is too long, ASCII is ASCII, the status is a word."""
    rendered = terminal.render(verdict, width=width, unicode=unicode)
    bad = [character for character in rendered if unicodedata.category(character) in ("Cc", "Cf", "Cs", "Zl", "Zp")]
    assert set(bad) <= {"\n"}
    assert max(map(cell_len, rendered.splitlines())) <= width
    assert unicode or rendered.isascii()
    assert rendered.startswith(verdict.status.value.upper())


@given(
    verdicts,
    st.lists(st.sampled_from(["FROM a AS b", "COPY --from=b", "USER x # y", "<b>", "\\"]) | text).map("\n".join),
)
@many
def test_the_page_is_well_made_and_fetches_nothing(verdict: Verdict, dockerfile: str) -> None:
    """No verdict and no Dockerfile breaks the page's structure, adds an element or makes it reach out."""
    page = Page(html.render(replace(verdict, dockerfile=dockerfile)))
    assert wrongs(page) == []
    assert page.words("h1") == [line(verdict.title)]
