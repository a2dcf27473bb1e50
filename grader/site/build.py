"""Makes the site: every page as text, by address, then as files. What is on a page is in other modules."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from markupsafe import Markup
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import TextLexer, get_lexer_for_filename
from pygments.util import ClassNotFound

from grader.called import WRITTEN, in_words_of
from grader.errors import ContentError, UsageError, writing_error
from grader.exercise.catalogue import shortest_name
from grader.exercise.model import Exercise, Pack
from grader.site.chapters import Chapter, by_chapter
from grader.site.links import Links, relative
from grader.site.markdown_page import Page, render_page, render_words
from grader.site.search_index import Section, plain_text, sections
from grader.site.sources import SiteContent, Source, read_content
from grader.site.templating import as_data, fill

SEARCH = "search.html"
_HOME = "index.html"
_PARTS = (
    ("For learners", "What a verdict says, and how it comes about.", True),
    ("For teachers and authors", "How to teach with it, write exercises for it, and change it.", False),
)
_MARKER = "<!-- a page of the multi-stage workshop -->"


@dataclass(frozen=True, slots=True)
class NavigationEntry:
    """A page as lists of pages show it: its name as HTML, and, of a lesson, its first sentence."""

    source: Source
    name: Markup
    lead: Markup


@dataclass(frozen=True, slots=True)
class Menu:
    """What there is to read, and what readers type for `./workshop`."""

    chapters: tuple[tuple[Chapter, tuple[NavigationEntry, ...]], ...]
    documents: tuple["SitePart", ...]
    name: str


@dataclass(frozen=True, slots=True)
class SitePart:
    """Documents for the same readers."""

    title: str
    promise: str
    entries: tuple[NavigationEntry, ...]


def build_site(packs: Sequence[Pack] = (), root: Path | None = None, name: str = WRITTEN) -> dict[str, str]:
    """Return every page of the site by its address: of the kit, or of another folder `root`, and of the packs.

    `name` is what readers type for `./workshop`.

    Raises:
        ContentError: a lesson or document has a link to nothing or a diagram that cannot be drawn.
        UsageError: the same in a lesson of a pack.

    """
    content = read_content(packs, root)
    links = Links(content)
    pages = [(source, _rendered(content, source, links, name)) for source in content.sources]
    menu = _menu(content, pages, name)
    site = {_HOME: _fill("home.html", _HOME, menu)}
    found: list[Section] = []
    for source, page in pages:
        site[source.address] = _page(source, page, menu, content.packs)
        found += sections(page.title, page.body, source.address)
    for path, address in links.shown.items():
        with _named_by_its_pack(content, path):
            text = _colored(content, path)
        site[address] = _fill("file.html", address, menu, path=str(path), text=text)
    index = as_data([section.entry() for section in found])
    site[SEARCH] = _fill("search.html", SEARCH, menu, script="search.js", index=index)
    return site


def _rendered(content: SiteContent, source: Source, links: Links, name: str) -> Page:
    with _named_by_its_pack(content, source.path):
        return render_page(in_words_of(content.text(source.path), name), source, links)


@contextmanager
def _named_by_its_pack(content: SiteContent, path: PurePosixPath) -> Iterator[None]:
    """What is wrong in a file of a pack is for the one who named the pack; its place on disk is said."""
    try:
        yield
    except ContentError as error:
        file = content.file(path)
        if any(file.is_relative_to(pack.root) for pack in content.packs):
            raise UsageError(str(error).replace(str(path), str(file), 1)) from error
        raise


def write_site(site: dict[str, str], folder: Path) -> None:
    """Write the pages into `folder`; pages of an earlier site that are there no more are removed, nothing else is.

    Raises:
        UsageError: the folder contains something else, or cannot be written.
        MachineError: the disk is full.

    """
    try:
        if folder.is_dir() and any(folder.iterdir()) and not _is_ours(folder / _HOME):
            raise UsageError(f"{folder} contains other files; name an empty folder, or a new one.")
        for old in folder.rglob("*.html"):
            if old.relative_to(folder).as_posix() not in site and _is_ours(old):
                old.unlink()
        for address, text in site.items():
            path = folder / address
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise writing_error(f"Cannot write the site to {folder}", error) from error


def _is_ours(path: Path) -> bool:
    try:
        return _MARKER in path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return False


def _menu(content: SiteContent, pages: list[tuple[Source, Page]], name: str) -> Menu:
    lessons = {source.exercise.slug: _entry(source, page) for source, page in pages if source.exercise}
    documents = [_entry(source, page) for source, page in pages if not source.exercise]
    parts = (
        SitePart(title, promise, tuple(each for each in documents if each.source.is_for_learners is is_for_learners))
        for title, promise, is_for_learners in _PARTS
    )
    chapters = by_chapter(content.exercises, content.packs)
    return Menu(
        tuple((chapter, tuple(lessons[each.slug] for each in inside)) for chapter, inside in chapters),
        tuple(part for part in parts if part.entries),
        name,
    )


def _entry(source: Source, page: Page) -> NavigationEntry:
    lead = page.body.partition("<p>")[2].partition("</p>")[0].partition("\n")[0]
    name = page.title.partition(" · ")[2] if source.exercise else page.title
    return NavigationEntry(source, Markup(name or page.title), Markup(lead))  # noqa: S704 - HTML of our own lessons


def _page(source: Source, page: Page, menu: Menu, packs: Sequence[Pack]) -> str:
    lessons = [entry for _, entries in menu.chapters for entry in entries]
    row = lessons if source.exercise else [each for part in menu.documents for each in part.entries]
    at = next(index for index, entry in enumerate(row) if entry.source is source)
    chapter = next((chapter for chapter, entries in menu.chapters if row[at] in entries), None)
    return _fill(
        "page.html",
        source.address,
        menu,
        entry=row[at],
        page=page,
        title=plain_text(page.title),
        body=Markup(page.body),  # noqa: S704 - HTML of our own lessons
        chapter=chapter,
        hints=_hints(source.exercise, menu.name),
        typed=shortest_name(source.exercise, packs) if source.exercise else "",
        before=row[at - 1] if at else None,
        after=row[at + 1] if at + 1 < len(row) else None,
    )


def _hints(exercise: Exercise | None, name: str) -> list[Markup]:
    return [Markup(render_words(in_words_of(hint, name))) for hint in exercise.hints] if exercise else []  # noqa: S704 - our own hints


def _fill(template: str, address: str, menu: Menu, *, script: str = "site.js", **shown: object) -> str:
    way: Callable[[str], str] = lambda there: relative(address, there)  # noqa: E731 - templates call it by this name
    return fill(template, script=script, marker=Markup(_MARKER), address=address, menu=menu, way=way, **shown)  # noqa: S704


def _colored(content: SiteContent, path: PurePosixPath) -> Markup:
    try:
        text = content.text(path)
    except (OSError, UnicodeDecodeError):
        raise ContentError(f"{path} is linked to, but is no text.") from None
    try:
        lexer = get_lexer_for_filename(path.name)
    except ClassNotFound:
        lexer = TextLexer()
    html: str = highlight(text, lexer, HtmlFormatter(cssclass="code"))
    return Markup(html)  # noqa: S704 - Pygments escapes
