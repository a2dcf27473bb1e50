"""What the search page looks in: the words of each section of each page. Looking is `search.js` in the templates."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

_HEADINGS = ("h2", "h3")
_SKIPPED = ("svg",)


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a page from one heading to the next: the page's title, the heading, its address, its words."""

    page: str
    heading: str
    address: str
    words: str

    def entry(self) -> dict[str, str]:
        """Return it as the search page reads it."""
        return {"page": self.page, "heading": self.heading, "address": self.address, "words": self.words}


def sections(title: str, body: str, address: str) -> list[Section]:
    """Return the sections of a page's HTML that say something."""
    reading = _Reading()
    reading.feed(body)
    reading.close()
    reading.end()
    plain = plain_text(title)
    return [
        Section(plain, heading, f"{address}#{anchor}" if anchor else address, words)
        for anchor, heading, words in reading.found
        if words or heading
    ]


def plain_text(html: str) -> str:
    """Return the text of a piece of HTML, in one line."""
    reading = _Reading()
    reading.feed(html)
    reading.close()
    return " ".join("".join(reading.words).split())


@dataclass(slots=True)
class _State:
    anchor: str = ""
    heading: list[str] = field(default_factory=list)


class _Reading(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[tuple[str, str, str]] = []
        self.words: list[str] = []
        self.state = _State()
        self.in_heading = False
        self.skipped = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _HEADINGS:
            self.end()
            self.state = _State(dict(attrs).get("id") or "")
            self.in_heading = True
        if tag in _SKIPPED:
            self.skipped += 1
        if tag in ("p", "li", "td", "th", "pre", "div", "tr"):
            self.words.append(" ")

    def handle_endtag(self, tag: str) -> None:
        if tag in _HEADINGS:
            self.in_heading = False
        if tag in _SKIPPED:
            self.skipped -= 1

    def handle_data(self, data: str) -> None:
        if not self.skipped:
            (self.state.heading if self.in_heading else self.words).append(data)

    def end(self) -> None:
        """Finish the section that is being read."""
        heading = " ".join("".join(self.state.heading).split())
        self.found.append((self.state.anchor, heading, " ".join("".join(self.words).split())))
        self.words = []
