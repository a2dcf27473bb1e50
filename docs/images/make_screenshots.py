# ruff: noqa: INP001 - a script next to the pictures that it makes, not a package
"""Makes the pictures in this folder from real output: grades answers to exercise 02 and draws what is said of them.

Run it with an engine that answers and Chromium on PATH, after `pip install --group pictures`:
`python docs/images/make_screenshots.py`. The film of `workshop watch` has a script of its own, `record_watch.py`.
"""

import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Page, sync_playwright
from rich.text import Text
from terminal_svg import Frame, film

from grader.reports import json_report, terminal
from grader.verdict import Verdict

FOLDER = Path(__file__).resolve().parent
ROOT = FOLDER.parent.parent
ANSWERS = "solutions/02-go-multi-stage"
COMMAND = f"workshop check 02 --submission {ANSWERS}/starter"
NOTEBOOK = ROOT / "notebooks" / "1-stages-and-bases.ipynb"
WIDTH = 100
FAILED = 1


def main() -> None:
    """Write the pictures."""
    (FOLDER / "check.svg").write_text(_draw(_grade()), encoding="utf-8")
    with TemporaryDirectory() as name, sync_playwright() as playwright:
        folder = Path(name)
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"))
        page = browser.new_page(device_scale_factor=1)
        page.route("http*://**", lambda route: route.abort())  # what is photographed needs no network
        _photograph(page, _report(folder), "report.png", (1280, 1000))
        _photograph(page, _layers(folder), "layers.png", (1280, 960))
        _photograph(page, _notebook(folder), "notebook.png", (1000, 1000), scroll_to="text=Everything about")
        (FOLDER / "site.png").touch()  # the site has the README, which shows this picture
        _photograph(page, _site(folder), "site.png", (1280, 1000))
        browser.close()


def _photograph(page: Page, shown: Path, name: str, size: tuple[int, int], scroll_to: str = "") -> None:
    """Take a picture of what a window of that size shows of a page."""
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.goto(shown.as_uri())
    if scroll_to:
        page.locator(scroll_to).first.evaluate("element => element.scrollIntoView()")
    page.screenshot(path=FOLDER / name)


def _report(folder: Path) -> Path:
    return _page(folder / "report.html", "check", "02", "--submission", f"{ANSWERS}/mistakes/sources-shipped")


def _layers(folder: Path) -> Path:
    hidden = f"{ANSWERS}/mistakes/deleted-in-a-later-layer"
    return _page(folder / "layers.html", "layers", "02", "--submission", hidden)


def _page(page: Path, *arguments: str) -> Path:
    """Run a command that writes a page."""
    _workshop(*arguments, "--format", "html", "--output", str(page))
    return page


def _site(folder: Path) -> Path:
    _workshop("site", "--output", str(folder / "site"))
    return folder / "site" / "exercises" / "02-go-multi-stage.html"


def _notebook(folder: Path) -> Path:
    """Lay the notebook out with the outputs that it is stored with, as JupyterLab does."""
    command = [sys.executable, "-m", "nbconvert", "--to", "html", "--output-dir", str(folder), str(NOTEBOOK)]
    subprocess.run(command, check=True)
    return folder / f"{NOTEBOOK.stem}.html"


def _workshop(*arguments: str) -> bytes:
    """Run a command and return what it wrote; that answers fail is no failure here."""
    command = [sys.executable, "-m", "grader.cli.main", *arguments]
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, check=False)
    if done.returncode not in (0, FAILED):
        sys.exit(f"`workshop {' '.join(arguments)}` ended with exit code {done.returncode}.")
    return done.stdout


def _grade() -> Verdict:
    return json_report.parse(_workshop(*COMMAND.split()[1:], "--format", "json"))


def _draw(verdict: Verdict) -> str:
    report = Text.from_ansi(terminal.render(verdict, width=WIDTH, color=True))
    title = "The report of a starter that fails"
    return film([Frame(report)], width=WIDTH, window=COMMAND, title=title)


if __name__ == "__main__":
    main()
