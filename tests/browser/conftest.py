"""A headless Chromium that can reach nothing, and pages opened in it as a reader would open the file."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Dialog, Page, sync_playwright

from tests.browser.chromium import NoChromiumError, find_chromium

_QUIET = (
    "--no-sandbox",  # containers and root have none; what is opened is our own file
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)


@dataclass
class Opened:
    """A page that is open, with what it said on the console, what it asked for, and what went wrong."""

    page: Page
    said: list[str] = field(default_factory=list)
    requested: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)

    def dismiss(self, dialog: Dialog) -> None:
        """Note a dialog, which no page of ours opens, and go on."""
        self.said.append(dialog.message)
        dialog.dismiss()


Open = Callable[..., Opened]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One browser for all tests of a run."""
    with sync_playwright() as playwright:
        try:
            path = find_chromium(playwright)
        except NoChromiumError as error:
            pytest.fail(str(error), pytrace=False)
        browser = playwright.chromium.launch(executable_path=path, args=list(_QUIET))
        try:
            yield browser
        finally:
            browser.close()


@pytest.fixture
def open_page(browser: Browser, tmp_path: Path) -> Iterator[Open]:
    """Open a page's text from a file, in a window of `width` by `height`, light or `dark`."""
    with ExitStack() as stack:

        def look(text: str, width: int = 1280, height: int = 900, *, dark: bool = False) -> Opened:
            file = tmp_path / "page.html"
            file.write_text(text, encoding="utf-8")
            context = browser.new_context(
                viewport={"width": width, "height": height}, color_scheme="dark" if dark else "light"
            )
            stack.callback(context.close)
            opened = Opened(context.new_page())
            opened.page.on("console", lambda message: opened.said.append(message.text))
            opened.page.on("pageerror", lambda error: opened.said.append(str(error)))
            opened.page.on("dialog", opened.dismiss)
            opened.page.on("request", lambda request: opened.requested.append(request.url))
            opened.page.on("requestfailed", lambda request: opened.failed.append(request.url))
            opened.page.goto(file.as_uri())
            return opened

        yield look
