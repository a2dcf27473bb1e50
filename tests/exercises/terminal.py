"""A learner at a terminal, as far as lessons need one: programs, pipes into programs or a file, `cd`. No shell.

It begins as a newcomer's: nothing tells `docker` where the engine is. Then the line is typed that `workshop next` says,
if it says one. What docker makes gets names and ports of its own, so that nobody else's are touched.
"""

import os
import shlex
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from urllib.parse import urlsplit
from uuid import uuid4

from grader.engine.client import Engine
from grader.engine.labels import run_labels

SECONDS = 300.0
ANSWER_SECONDS = 20.0
PORT = "8080"
_OPERATORS = "|<>&;"


@dataclass(frozen=True, slots=True)
class Printed:
    """What the screen shows of a command, and how it ended."""

    lines: tuple[str, ...]
    code: int


class Terminal:
    """Types commands in a folder, on an engine. `run` is part of each name it gives; `close` removes what they made."""

    def __init__(self, folder: Path, engine: Engine, commands: Iterable[str], port: int) -> None:
        """Begin in `folder`; `commands` are all that will be typed, so that the names they give are known."""
        self.folder = folder
        self._engine = engine
        self.run = f"lesson-{uuid4().hex[:12]}"
        self._names = {name for text in commands for name in _given_names(_words(text))}
        self._port = str(port)
        self._code = 0
        self._environment = self._with_what_next_says(_newcomers(engine))

    def close(self) -> None:
        """Remove every container and image that the commands made."""
        self._engine.remove_leftovers(self.run)

    def type(self, text: str) -> Printed:
        """Run one command to its end; both of its outputs are on the screen."""
        words = _words(text)
        if words == ["echo", "$?"]:
            return Printed((str(self._code),), 0)
        if words[0] == "cd":
            self.folder = self.folder / words[1]
            assert self.folder.is_dir(), text
            return Printed((), 0)
        assert not {"&&", ";", "&", ">>", "<"} & set(words), f"two commands, or more than a pipe: {text}"
        assert not any("$" in word for word in words), f"only a shell knows variables: {text}"
        output = self._pipe(words)
        lines = output.decode("utf-8", "replace").replace(f"-{self.run}", "").splitlines()
        return Printed(tuple(lines), self._code)

    def _pipe(self, words: list[str]) -> bytes:
        into = None
        if ">" in words:
            words, (_, into) = words[:-2], words[-2:]
        output = b""
        while words:
            end = words.index("|") if "|" in words else len(words)
            last = end == len(words)
            output = self._program(words[:end], output, screen=last and not into)
            words = words[end + 1 :]
        if into:
            (self.folder / into).write_bytes(output)
        return b"" if into else output

    def _program(self, words: list[str], typed: bytes, *, screen: bool) -> bytes:
        if words[0] == "curl":
            self._code = 0
            return self._ask(words[-1])
        done = subprocess.run(
            self._arguments(words),
            cwd=self.folder,
            env=self._environment,
            input=typed,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT if screen else None,
            check=False,
            timeout=SECONDS,
        )
        self._code = done.returncode
        return done.stdout

    def _arguments(self, words: list[str]) -> list[str]:
        if words[0] in ("workshop", "./workshop"):
            return [sys.executable, "-m", "grader.cli.main", *words[1:]]
        if words[0] != "docker":
            return words
        labels = [part for key, value in run_labels(self.run).items() for part in ("--label", f"{key}={value}")]
        made_here = labels if words[1] in ("build", "run", "create") else []
        return ["docker", words[1], *made_here, *(self._own(word) for word in words[2:])]

    def _with_what_next_says(self, environment: dict[str, str]) -> dict[str, str]:
        """Type the line that begins with `export`, if there is one, and return what the shell knows after it."""
        told = subprocess.run(
            self._arguments(["workshop", "next"]),
            cwd=self.folder,
            env=environment,
            capture_output=True,
            check=True,
            text=True,
            timeout=SECONDS,
        ).stdout
        lines = [line.strip() for line in told.splitlines() if line.lstrip().startswith("export ")]
        shell = ["sh", "-c", "\n".join([*lines, "env -0"])]
        known = subprocess.run(shell, env=environment, capture_output=True, check=True, text=True, timeout=SECONDS)
        return dict(pair.partition("=")[::2] for pair in known.stdout.split("\0") if pair)

    def _own(self, word: str) -> str:
        """Give what the lesson names a name that nobody else has, and its port one that is free."""
        if word == f"{PORT}:{PORT}":
            return f"{self._port}:{PORT}"
        shared = "container:" if word.startswith("container:") else ""
        name, colon, tag = word.removeprefix(shared).partition(":")
        return f"{shared}{name}-{self.run}{colon}{tag}" if name in self._names else word

    def _ask(self, url: str) -> bytes:
        """Ask as curl does; a learner types slowly enough for a service to be up, so this waits for it."""
        host = "localhost" if self._engine.host.startswith("unix") else urlsplit(self._engine.host).hostname
        address = url.replace(f"localhost:{PORT}", f"{host}:{self._port}")
        deadline = time.monotonic() + ANSWER_SECONDS
        while (answer := _answer(address)) is None:
            assert time.monotonic() < deadline, f"nobody answers at {url}"
            time.sleep(0.05)
        return answer


def _newcomers(engine: Engine) -> dict[str, str]:
    """Return an environment in which only the workshop knows where the engine is."""
    telling = ("DOCKER_HOST", "DOCKER_CONTEXT", "DOCKER_BUILDKIT", "WORKSHOP_LAUNCHED_AS")
    kept = {name: value for name, value in os.environ.items() if name not in telling}
    return {**kept, "WORKSHOP_ENGINE": engine.host}


def _answer(address: str) -> bytes | None:
    """Return what is answered, whatever its status; None if nobody answers."""
    try:
        with urllib.request.urlopen(address, timeout=ANSWER_SECONDS) as answer:  # noqa: S310 - lessons ask over HTTP
            return bytes(answer.read())
    except urllib.error.HTTPError as error:
        with error:
            return error.read()
    except OSError:
        return None


def _words(text: str) -> list[str]:
    """Split a command line as a shell does; pipes and the like are words of their own."""
    lexer = shlex.shlex(text, posix=True, punctuation_chars=_OPERATORS)
    lexer.whitespace_split = True
    lexer.commenters = ""
    return list(lexer)


def _given_names(words: list[str]) -> list[str]:
    """The names that a command gives to what it makes."""
    if words[:1] != ["docker"] or words[1] not in ("build", "run", "create"):
        return []
    option = "-t" if words[1] == "build" else "--name"
    return [name.partition(":")[0] for before, name in pairwise(words) if before == option]
