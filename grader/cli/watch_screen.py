"""How `workshop watch` looks: on a terminal one page a save, elsewhere plain lines one after the other.

When what happens is for `grader.learner.watching`.
"""

import os
import sys
import textwrap
from datetime import datetime, timezone
from pathlib import Path

import click

from grader.called import called
from grader.cli.hint import next_hint
from grader.cli.nearby import nearby
from grader.cli.writing import takes_unicode, wants_color, width
from grader.errors import KitError
from grader.exercise.model import Exercise
from grader.record.events import Event
from grader.reports import terminal
from grader.reports.progress import ProgressView
from grader.reports.terminal_text import render_text
from grader.verdict import Status, Verdict

_CLEAR = "\x1b[H\x1b[2J"


class WatchScreen:
    """Shows one exercise that is watched; `name` is what to type for it."""

    def __init__(
        self, exercise: Exercise, name: str, workspace: Path, folder: Path, *, has_keys: bool, full: bool
    ) -> None:
        self._exercise = exercise
        self._name = name
        self._workspace = workspace
        self._folder = folder
        self._has_keys = has_keys
        self._progress: ProgressView | None = None
        self._is_full = full
        self._is_page = sys.stdout.isatty() and os.environ.get("TERM", "dumb") != "dumb"
        self._text = ""

    def saved(self, text: str) -> None:
        """Begin a page: which file it is, what its text tells."""
        self._text = text
        self._begin_page()
        self._tell_findings(with_stages=True)
        self._progress = ProgressView(sys.stderr)
        self._progress.__enter__()

    def gone(self) -> None:
        """Say that there is nothing to grade."""
        self._begin_page()
        click.echo(f"There is no Dockerfile in {nearby(self._folder)}: waiting for one.")
        self._tell_keys()

    def on_event(self, event: Event) -> None:
        """Show what is going on."""
        progress = self._progress
        if progress:
            progress.on_event(event)

    def superseded(self) -> None:
        """Take away what was going on."""
        self.close()
        if not self._is_page:
            click.echo("The running check was cancelled because there is a newer one.\n")

    def graded(self, verdict: Verdict) -> None:
        """Show the report, and where to go from there."""
        self.close()
        if self._is_page:  # the report tells the stages too, and its top is where one looks first
            self._begin_page()
            self._tell_findings(with_stages=False)
        full = self._is_full or not self._is_page
        report = terminal.render(
            verdict,
            width=width(),
            color=wants_color(None),
            unicode=takes_unicode(None),
            full=full,
            closing=self._closing(verdict, is_full=full),
        )
        click.echo(report, nl=False, color=wants_color(None))
        self._tell_keys()

    def _closing(self, verdict: Verdict, *, is_full: bool) -> str:
        """Say where to go from there."""
        if verdict.status is Status.PASSED:
            go_on = "Press n" if self._has_keys else f"Type `{called()} next`"
            more = f"`{called()} solution {self._name}` shows the model answer."
            return f"{self._name} is passed. {go_on} to go on; {more}"
        if verdict.status is Status.ERROR:
            return "ERROR  no score"
        return "" if is_full else f"`{called()} check {self._name} --full` shows everything."

    def ask_to_leave(self) -> None:
        """Ask below what is there."""
        question = f"{self._name} is not passed yet. Press n again to leave it; p brings you back later."
        self._say_below(question)

    def failed(self, error: KitError) -> None:
        """Say why there is no verdict; the next save tries again."""
        self.close()
        click.echo(f"workshop: {error}", err=True)
        self._tell_keys()

    def hint(self) -> None:
        """Show one more hint below what is there."""
        self._say_below(next_hint(self._workspace, self._exercise))

    def _say_below(self, text: str) -> None:
        progress = self._progress
        self.close()
        click.echo("\n" + "\n".join(textwrap.fill(line, width()) for line in text.split("\n")) + "\n")
        if progress:
            self._progress = progress
            progress.__enter__()
        else:
            self._tell_keys()

    def close(self) -> None:
        """Stop showing what is going on."""
        progress, self._progress = self._progress, None
        if progress:
            progress.__exit__(None, None, None)

    def _begin_page(self) -> None:
        if self._is_page:
            click.echo(_CLEAR, nl=False)
        name = f"{self._exercise.number:02} {self._exercise.title}"
        click.echo(click.style(name, bold=True) + f"  {nearby(self._folder / 'Dockerfile')}\n")

    def _tell_findings(self, *, with_stages: bool) -> None:
        told = render_text(
            self._text,
            datetime.now(timezone.utc).date(),
            width=width(),
            color=wants_color(None),
            unicode=takes_unicode(None),
            with_stages=with_stages,
        )
        if told:
            click.echo(told, color=wants_color(None))

    def _tell_keys(self) -> None:
        if self._has_keys:
            keys = "  ".join(f"{click.style(key, bold=True)} {what}" for key, what in _KEYS)
            click.echo(f"Save to check again.  {keys}")


_KEYS = (("h", "hint"), ("n", "next"), ("p", "back"), ("r", "check again"), ("q", "quit"))
