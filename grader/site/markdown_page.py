"""One Markdown file as HTML: links followed, diagrams drawn, code coloured. What is around it is a template."""

import re
import xml.etree.ElementTree as ET
from dataclasses import dataclass
from typing import Any

import markdown
from markdown.extensions import Extension
from markdown.extensions.codehilite import CodeHiliteExtension
from markdown.extensions.tables import TableExtension
from markdown.extensions.toc import TocExtension
from markdown.preprocessors import Preprocessor
from markdown.treeprocessors import Treeprocessor

from grader.errors import ContentError
from grader.site.diagrams.drawing import draw
from grader.site.links import Links
from grader.site.sources import Source

_MERMAID = re.compile(r"^```mermaid\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
_HEADING = re.compile(r"^#+ +(?P<text>.+)$", re.MULTILINE)
_TITLE = re.compile(r"\A\s*<h1[^>]*>(?P<title>.*?)</h1>", re.DOTALL)
_SCROLLS = re.compile(r"(<table>.*?</table>)", re.DOTALL)
_OUTSIDE = re.compile(r"[a-z]+://")
_BEFORE_FENCES = 30
"""The `markdown` package's own fenced code blocks have 25; higher comes first."""
_AFTER_INLINE = 5
"""Links are there once the `inline` tree processor, with 20, has run."""


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of the page: its anchor, its text as HTML, its level, the headings below it."""

    anchor: str
    html: str
    level: int
    below: tuple["Heading", ...]


@dataclass(frozen=True, slots=True)
class Page:
    """What a Markdown file says: its title as HTML, the rest, the table of contents."""

    title: str
    body: str
    contents: tuple[Heading, ...]


def render_page(text: str, source: Source, links: Links) -> Page:
    """Return the page of a Markdown file.

    Raises:
        ContentError: it has no title, a link to nothing, or a diagram that cannot be drawn.

    """
    converter = _converter(source, links, text)
    html = converter.convert(text)
    title = _TITLE.match(html)
    if not title:
        raise ContentError(f"{source.path} does not begin with a title.")
    body = _SCROLLS.sub(r'<div class="scrolls" tabindex="0">\1</div>', html[title.end() :])
    tokens = getattr(converter, "toc_tokens", [])
    below = tuple(_heading(token) for top in tokens for token in top["children"])
    return Page(title["title"], body, below)


def render_words(text: str) -> str:
    """Return a sentence or two of Markdown as HTML without a paragraph around it."""
    html = markdown.markdown(text.replace("<", "&lt;"))
    return html.removeprefix("<p>").removesuffix("</p>")


def _converter(source: Source, links: Links, text: str) -> markdown.Markdown:
    return markdown.Markdown(
        extensions=[
            "fenced_code",
            "sane_lists",
            CodeHiliteExtension(guess_lang=False, css_class="code"),
            TableExtension(use_align_attribute=True),  # alignment by style is what the content policy forbids
            TocExtension(permalink=False),
            _SiteExtension(source, links, text),
        ],
        output_format="html",
    )


def _heading(token: dict[str, Any]) -> Heading:
    return Heading(token["id"], token["html"], token["level"], tuple(_heading(each) for each in token["children"]))


class _SiteExtension(Extension):
    def __init__(self, source: Source, links: Links, text: str) -> None:
        super().__init__()
        self.source, self.links, self.text = source, links, text

    def extendMarkdown(self, md: markdown.Markdown) -> None:  # noqa: N802 - the package's name for it
        md.preprocessors.register(_Diagrams(md, self.source), "diagrams", _BEFORE_FENCES)
        md.treeprocessors.register(_Follow(md, self.source, self.links, self.text), "links", _AFTER_INLINE)


class _Diagrams(Preprocessor):
    """Draws the blocks of Mermaid."""

    def __init__(self, md: markdown.Markdown, source: Source) -> None:
        super().__init__(md)
        self.source = source

    def run(self, lines: list[str]) -> list[str]:
        text = "\n".join(lines)
        count = 0

        def drawn(found: re.Match[str]) -> str:
            nonlocal count
            count += 1
            headings = _HEADING.findall(text, 0, found.start())
            name = f"Diagram: {headings[-1] if headings else self.source.path.stem}"
            try:
                svg = draw(found["text"], name, f"diagram-{count}")
            except ContentError as error:
                raise ContentError(f"{self.source.path}: {error}") from error
            return self.md.htmlStash.store(f'<figure class="scrolls" tabindex="0">{svg}</figure>')

        return _MERMAID.sub(drawn, text).split("\n")


class _Follow(Treeprocessor):
    """Leads links to pages, puts pictures into the page, and unlinks folders."""

    def __init__(self, md: markdown.Markdown, source: Source, links: Links, text: str) -> None:
        super().__init__(md)
        self.source, self.links, self.text = source, links, text

    def run(self, root: ET.Element) -> None:
        for element in root.iter():
            if element.tag == "img":
                self._show(element)
            if element.tag == "a":
                self._follow(element)

    def _show(self, element: ET.Element) -> None:
        link = element.get("src", "")
        try:
            element.set("src", self.links.picture(self.source, link))
        except ContentError as error:
            raise ContentError(f"{self.source.path}{self._line_of(link)} {error}") from None

    def _line_of(self, link: str) -> str:
        """Say on which line the link is, for the beginning of a message; empty if it is written in another way."""
        numbers = (number for number, line in enumerate(self.text.splitlines(), 1) if f"({link}" in line)
        number = next(numbers, None)
        return f":{number}" if number else ""

    def _follow(self, element: ET.Element) -> None:
        link = element.get("href", "")
        try:
            address = self.links.page(self.source, link)
        except ContentError as error:
            raise ContentError(f"{self.source.path}{self._line_of(link)} {error}") from None
        if address is None:
            element.tag = "span"
            del element.attrib["href"]
        else:
            element.set("href", address)
            if _OUTSIDE.match(address):
                element.set("rel", "noreferrer")
                element.set("class", "outside")
