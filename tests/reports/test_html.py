"""The page of a verdict: golden words, nothing fetched, nothing run, and nothing a learner wrote becomes markup."""

import re
from collections.abc import Callable
from dataclasses import replace

import pytest

from grader.reports import html
from grader.reports.plain import line
from grader.verdict import Finding, Verdict
from tests.reports.reading_html import Page, structure, wrongs

Sample = Callable[[str], Verdict]
STYLE = re.compile(r"<style>.*?</style>", re.DOTALL)


@pytest.fixture
def page(sample: Sample) -> Callable[[str], Page]:
    """The page of a sample."""
    return lambda case: Page(html.render(sample(case)))


def test_a_page_is_word_for_word_its_golden_file(
    case: str, sample: Sample, must_be_golden: Callable[[str, str, str], None]
) -> None:
    """A change of words is seen and read before it lands; styles are for the eye, and left out."""
    must_be_golden(case, "report.html", STYLE.sub("", html.render(sample(case))))


def test_a_page_is_well_made_and_fetches_nothing(case: str, page: Callable[[str], Page]) -> None:
    """It opens from a mail, on a plane, and with a keyboard and a screen reader."""
    assert wrongs(page(case)) == []


def test_a_page_forbids_what_it_does_not_need(case: str, page: Callable[[str], Page]) -> None:
    """Should anything slip through one day, the browser still runs and fetches nothing."""
    [policy] = [meta for meta in page(case).all("meta") if meta.get("http-equiv") == "Content-Security-Policy"]
    rules = dict(rule.split(" ", 1) for rule in policy.attrib["content"].split("; "))
    assert rules["default-src"] == "'none'"
    assert "script-src" not in rules
    assert rules["style-src"] == "'unsafe-inline'"


def test_a_page_is_ascii_and_ends_with_one_line_feed(case: str, sample: Sample) -> None:
    """Any standard output and any mail program can take it."""
    rendered = html.render(sample(case))
    assert rendered.isascii()
    assert rendered.endswith("</html>\n")


HOSTILE = (
    "</code></li></ol></main></body><script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    "</style><style>*{display:none}</style>",
    "</title><script>alert(1)</script>",
    "<!-- ",
    "{{ 7 * 7 }}{% include 'page.css' %}",
    "&lt;script&gt;&#60;script&#62;",
    "`<b>`</code>`",
    "javascript:alert(1)",
    "--x:url(//example.com)",
)


def dressed(verdict: Verdict, text: str) -> Verdict:
    """Put a text wherever a verdict contains words that come from outside."""
    criteria = tuple(
        replace(r, id=text, title=text, expected=text, actual=text, why=text, hint=text) for r in verdict.criteria
    )
    image = verdict.image and replace(
        verdict.image, base=text, layers=tuple(replace(layer, instruction=text) for layer in verdict.image.layers)
    )
    return replace(
        verdict,
        exercise=text,
        title=text,
        criteria=criteria,
        image=image,
        stages=tuple(replace(stage, name=text, base=text, copies_from=(text,)) for stage in verdict.stages),
        builds=tuple(replace(build, variant=text) for build in verdict.builds),
        base_images=tuple(replace(base, reference=text, id=text) for base in verdict.base_images),
        engine=verdict.engine and replace(verdict.engine, name=text, version=text, builder=text),
        grader_version=text,
        started_at=text,
        error=verdict.error and text,
        findings=(Finding(1, text), Finding(900, text)),
    )


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_from_outside_becomes_markup(case: str, text: str, sample: Sample) -> None:
    """The elements are the same as with a harmless word, whatever is in their place."""
    pages = []
    for word in ("word", text):
        verdict = sample(case)
        file = verdict.dockerfile.replace("\n", f"\n# {word}\n")
        pages.append(Page(html.render(dressed(replace(verdict, dockerfile=file), word))))
    assert structure(pages[1]) == structure(pages[0])
    assert wrongs(pages[1]) == []
    assert pages[1].words("h1") == [line(text)]


def test_what_a_learner_wrote_is_shown_as_written(page: Callable[[str], Page]) -> None:
    """Made safe, not taken away: the line is there to be read."""
    shown = page("hostile-text").words("code")
    assert '&& echo \'<img src="https://example.com/x.png" onerror="alert(1)">\'' in shown
    assert 'LABEL a="{{ 7 * 7 }}" b="{% raw %}" c="&lt;&#60;"' in shown
    assert "CMD ['\\u202e\\u2066x']" in shown


def test_remarks_stand_below_the_lines_that_they_are_about(page: Callable[[str], Page]) -> None:
    """A criterion's name leads to what it teaches, and back."""
    lines = {element.get("id"): element for element in page("failed").all("li")}
    [source, *more] = list(lines["line-4"].iter("a"))
    assert (source.text, more) == ("The source code stays behind in the builder", [])
    assert source.attrib["href"].removeprefix("#") in lines
    assert "line-99" not in lines


def test_what_the_reader_doubts_is_said_beside_its_line(sample: Sample) -> None:
    """A fault that no builder accepts, and a doubt about what is built in another way than it looks."""
    page = Page(html.render(replace(sample("failed"), dockerfile="FROM scratch\nCPY a b\nUSER root # me\n")))
    remarks = {element.get("class"): element.text for element in page.all("p") if "remark" in element.get("class", "")}
    assert "did you mean COPY?" in (remarks["remark fault"] or "")
    assert "comment" in (remarks["remark doubt"] or "")


def test_lines_of_a_dockerfile_that_is_not_shown_are_no_links(sample: Sample) -> None:
    """A verdict that an older version wrote has no Dockerfile in it."""
    page = Page(html.render(replace(sample("failed"), dockerfile="")))
    assert wrongs(page) == []
    assert "Dockerfile lines 2" not in page.words("dd")
    assert "Dockerfile line 2" in page.words("dd")
    assert not [link for link in page.all("a") if link.attrib["href"].startswith("#line")]


def test_hidden_bytes_are_told_in_words(page: Callable[[str], Page], sample: Sample) -> None:
    """The hatched part of a bar is nothing to a screen reader."""
    assert "61.9 MB of it hidden by later layers" in page("failed").words("span")
    assert "hidden by later layers" not in html.render(sample("passed"))


def test_a_trifle_that_is_hidden_is_not_told(sample: Sample) -> None:
    """A cache's index that the next build step rewrites is no lesson."""
    image = sample("failed").image
    assert image
    layers = tuple(replace(layer, hidden=layer.size // 200) for layer in image.layers)
    page = html.render(replace(sample("failed"), image=replace(image, layers=layers)))
    assert "hidden by later layers" not in page


def test_a_very_long_dockerfile_is_cut_and_says_so(sample: Sample) -> None:
    """A megabyte of lines would make a browser crawl."""
    page = Page(html.render(replace(sample("failed"), dockerfile="FROM scratch\n" + "# x\n" * 4999)))
    assert "and 4000 more lines" in page.words("p")
    assert len([element for element in page.all("li") if element.get("id", "").startswith("line-")]) == 1000


def test_very_many_stages_are_drawn_from_the_end(sample: Sample) -> None:
    """The last ones make the image."""
    stage = sample("passed").stages[0]
    verdict = replace(
        sample("passed"), stages=tuple(replace(stage, name=f"s{n}", base=f"s{n - 1}") for n in range(400))
    )
    page = Page(html.render(verdict))
    assert wrongs(page) == []
    assert "The last 30 of 400." in page.words("p")


@pytest.mark.parametrize(
    ("case", "headline"),
    [("passed", "Passed"), ("failed", "Not yet"), ("machine-error", "The machine failed, not you")],
)
def test_the_headline_says_how_it_came_out(case: str, headline: str, page: Callable[[str], Page]) -> None:
    """In words, first of all, and in the title of the tab."""
    assert page(case).words("strong")[0] == headline
    assert page(case).words("title")[0].startswith(headline)


def test_the_layers_of_before_are_a_part_of_their_own(page: Callable[[str], Page]) -> None:
    """Where the starter was graded, and nowhere else; its lines are those of another file, so they lead nowhere."""
    heading = "Before: the starter’s layers"  # noqa: RUF001 - as pages write it
    assert heading in page("before-after").words("h2")
    assert heading not in page("failed").words("h2")
    leads = [link.get("href", "") for link in page("before-after").all("a")]
    assert [lead for lead in leads if lead.startswith("#line")] == ["#line-20", "#line-21"]


def test_no_score_is_shown_for_a_machine_that_failed(page: Callable[[str], Page]) -> None:
    """It would be no grade."""
    assert not [words for words in page("machine-error").words("p") if re.search(r"\d+ of \d+ points", words)]
    assert [words for words in page("failed").words("p") if re.search(r"\d+ of \d+ points", words)]


def test_words_between_backticks_are_code(sample: Sample) -> None:
    """A command in a hint is seen as one; a single backtick is one."""
    page = Page(html.render(sample("hostile-text")))
    assert "docker logs" in page.words("code")
    criteria = tuple(replace(result, hint="a ` b") for result in sample("hostile-text").criteria)
    page = Page(html.render(replace(sample("hostile-text"), criteria=criteria)))
    assert "a ` b" in page.words("dd")


def test_what_is_unwise_stands_beside_its_line_or_in_a_list(sample: Sample) -> None:
    """It costs no points, and is said with the Dockerfile or without it."""
    verdict = replace(sample("passed"), findings=(Finding(1, "a word of <advice>"),))
    with_file, without = (
        Page(html.render(replace(verdict, dockerfile="FROM scratch\n"))),
        Page(html.render(replace(verdict, dockerfile=""))),
    )
    assert [p.text for p in with_file.all("p") if p.get("class") == "remark unwise"] == ["Remark: a word of <advice>"]
    assert "line 1: a word of <advice>" in without.words("li")
    assert wrongs(with_file) + wrongs(without) == []


def test_a_partial_check_says_that_it_is_not_counted(sample: Sample) -> None:
    """Its score is of some criteria only."""
    page = Page(html.render(replace(sample("passed"), left_out=("a", "b"))))
    total = len(sample("passed").criteria)
    told = f"A partial check: {total} of {total + 2} criteria were asked. It is not counted."
    assert told in page.words("p")
