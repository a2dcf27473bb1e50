# ruff: noqa: INP001 - a script next to the picture that it makes, not a package
"""Records `workshop watch` on a terminal while a learner saves one Dockerfile after another, as a film in SVG.

What is shown is what the command wrote; only long waits are shortened. Run it with an engine that answers, after
`pip install --group pictures`: `python docs/images/record_watch.py`.
"""

import fcntl
import os
import pty
import select
import signal
import struct
import sys
import tempfile
import termios
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import pyte
from rich.console import Group
from rich.panel import Panel
from rich.style import Style
from rich.syntax import Syntax
from rich.text import Text
from terminal_svg import Frame, film

from grader.exercise.catalogue import find_exercise
from grader.exercise.workspace import init_workspace

FILM = Path(__file__).resolve().parent / "watch.svg"
WIDTH, HEIGHT = 96, 29
FILE_LINES = 13
DEADLINE = 120.0
LONGEST = 0.7
"""Seconds that a frame of a running build stays at most: nobody learns from waiting."""
TICK = 0.2

MISSPELT = """\
FROM golang:1.26 AS builder
WORKDIR /src
COPY . .
RUN CGO_ENABLED=0 go build -o /greeter .

FROM alpine:latest
COPY --from=bulder /greeter /usr/local/bin/greeter

EXPOSE 8080
CMD ["/usr/local/bin/greeter"]
"""
RIGHT = MISSPELT.replace("bulder", "builder")
SAVES = ((MISSPELT, "did you mean builder?", 4.5), (RIGHT, "02 is passed.", 6.0))
"""What is saved after the starter, what only its page says, and for how many seconds one looks at it."""


@dataclass
class Recording:
    """A terminal whose screens are kept."""

    output: int
    dockerfile: Path
    screen: pyte.Screen = field(default_factory=lambda: pyte.Screen(WIDTH, HEIGHT))
    frames: list[Frame] = field(default_factory=list)
    _shown: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Begin with an empty screen."""
        self._stream = pyte.ByteStream(self.screen)

    def until(self, words: str, looking: float) -> None:
        """Keep what is shown until `words` are and no more comes; the last screen is looked at for so many seconds."""
        end = time.monotonic() + DEADLINE
        while True:
            came = self._read()
            if time.monotonic() > end:
                sys.exit(f"never shown: {words!r}:\n" + "\n".join(self.screen.display))
            if not came and any(words in line for line in self.screen.display) and self._at_keys():
                break
            self._keep(TICK)
        self._keep(looking, last=True)

    def _at_keys(self) -> bool:
        return any("Save to check again." in line for line in self.screen.display)

    def _read(self) -> bool:
        """Take what comes within a tick."""
        end = time.monotonic() + TICK
        came = False
        while (left := end - time.monotonic()) > 0:
            ready, _, _ = select.select([self.output], [], [], left)
            if ready:
                self._stream.feed(os.read(self.output, 65536))
                came = True
        return came

    def _keep(self, seconds: float, *, last: bool = False) -> None:
        text = self.dockerfile.read_text(encoding="utf-8")
        shown = (text, *self.screen.display)
        if shown == self._shown and self.frames:
            before = self.frames.pop()
            seconds = seconds if last else min(before.seconds + seconds, LONGEST)
        self._shown = shown
        self.frames.append(Frame(_drawn(text, self.screen), seconds))


def _drawn(dockerfile: str, screen: pyte.Screen) -> Group:
    """Lay the file above the terminal, as an editor and a terminal share a window."""
    padded = dockerfile + "\n" * (FILE_LINES - dockerfile.count("\n") - 1)
    code = Syntax(padded, "docker", theme="ansi_dark", line_numbers=True, background_color="default")
    return Group(Panel(code, title="Dockerfile", title_align="left", border_style="bright_black"), _text(screen))


def _text(screen: pyte.Screen) -> Text:
    text = Text(no_wrap=True)
    for row in range(screen.lines):
        line = screen.buffer[row]
        for column in range(screen.columns):
            cell = line[column]
            text.append(cell.data, Style(color=_color(cell.fg), bold=cell.bold, italic=cell.italics))
        text.append("\n")
    return text


def _color(name: str) -> str | None:
    """Return rich's name for pyte's: none for the terminal's own, `bright_` apart, a hexadecimal number with a #."""
    if name == "default":
        return None
    if name.startswith("bright"):
        return f"bright_{_color(name.removeprefix('bright'))}"
    return {"brown": "yellow"}.get(name, name if name.isalpha() else f"#{name}")


@contextmanager
def watching(workspace: Path) -> Iterator[int]:
    """Run the command on a terminal of its own; give the end that reads."""
    process, near = pty.fork()
    if process == 0:
        os.chdir(workspace)
        kept = {name: value for name, value in os.environ.items() if name not in {"NO_COLOR", "COLUMNS", "LINES"}}
        command = [sys.executable, "-m", "grader.cli.main", "watch", "02"]
        time.sleep(TICK)  # until the terminal has its size
        os.execve(sys.executable, command, {**kept, "TERM": "xterm-256color"})  # noqa: S606 - no shell is meant
    fcntl.ioctl(near, termios.TIOCSWINSZ, struct.pack("HHHH", HEIGHT, WIDTH, 0, 0))
    try:
        yield near
    finally:
        os.kill(process, signal.SIGINT)
        with suppress(OSError):  # the terminal's other end is closed: it has ended
            while os.read(near, 65536):
                pass
        os.waitpid(process, 0)
        os.close(near)


def main() -> None:
    """Record, and write the film."""
    exercise = find_exercise("02")
    with tempfile.TemporaryDirectory() as name:
        workspace = Path(name) / "workspace"
        init_workspace(workspace)
        dockerfile = workspace / "exercises" / exercise.folder / "Dockerfile"
        with watching(workspace) as output:
            recording = Recording(output, dockerfile)
            recording.until("45 of 100 points", 4.0)  # the starter, as it is
            for text, words, looking in SAVES:
                dockerfile.write_text(text, encoding="utf-8")
                recording.until(words, looking)
    title = (
        "workshop watch 02 in a terminal: the starter fails; a misspelt stage is found as soon as it is saved; "
        "two stages pass"
    )
    FILM.write_text(film(recording.frames, width=WIDTH, window="workshop watch 02", title=title), encoding="utf-8")


if __name__ == "__main__":
    main()
