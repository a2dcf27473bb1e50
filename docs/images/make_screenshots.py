# ruff: noqa: INP001 - a script beside the pictures that it makes, not a package
"""Makes the pictures in this folder from real output: grades answers to exercise 02 and draws what is said of them.

Run it with an engine that answers and Chromium on PATH: `python docs/images/make_screenshots.py`.
"""

import subprocess
import sys
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.console import Console
from rich.text import Text

from grader.reports import json_report, terminal
from grader.verdict import Verdict

FOLDER = Path(__file__).resolve().parent
ROOT = FOLDER.parent.parent
ANSWERS = "solutions/02-go-multi-stage"
SUBMISSION = f"{ANSWERS}/starter"
COMMAND = f"workshop check 02 --submission {SUBMISSION}"
WIDTH = 100
FAILED = 1

# The fonts are the viewer's own: a picture that fetches one from elsewhere shows nothing without a network.
SVG = """\
<svg class="rich-terminal" viewBox="0 0 {width} {height}" xmlns="http://www.w3.org/2000/svg" role="img">
<title>The report of a starter that fails</title>
<style>
.{unique_id}-matrix {{
    font-family: ui-monospace, Menlo, Consolas, "DejaVu Sans Mono", monospace;
    font-size: {char_height}px; line-height: {line_height}px; font-variant-east-asian: full-width;
}}
.{unique_id}-title {{ font-size: 18px; font-weight: bold; font-family: system-ui, sans-serif; }}
{styles}
</style>
<defs>
<clipPath id="{unique_id}-clip-terminal">
<rect x="0" y="0" width="{terminal_width}" height="{terminal_height}"/>
</clipPath>
{lines}
</defs>
{chrome}
<g transform="translate({terminal_x}, {terminal_y})" clip-path="url(#{unique_id}-clip-terminal)">
{backgrounds}
<g class="{unique_id}-matrix">
{matrix}
</g>
</g>
</svg>
"""


def main() -> None:
    """Write the pictures."""
    picture = FOLDER / "check.svg"
    picture.write_text(_draw(_grade()), encoding="utf-8")
    _photograph("report.png", ["check", "02", "--submission", f"{ANSWERS}/mistakes/sources-shipped"], (1280, 1000))
    _photograph(
        "layers.png", ["layers", "02", "--submission", f"{ANSWERS}/mistakes/deleted-in-a-later-layer"], (1280, 960)
    )


def _photograph(name: str, arguments: list[str], size: tuple[int, int]) -> None:
    """Run a command that writes a page, and take a picture of the page's top."""
    with TemporaryDirectory() as folder:
        page = Path(folder) / "page.html"
        command = [sys.executable, "-m", "grader.cli.main", *arguments, "--format", "html", "--output", str(page)]
        subprocess.run(command, cwd=ROOT, check=False)
        options = [f"--screenshot={FOLDER / name}", f"--window-size={size[0]},{size[1]}", "--hide-scrollbars"]
        subprocess.run(["chromium", "--headless", "--no-sandbox", *options, page.as_uri()], check=True)


def _grade() -> Verdict:
    arguments = [sys.executable, "-m", "grader.cli.main", *COMMAND.split()[1:], "--format", "json"]
    done = subprocess.run(arguments, cwd=ROOT, stdout=subprocess.PIPE, check=False)
    if done.returncode != FAILED:
        sys.exit(f"The starter must fail, but `{COMMAND}` ended with exit code {done.returncode}.")
    return json_report.parse(done.stdout)


def _draw(verdict: Verdict) -> str:
    console = Console(record=True, width=WIDTH, file=StringIO(), force_terminal=True, color_system="standard")
    console.print(Text.from_ansi(terminal.render(verdict, width=WIDTH, color=True)), end="")
    return console.export_svg(title=COMMAND, code_format=SVG, unique_id="check")


if __name__ == "__main__":
    main()
