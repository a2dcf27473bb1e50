"""The pages as a browser shows them: nothing said, nothing fetched, nothing too wide, nothing too faint."""

from collections.abc import Callable

import pytest

from grader.reports import html, json_report, layers_html
from tests.browser.conftest import Open
from tests.reports.conftest import CASES, GOLDEN
from tests.reports.weighed_samples import EMPTY, HOSTILE, LEAVES_BYTES_BEHIND

pytestmark = pytest.mark.browser

WIDTHS = (320, 390, 768, 1280, 1920)


def verdict_page(case: str) -> str:
    """The page of a sample verdict."""
    return html.render(json_report.parse((GOLDEN / case / "verdict.json").read_bytes()))


PAGES: dict[str, Callable[[], str]] = {
    **{case: (lambda case=case: verdict_page(case)) for case in CASES},  # type: ignore[misc]
    "layers": lambda: layers_html.render(LEAVES_BYTES_BEHIND),
    "layers-hostile": lambda: layers_html.render(HOSTILE),
    "layers-empty": lambda: layers_html.render(EMPTY),
}
every_page = pytest.mark.parametrize("name", PAGES)


@every_page
def test_a_page_says_nothing_on_the_console_and_asks_for_nothing_but_itself(name: str, open_page: Open) -> None:
    """No error, no blocked style, no dialog that a learner's text has opened, and no request."""
    opened = open_page(PAGES[name]())
    assert opened.said == []
    assert opened.failed == []
    assert [url for url in opened.requested if not url.startswith("data:,")] == [opened.page.url]


@every_page
def test_a_page_is_never_wider_than_its_window(name: str, open_page: Open) -> None:
    """From a small phone to a projector, nobody scrolls sideways."""
    page = open_page(PAGES[name]()).page
    seen = []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        seen.append(page.evaluate("[window.innerWidth, document.documentElement.scrollWidth]"))
    assert seen == [[width, width] for width in WIDTHS]


_FAINT = """() => {
  const paint = document.createElement('canvas').getContext('2d', {willReadFrequently: true});
  const rgba = color => { paint.clearRect(0, 0, 1, 1); paint.fillStyle = color; paint.fillRect(0, 0, 1, 1);
                          return [...paint.getImageData(0, 0, 1, 1).data]; };
  const over = (top, under) => [0, 1, 2].map(i => top[i] * top[3] / 255 + under[i] * (1 - top[3] / 255)).concat(255);
  const linear = v => v <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4;
  const light = color => color.slice(0, 3).map(v => linear(v / 255))
    .reduce((sum, v, i) => sum + v * [.2126, .7152, .0722][i], 0);
  const behind = element => { const chain = []; for (let e = element; e; e = e.parentElement) chain.unshift(e);
    return chain.reduce((under, e) => over(rgba(getComputedStyle(e).backgroundColor), under), [255, 255, 255, 255]); };
  const faint = [];
  for (const element of document.querySelectorAll('body *')) {
    const own = [...element.childNodes].some(node => node.nodeType === 3 && node.textContent.trim());
    if (!own || !element.getClientRects().length || element.closest('.unseen, .skip')) continue;
    let opacity = 1; for (let e = element; e; e = e.parentElement) opacity *= getComputedStyle(e).opacity;
    const back = behind(element), ink = rgba(getComputedStyle(element).color);
    ink[3] *= opacity;
    const [high, low] = [light(over(ink, back)), light(back)].sort((a, b) => b - a);
    if ((high + .05) / (low + .05) < 4.5) faint.push(`${element.className} ${element.textContent.trim().slice(0, 40)}`);
  }
  return faint;
}"""


@every_page
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_all_text_stands_out_from_what_is_behind_it(name: str, dark: bool, open_page: Open) -> None:  # noqa: FBT001
    """The contrast that the Web Content Accessibility Guidelines (2.2, level AA) ask for, in both colour schemes."""
    assert open_page(PAGES[name](), dark=dark).page.evaluate(_FAINT) == []


def test_the_keyboard_comes_first_to_the_content_and_then_to_the_lines(open_page: Open) -> None:
    """A skip link is the first stop; a criterion's line number leads to that line."""
    page = open_page(PAGES["failed"]()).page
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the content"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('href')") == "#line-2"
    page.keyboard.press("Enter")
    assert page.evaluate("document.querySelector(':target code').textContent") == "FROM golang:1.26"


def test_a_screen_reader_is_told_each_outcome_in_a_word(open_page: Open) -> None:
    """Marks and colours alone say nothing to it; bars and drawings are left out of what it reads."""
    told = open_page(PAGES["failed"]()).page.locator("body").aria_snapshot()
    assert 'heading "failed: The image is small 0/20 points"' in told
    assert 'heading "passed: The Dockerfile builds 10/10 points"' in told
    assert "main:" in told
    assert "banner:" in told
    assert "contentinfo:" in told
    assert 'table "Your image has' in told


def test_print_is_dark_on_light_and_in_one_column(open_page: Open) -> None:
    """Also from a browser that is set to dark."""
    page = open_page(PAGES["failed"](), dark=True).page
    page.emulate_media(media="print", color_scheme="dark")
    assert page.evaluate("getComputedStyle(document.querySelector('main')).display") == "block"
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert page.evaluate(_FAINT) == []
