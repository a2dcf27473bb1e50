"""The site as text: pages for all there is to read, links that lead somewhere, nothing fetched, nothing spoilt."""

import base64
import hashlib
import posixpath
import re
from contextlib import nullcontext
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

from grader.errors import ContentError, UsageError
from grader.exercise.catalogue import all_exercises, content_root
from grader.site.build import build_site, write_site
from grader.site.links import Links
from grader.site.markdown_page import render_page
from grader.site.search_index import plain_text, sections
from grader.site.serving import listening
from grader.site.sources import SiteContent, Source, read_content


class Reading(HTMLParser):
    """Takes links, anchors and what else a browser would load out of a page."""

    def __init__(self, text: str) -> None:
        """Read the page."""
        super().__init__()
        self.links: list[str] = []
        self.loaded: list[str] = []
        self.anchors: list[str] = []
        self.styled: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep what leads somewhere."""
        found = {name: value or "" for name, value in attrs}
        if "id" in found:
            self.anchors.append(found["id"])
        if tag == "a":
            self.links.append(found.get("href", ""))
        else:
            self.loaded += [found[name] for name in ("src", "href", "srcset", "data", "action") if name in found]
        if "style" in found or any(name.startswith("on") for name in found):
            self.styled.append(tag)


@pytest.fixture(scope="module")
def site() -> dict[str, str]:
    """The site of this repository."""
    return build_site()


@pytest.fixture(scope="module")
def readings(site: dict[str, str]) -> dict[str, Reading]:
    """Every page, read."""
    return {address: Reading(text) for address, text in site.items()}


def test_every_lesson_and_document_is_a_page(site: dict[str, str]) -> None:
    """Nothing that one can read in the repository is missing."""
    for exercise in all_exercises():
        assert f"exercises/{exercise.folder}.html" in site
    for path in (content_root() / "docs").glob("*.md"):
        assert f"docs/{path.stem}.html" in site
    assert {"index.html", "search.html", "about.html", "contributing.html"} <= set(site)


def test_pages_name_the_command_as_their_readers_type_it() -> None:
    """The installed command has no path; lessons are written for the clone."""
    site = build_site(name="workshop")
    read = {at: re.sub("<[^>]+>", "", text) for at, text in site.items() if not at.startswith("files/")}
    assert [at for at, text in read.items() if "./workshop" in text] == []
    assert "$ workshop check 02" in read["exercises/02-go-multi-stage.html"]


def test_every_link_within_the_site_leads_somewhere(readings: dict[str, Reading]) -> None:
    """Pages exist, and so do the headings on them."""
    for address, reading in readings.items():
        for link in reading.links:
            parts = urlsplit(link)
            if parts.scheme or parts.netloc:
                assert parts.scheme == "https" or parts.hostname == "localhost", (address, link)
                continue
            page = posixpath.normpath(posixpath.join(posixpath.dirname(address), parts.path)) if parts.path else address
            assert page in readings, (address, link)
            assert not parts.fragment or unquote(parts.fragment) in readings[page].anchors, (address, link)


def test_no_page_loads_anything(readings: dict[str, Reading]) -> None:
    """A page is complete: pictures are in it, scripts and styles too."""
    for address, reading in readings.items():
        assert all(link.startswith("data:") for link in reading.loaded), (address, reading.loaded)


def test_every_anchor_is_on_its_page_once(readings: dict[str, Reading]) -> None:
    """Two diagrams or headings of one page never share an id."""
    for address, reading in readings.items():
        assert len(set(reading.anchors)) == len(reading.anchors), address


def test_the_content_policy_allows_exactly_what_is_on_the_page(
    site: dict[str, str], readings: dict[str, Reading]
) -> None:
    """Styles and scripts are named by their hash; no element has a style or handler of its own."""
    for address, text in site.items():
        policy = re.search(r'Content-Security-Policy" content="([^"]+)"', text)
        assert policy, address
        assert policy[1].startswith("default-src 'none'; base-uri 'none'; form-action 'none'")
        for tag, name in (("style", "style-src"), ("script", "script-src")):
            inner = re.findall(rf"<{tag}>(.*?)</{tag}>", text, re.DOTALL)
            assert len(inner) == 1, (address, tag)
            assert f"{name} {hashed(inner[0])}" in policy[1], (address, tag)
        assert not readings[address].styled, address


def test_hints_open_one_after_the_other(site: dict[str, str]) -> None:
    """The second hint is inside the first one's fold, so that nobody sees it by chance."""
    page = site["exercises/02-go-multi-stage.html"]
    hints = page[page.index('class="hints"') : page.index("</section>", page.index('class="hints"'))]
    folds = re.findall(r"<details|</details|Hint (\d)", hints)
    assert [found for found in folds if found] == ["1", "2", "3", "4", "5"]
    assert re.findall(r"<(/?)details", hints) == [""] * 5 + ["/"] * 5


def test_the_site_shows_no_answer(site: dict[str, str]) -> None:
    """The page of a Dockerfile is the starter's, even where a learner has solved the exercise in the clone."""
    for exercise in all_exercises():
        shown = site.get(f"files/exercises/{exercise.folder}/Dockerfile.html")
        if shown:
            starter = (exercise.solutions / "starter" / "Dockerfile").read_text(encoding="utf-8")
            assert " ".join(starter.split()) in plain_text(shown), exercise.slug
    assert not [address for address in site if "solutions" in address]


def test_a_file_a_learner_edits_is_shown_as_it_was_handed_out(tmp_path: Path) -> None:
    """Who reads the site after solving the exercise still sees the starter."""
    content = small(tmp_path, "# A\n\n[it](Dockerfile)\n")
    (tmp_path / "exercises/01-one/Dockerfile").write_text("FROM answer\n", encoding="utf-8")
    site = build_site(root=content.root)
    assert "starter" in site["files/exercises/01-one/Dockerfile.html"]
    assert "FROM answer" not in plain_text(site["files/exercises/01-one/Dockerfile.html"])


def test_a_link_to_nothing_is_the_authors_to_mend(tmp_path: Path) -> None:
    """The message names the file with the link, and where it leads."""
    content = small(tmp_path, "# A\n\n[b](../../docs/b.md)\n")
    (tmp_path / "docs").mkdir()
    with pytest.raises(ContentError, match=r"exercises/01-one/README.md:3 links to docs/b.md"):
        build_site(root=content.root)


def test_an_installed_kit_has_documents_without_the_code(tmp_path: Path) -> None:
    """A link to the code is none there; one to a document that is not there is still a mistake."""
    content = small(tmp_path, "# A\n\n[b](../../docs/b.md) and [c](../../grader/c.py)\n")
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "b.md").write_text("# B\n", encoding="utf-8")
    page = build_site(root=content.root)["exercises/01-one.html"]
    assert 'href="../docs/b.html">b</a> and <span>c</span>' in page


def test_documents_are_in_a_learners_and_an_authors_part(site: dict[str, str]) -> None:
    """Learners do not have to look through what is for others."""
    home = site["index.html"]
    learners, authors = home.index("For learners"), home.index("For teachers and authors")
    assert learners < home.index("docs/verdict.html", learners) < authors
    assert authors < home.index("docs/exercises.html", authors)


def test_an_installed_kit_has_lessons_without_documents(tmp_path: Path) -> None:
    """What a lesson says of a document is still said there, without a link to it."""
    content = small(tmp_path, "# A\n\n[b](../../docs/b.md) and [c](../../solutions/01-one/README.md)\n")
    page = build_site(root=content.root)
    assert "<span>b</span> and <span>c</span>" in page["exercises/01-one.html"]


def test_a_diagram_that_cannot_be_drawn_names_its_file(tmp_path: Path) -> None:
    """The author learns the file and the line."""
    content = small(tmp_path, "# A\n\n```mermaid\nflowchart LR\n  a --o b\n```\n")
    with pytest.raises(ContentError, match=r"exercises/01-one/README.md: line 2 .*a --o b"):
        build_site(root=content.root)


def test_a_link_to_a_heading_of_another_file_keeps_the_heading(tmp_path: Path) -> None:
    """`b.md#part` becomes `b.html#part`, seen from the page that links."""
    content = small(tmp_path, "# A\n\n[b](../../docs/b.md#part)\n")
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs/b.md").write_text("# B\n\n## Part\n", encoding="utf-8")
    assert 'href="../docs/b.html#part"' in build_site(root=content.root)["exercises/01-one.html"]


def test_what_looks_like_a_tag_in_code_stays_text(tmp_path: Path) -> None:
    """Code in a lesson is shown, not carried out."""
    source = Source(small(tmp_path, "# A\n").sources[0].path, "a.html")
    links = Links(read_content(root=tmp_path))
    page = render_page("# A\n\n`<b>` and\n\n```dockerfile\nRUN a <<E\n```\n", source, links)
    assert "<b>" not in page.body
    assert "&lt;&lt;E" in page.body


def test_the_search_index_holds_each_section_by_itself() -> None:
    """A find leads to the heading that it stands under; drawings are not text."""
    body = (
        '<p>before</p><h2 id="x">A <code>b</code></h2><p>one</p><svg><text>no</text></svg><h3 id="y">C</h3><p>two</p>'
    )
    found = [(each.heading, each.address, each.words) for each in sections("T", body, "p.html")]
    assert found == [("", "p.html", "before"), ("A b", "p.html#x", "one"), ("C", "p.html#y", "two")]


def test_the_search_index_cannot_end_its_script(site: dict[str, str]) -> None:
    """Lessons talk about tags; in the index none is one."""
    index = site["search.html"].partition('id="index">')[2].partition("</script>")[0]
    assert index.startswith("[{")
    assert index.rstrip().endswith("}]")
    assert "<" not in index


def test_pages_that_are_no_more_are_removed_and_other_files_are_not(tmp_path: Path) -> None:
    """A site written again is as if it was written the first time."""
    page = build_site(root=small(tmp_path / "a", "# A\n").root)
    write_site({**page, "old.html": page["index.html"]}, tmp_path / "site")
    (tmp_path / "site/mine.html").write_text("mine", encoding="utf-8")
    write_site(page, tmp_path / "site")
    assert not (tmp_path / "site/old.html").exists()
    assert (tmp_path / "site/mine.html").exists()
    assert (tmp_path / "site/search.html").exists()


def test_a_folder_with_something_else_in_it_is_left_alone(tmp_path: Path) -> None:
    """Nobody's files are mixed with pages because of a slip."""
    (tmp_path / "thesis.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(UsageError, match="contains other files"):
        write_site({"index.html": ""}, tmp_path)


def hashed(text: str) -> str:
    """Return what a content policy calls a text."""
    digest = base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode("ascii")
    return f"'sha256-{digest}'"


def small(root: Path, lesson: str) -> SiteContent:
    """Lay out a content folder with one exercise."""
    folder, starter = root / "exercises/01-one", root / "solutions/01-one/starter"
    folder.mkdir(parents=True)
    starter.mkdir(parents=True)
    (folder / "README.md").write_text(lesson, encoding="utf-8")
    (folder / "exercise.toml").write_text(
        'format_version = 1\nslug = "one"\ntitle = "One"\nminutes = 5\neditable = ["Dockerfile"]\n'
        'base_images = []\nhints = ["a `b`"]\n',
        encoding="utf-8",
    )
    for place, text in ((folder, "FROM starter\n"), (starter, "FROM starter\n")):
        (place / "Dockerfile").write_text(text, encoding="utf-8")
    return read_content(root=root)


@pytest.mark.parametrize(
    ("error", "is_passed_over"), [(ConnectionResetError, True), (BrokenPipeError, True), (IndexError, False)]
)
def test_a_browser_that_closes_its_connection_is_passed_over(
    tmp_path: Path, error: type[Exception], *, is_passed_over: bool
) -> None:
    """People leave pages before they are complete; anything else is raised, so that the command line finds it."""

    def answer() -> None:
        try:
            raise error  # noqa: TRY301 - as a handler raises it
        except error:
            server.handle_error(None, None)  # type: ignore[arg-type]

    with listening(tmp_path, 0) as server, nullcontext() if is_passed_over else pytest.raises(error):
        answer()
