"""Reads a page with the standard library's parser, as strictly as a page of ours must be written."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from itertools import pairwise
from xml.etree.ElementTree import Element

VOID = {"meta", "link", "br", "img", "input", "hr", "wbr", "source"}
FETCHING = ("src", "srcset", "action", "formaction", "data", "poster", "background", "ping", "manifest")
DOCUMENTATION = "https://docs.docker.com/"


@dataclass
class Page(HTMLParser):
    """A page's elements in order, each with its text; `faults` are tags that do not match."""

    source: str
    elements: list[Element] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Read it."""
        super().__init__(convert_charrefs=True)
        self._open: list[Element] = []
        self.feed(self.source)
        self.close()
        self.faults += [f"<{element.tag}> is never closed" for element in self._open]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take an element; a doubled attribute is a fault."""
        if len({name for name, _ in attrs}) < len(attrs):
            self.faults.append(f"<{tag}> has an attribute twice: {attrs}")
        element = Element(tag, {name: value or "" for name, value in attrs})
        element.text = ""
        if self._open:
            self._open[-1].append(element)
        self.elements.append(element)
        if tag not in VOID:
            self._open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take what SVG writes as `<path/>`."""
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self._open.pop()

    def handle_endtag(self, tag: str) -> None:
        """Close the element that is open, which must be of this tag."""
        if self._open and self._open[-1].tag == tag:
            self._open.pop()
        else:
            self.faults.append(f"</{tag}> closes nothing")

    def handle_data(self, data: str) -> None:
        """Give text to all elements that it is in."""
        for element in self._open:
            element.text = (element.text or "") + data

    def all(self, *tags: str) -> list[Element]:
        """The elements of these tags, in order."""
        return [element for element in self.elements if element.tag in tags]

    def words(self, *tags: str) -> list[str]:
        """Their texts, blanks squeezed."""
        return [" ".join((element.text or "").split()) for element in self.all(*tags)]


def structure(page: Page) -> list[tuple[str, tuple[str, ...]]]:
    """Each element's tag and the names of its attributes: what foreign text must never change."""
    return [(element.tag, tuple(sorted(element.attrib))) for element in page.elements]


def wrongs(page: Page) -> list[str]:
    """What keeps the page from being well made, self-contained and open to a keyboard and a screen reader."""
    return [*page.faults, *_fetches(page), *_broken_references(page), *_poor_structure(page)]


def _fetches(page: Page) -> list[str]:
    found = []
    for element in page.elements:
        if element.tag in ("script", "iframe", "object", "embed", "base", "form", "img", "audio", "video"):
            found.append(f"there is a <{element.tag}>")
        for name, value in element.attrib.items():
            if name in FETCHING or name.startswith("on"):
                found.append(f"<{element.tag} {name}>")
            if name == "href" and not value.startswith(("#", "data:,", DOCUMENTATION)):
                found.append(f"<{element.tag} href={value}>")
            if name == "style" and ("url(" in value or "<" in value):
                found.append(f"<{element.tag} style={value}>")
    styles = "".join(page.words("style"))
    found += [f"the style has {word}" for word in ("url(", "@import", "http") if word in styles]
    return found


def _broken_references(page: Page) -> list[str]:
    names = [element.attrib["id"] for element in page.elements if "id" in element.attrib]
    wanted = [element.attrib["href"][1:] for element in page.all("a") if element.attrib["href"].startswith("#")]
    wanted += [element.attrib["aria-labelledby"] for element in page.elements if "aria-labelledby" in element.attrib]
    twice = [f"two elements are called {name}" for name in sorted({name for name in names if names.count(name) > 1})]
    return twice + [f"nothing is called {name}" for name in wanted if name not in names]


def _poor_structure(page: Page) -> list[str]:
    found = [
        f"{len(page.all(tag))} <{tag}>"
        for tag in ("title", "main", "h1", "header", "footer")
        if len(page.all(tag)) != 1
    ]
    levels = [int(element.tag[1]) for element in page.all("h1", "h2", "h3", "h4")]
    found += [f"h{after} follows h{before}" for before, after in pairwise(levels) if after > before + 1]
    found += ["a table has no caption" for table in page.all("table") if table.find("caption") is None]
    found += [f"a <{cell.tag}> has no scope" for cell in page.all("th") if "scope" not in cell.attrib]
    found += [
        "an svg is neither hidden nor named"
        for svg in page.all("svg")
        if svg.attrib.get("aria-hidden") != "true" and "aria-label" not in svg.attrib
    ]
    if page.elements[0].attrib.get("lang") != "en":
        found.append("the page does not say its language")
    return found
