"""The site in a browser, opened from a folder: nothing said, nothing fetched, nothing too wide; search finds."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from grader.exercise.catalogue import all_exercises
from grader.site.build import build_site, write_site
from grader.site.serving import listening

pytestmark = pytest.mark.browser

LESSON = "exercises/02-go-multi-stage.html"
WIDTHS = (320, 390, 768, 1280, 1920)


@pytest.fixture(scope="module")
def site() -> dict[str, str]:
    """The site of this repository."""
    return build_site()


@pytest.fixture(scope="module")
def folder(site: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site, written once."""
    folder = tmp_path_factory.mktemp("site")
    write_site(site, folder)
    return folder


@contextmanager
def looking(browser: Browser, *, width: int = 1280, dark: bool = False) -> Iterator[tuple[BrowserContext, list[str]]]:
    """Open a window; what pages in it say on the console or ask for over a network is in the list."""
    context = browser.new_context(
        viewport={"width": width, "height": 900},
        color_scheme="dark" if dark else "light",
        permissions=["clipboard-read", "clipboard-write"],
    )
    said: list[str] = []
    context.on("console", lambda message: said.append(message.text))
    context.on("weberror", lambda error: said.append(str(error.error)))
    context.on("request", lambda request: said.append(request.url) if not local(request.url) else None)
    try:
        yield context, said
    finally:
        context.close()


def local(url: str) -> bool:
    """Tell whether an address is a file's or stands for itself."""
    return url.startswith(("file:", "data:"))


def open_page(context: BrowserContext, folder: Path, address: str) -> Page:
    """Open a page of the site as a reader opens the file."""
    page = context.new_page()
    page.goto(f"{folder.as_uri()}/{address}")
    return page


def test_every_page_opens_from_a_folder_without_a_word(browser: Browser, site: dict[str, str], folder: Path) -> None:
    """No error on the console, no style or script that the content policy blocks, no request to anywhere."""
    with looking(browser) as (context, said):
        page = context.new_page()
        for address in site:
            page.goto(f"{folder.as_uri()}/{address}")
            expect(page.locator("h1").first).to_be_visible()
            assert not said, (address, said)


@pytest.mark.parametrize("width", WIDTHS)
def test_no_page_is_wider_than_its_window(browser: Browser, site: dict[str, str], folder: Path, width: int) -> None:
    """Tables, code and drawings scroll in themselves."""
    with looking(browser, width=width) as (context, _):
        page = context.new_page()
        for address in ("index.html", "search.html#copy", *(name for name in site if name.startswith("exercises/"))):
            page.goto(f"{folder.as_uri()}/{address}")
            assert page.evaluate("document.documentElement.scrollWidth") <= width, address


def test_a_policy_blocks_what_is_not_ours(browser: Browser, folder: Path) -> None:
    """A script that somehow got into a page would not run."""
    with looking(browser) as (context, said):
        page = open_page(context, folder, LESSON)
        page.evaluate(
            "document.body.append(Object.assign(document.createElement('script'), {textContent: 'window.ran = 1'}))"
        )
        assert page.evaluate("window.ran") is None
        assert any("Content Security Policy" in text for text in said)


def test_search_finds_and_leads_to_the_heading(browser: Browser, folder: Path) -> None:
    """From any page: a slash, words, Enter; the first find is a link to the section that has them."""
    with looking(browser) as (context, said):
        page = open_page(context, folder, LESSON)
        page.keyboard.press("/")
        page.keyboard.type("choosing the small base")
        page.keyboard.press("Enter")
        first = page.locator(".found li").first
        expect(first).to_contain_text("Choosing the small base")
        first.locator("a").click()
        page.wait_for_url("**/02-go-multi-stage.html#choosing-the-small-base")
        expect(page.locator("#choosing-the-small-base")).to_be_in_viewport()
        assert not said


def test_search_says_when_there_is_nothing(browser: Browser, folder: Path) -> None:
    """And shows what is typed as text, whatever it is."""
    with looking(browser) as (context, said):
        page = open_page(context, folder, "search.html#%3Cimg%20src%3Dx%20onerror%3Dalert(1)%3E")
        expect(page.locator(".said")).to_contain_text("Nothing found")
        page.locator("input").fill("stage")
        expect(page.locator(".found li").first).to_be_visible()
        assert page.locator(".found mark").count() > 0
        page.locator("input").fill("%")
        page.reload()
        expect(page.locator("input")).to_have_value("%")
        assert not said


def test_lessons_follow_each_other_by_link_and_by_key(browser: Browser, folder: Path) -> None:
    """From the first lesson to the last and back: every exercise is on the way, in order."""
    lessons = [f"exercises/{exercise.folder}.html" for exercise in all_exercises()]
    with looking(browser) as (context, said):
        page = open_page(context, folder, lessons[0])
        for lesson in lessons[1:]:
            page.keyboard.press("n")
            page.wait_for_url(f"**/{lesson}")
        expect(page.locator(".steps a[rel=next]")).to_have_count(0)
        page.locator(".steps a[rel=prev]").click()
        page.wait_for_url(f"**/{lessons[-2]}")
        assert not said


def test_a_hint_shows_only_when_the_one_before_is_open(browser: Browser, folder: Path) -> None:
    """The last one, which nearly is the answer, is not seen by a slip."""
    with looking(browser) as (context, _):
        page = open_page(context, folder, LESSON)
        hints = page.locator(".hints summary")
        expect(hints.nth(0)).to_be_visible()
        expect(hints.nth(1)).to_be_hidden()
        hints.nth(0).click()
        expect(hints.nth(1)).to_be_visible()
        expect(hints.nth(2)).to_be_hidden()


def test_copying_a_console_takes_the_commands_alone(browser: Browser, folder: Path) -> None:
    """What is pasted into a terminal runs: no prompt."""
    with looking(browser) as (context, _):
        page = open_page(context, folder, LESSON)
        block = page.locator(".code", has_text="docker build -t greeter:two")
        block.hover()
        block.locator("button").click()
        expect(block.locator("button")).to_have_text("Copied")
        copied = page.evaluate("navigator.clipboard.readText()")
        assert "docker build -t greeter:two .\n" in copied
        assert "$ " not in copied


def test_light_and_dark_follow_the_system_and_the_button(browser: Browser, folder: Path) -> None:
    """What was chosen holds on the next page, too."""
    paper = "getComputedStyle(document.body).backgroundColor"
    with looking(browser) as (context, _), looking(browser, dark=True) as (other, _):
        page = open_page(context, folder, LESSON)
        light, dark = page.evaluate(paper), open_page(other, folder, LESSON).evaluate(paper)
        assert light != dark
        page.locator("button.look").click()
        assert page.evaluate(paper) == dark
        page.keyboard.press("n")
        page.wait_for_url("**/03-*")
        assert page.evaluate(paper) == dark


def test_a_drawing_has_a_name_and_no_text_outside_its_box(browser: Browser, site: dict[str, str], folder: Path) -> None:
    """Widths of text are estimated without the font; here they are measured in one."""
    measure = """() => [...document.querySelectorAll('svg.diagram .node')].map((node) => {
        const box = node.firstElementChild.getBBox(), text = node.querySelector('text').getBBox();
        return [node.textContent, box.width - text.width];
    })"""
    with looking(browser) as (context, _):
        page = context.new_page()
        for address in (name for name in site if "<svg class=" in site[name]):
            page.goto(f"{folder.as_uri()}/{address}")
            expect(page.get_by_role("img", name="Diagram: ").first).to_be_visible()
            assert all(room > 0 for _, room in page.evaluate(measure)), (address, page.evaluate(measure))


def test_it_is_served_to_this_machine_alone(browser: Browser, folder: Path) -> None:
    """The same pages over a port of the loopback address."""
    with listening(folder, 0) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        try:
            assert server.server_address[0] == "127.0.0.1"
            context = browser.new_context()
            page = context.new_page()
            page.goto(f"http://127.0.0.1:{server.server_port}/")
            expect(page.locator("h1")).to_have_text("Build big, ship small.")
            context.close()
        finally:
            server.shutdown()
            thread.join()


def test_a_telephone_shows_all_of_a_good_guest(browser: Browser, folder: Path) -> None:
    """The drawing of exercise 09 needs no scrolling."""
    with looking(browser, width=390) as (context, _):
        page = open_page(context, folder, "exercises/09-runtime-hygiene.html")
        wide, shown = page.evaluate("(f => [f.scrollWidth, f.clientWidth])(document.querySelector('figure'))")
        assert wide <= shown
