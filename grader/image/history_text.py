"""Reads a line of an image's history and finds out whether an instruction can have written it.

Two kinds of builders write them. BuildKit: `RUN /bin/sh -c go build # buildkit`, `COPY /src/app /app # buildkit`,
`WORKDIR /src`.
The classic builder, and Podman: `/bin/sh -c go build`, `/bin/sh -c #(nop) COPY file:9c1... in /app`.
"""

import posixpath
import re
from collections.abc import Iterator, Mapping

from grader.dockerfile.expansion import expand
from grader.dockerfile.model import Instruction
from grader.dockerfile.words import quoted_words

LAYER_MAKERS = frozenset({"RUN", "COPY", "ADD", "WORKDIR"})
"""Keywords of instructions that can make a layer. Each writes one line of history, also when it changes nothing."""
_BY_BUILDKIT = " # buildkit"
_NOTHING_RUN = "#(nop) "
_SHELLS = ("/bin/sh -c ", "cmd /S /C ")
_KEYWORDS = LAYER_MAKERS | {
    "ARG", "CMD", "ENTRYPOINT", "ENV", "EXPOSE", "FROM", "HEALTHCHECK", "LABEL", "MAINTAINER", "ONBUILD", "SHELL",
    "STOPSIGNAL", "USER", "VOLUME",
}  # fmt: skip
_ANYTHING = "\0"
_SCRIPT = "#!"
_HEREDOC = re.compile(r"^[0-9]*<<-?")


def keyword_of(created_by: str) -> str:
    """Return the keyword of the instruction that wrote the line; a line of another kind counts as RUN."""
    first = _plain(created_by).partition(" ")[0]
    return first if first in _KEYWORDS else "RUN"


def made_by(created_by: str, step: Instruction, shell: tuple[str, ...]) -> bool:
    """Return whether `step`, running in `shell`, can have written this line of history."""
    if keyword_of(created_by) != step.keyword:
        return False
    text = _plain(created_by)
    rest = text.partition(" ")[2] if text.startswith(step.keyword + " ") else text
    if step.keyword == "RUN":
        return _ran(rest, step, shell)
    if step.keyword == "WORKDIR":
        return _entered(rest, step)
    if _is_classic(created_by):
        return _fits(_words(step)[-1:], rest.rpartition(" in ")[2].split())
    return _fits(_words(step), [word for word in rest.split(" ") if word and not word.startswith("--")])


def _is_classic(created_by: str) -> bool:
    return _NOTHING_RUN in created_by


def _plain(created_by: str) -> str:
    """Remove what the builders write around the instruction."""
    text = created_by.removesuffix(_BY_BUILDKIT).strip()
    for shell in _SHELLS:
        if text.startswith(shell + _NOTHING_RUN):
            return text.removeprefix(shell + _NOTHING_RUN).strip()
    return text


def _ran(text: str, step: Instruction, shell: tuple[str, ...]) -> bool:
    """Compare the command without spaces: `|1 KEY=value` before it are the current build arguments."""
    text = _squeezed(text)
    for command in _commands(step):
        words = step.json_form if step.json_form is not None else (*shell, command)
        whole = _squeezed(" ".join(words))
        if text == whole or (text.startswith("|") and text.endswith(" " + whole)):
            return True
    return False


def _commands(step: Instruction) -> Iterator[str]:
    """Yield what the shell may have got for a RUN: the builder inserts here-documents."""
    if not step.heredocs:
        yield step.arguments
        return
    first = step.heredocs[0]
    if len(step.heredocs) == 1 and len(step.arguments.split()) == 1 and step.arguments.startswith("<<"):
        yield first.content
        if first.content.startswith(_SCRIPT):
            yield f"/dev/pipes/{first.name}"
    yield step.arguments + "".join(f"\n{heredoc.content}{heredoc.name}" for heredoc in step.heredocs)


def _squeezed(text: str) -> str:
    return " ".join(text.split())


def _entered(text: str, step: Instruction) -> bool:
    """Compare a WORKDIR: history has the complete path, the instruction may be relative to the one before."""
    wanted = _expanded(step.arguments)
    tail = wanted.rpartition("..")[2]
    if not wanted.startswith(("/", _ANYTHING)) or tail != wanted:
        normal = posixpath.normpath(tail.lstrip("/"))
        wanted = _ANYTHING + ("" if normal == "." else "/" + normal)
    return _matches(wanted.rstrip("/") or "/", text.rstrip("/") or "/")


def _words(step: Instruction) -> list[str]:
    """Return the sources and the destination of a COPY or ADD, variables replaced by `_ANYTHING`."""
    words = list(step.json_form) if step.json_form is not None else quoted_words(step.arguments, "\\")
    expanded = [_expanded(word) for word in words]
    inline = [_HEREDOC.sub("<<", word) for word in expanded[:-1] if _HEREDOC.match(word)]
    return [word for word in expanded[:-1] if not _HEREDOC.match(word)] + inline + expanded[-1:]


def _expanded(text: str) -> str:
    return expand(text, _Unknown()).text


class _Unknown(Mapping[str, str]):
    """Every variable has a value, and it may be anything."""

    def __getitem__(self, _: str) -> str:
        return _ANYTHING

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __len__(self) -> int:
        return 0


def _fits(wanted: list[str], seen: list[str]) -> bool:
    """Compare words; paths are compared without a trailing or leading `./`, which builders remove."""
    return _matches(" ".join(map(_tidy, wanted)), " ".join(map(_tidy, seen)))


def _tidy(word: str) -> str:
    return word.removeprefix("./").removeprefix("/").rstrip("/") or "."


def _matches(pattern: str, text: str) -> bool:
    """Match text with a pattern in which `_ANYTHING` stands for any characters. Linear in the text."""
    first, *others = pattern.split(_ANYTHING)
    if not others:
        return text == first
    *middle, last = others
    if not text.startswith(first) or not text[len(first) :].endswith(last):
        return False
    at, end = len(first), len(text) - len(last)
    for part in middle:
        at = text.find(part, at, end)
        if at < 0:
            return False
        at += len(part)
    return True
