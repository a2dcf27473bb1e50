"""Text to logical lines: directives, comments, continuations and here-documents, as BuildKit's parser reads them.

What a logical line means is for `reader.py`. Source of the rules: the Dockerfile reference, "Format" and "Parser
directives", and the behaviour of BuildKit's `parser` package. Every pass is linear in the text.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from grader.dockerfile.heredocs import HeredocStart, heredoc_starts
from grader.dockerfile.model import Heredoc, Problem, ProblemKind
from grader.dockerfile.words import BLANKS

_DIRECTIVE = re.compile(rf"#[{BLANKS}]*([A-Za-z][A-Za-z0-9]*)[\t\n\f\r ]*=[\t\n\f\r ]*(.+?)[\t\n\f\r ]*")
_KNOWN_DIRECTIVES = ("syntax", "escape", "check")
_ESCAPES = ("\\", "`")
_LONGEST_LINE = 65_535
"""Bytes; BuildKit reads lines with Go's `bufio.Scanner` and its default buffer."""


@dataclass(frozen=True, slots=True)
class LogicalLine:
    """One instruction's text with continuations joined and comments taken out; lines are 1-based and inclusive."""

    text: str
    original: str
    first_line: int
    last_line: int
    heredocs: tuple[Heredoc, ...] = ()
    unterminated: str = ""
    """The delimiter of a here-document that never ends."""


@dataclass(frozen=True, slots=True)
class Directives:
    """The parser directives by lower-case name, the escape character in force, and what is wrong with them."""

    values: tuple[tuple[str, str], ...]
    escape: str
    problems: tuple[Problem, ...]


def split_lines(text: str) -> list[str]:
    """Split at line feeds, which stay at the lines' ends; the byte order mark is dropped."""
    lines = [f"{line}\n" for line in text.removeprefix("\ufeff").split("\n")]
    last = lines.pop()[:-1]
    return [*lines, last] if last else lines


def directives(lines: list[str]) -> Directives:
    """Return the parser directives: `# name=value` before anything else, each known name once."""
    found: dict[str, str] = {}
    problems: list[Problem] = []
    for number, line in enumerate(lines, 1):
        match = _DIRECTIVE.fullmatch(_bare(line).lstrip(BLANKS))
        name = match[1].lower() if match else ""
        if not match or name not in _KNOWN_DIRECTIVES:
            break
        if name in found:
            message = f"the directive {name} is here for the second time"
            problems.append(Problem(number, ProblemKind.DIRECTIVE_TWICE, message, fatal=True, subject=name))
            continue
        found[name] = match[2]
        if name == "escape" and match[2] not in _ESCAPES:
            message = f"escape must be \\ or `, not {match[2][:40]}"
            problems.append(Problem(number, ProblemKind.BAD_ESCAPE, message, fatal=True, subject=match[2]))
    escape = found.get("escape", "")
    return Directives(tuple(found.items()), escape if escape in _ESCAPES else "\\", tuple(problems))


def too_long_lines(lines: list[str]) -> Iterator[Problem]:
    """Find the lines that BuildKit's reader has no room for, wherever they stand."""
    for number, line in enumerate(lines, 1):
        if len(line) * 4 > _LONGEST_LINE and _size(line) > _LONGEST_LINE:
            yield Problem(number, ProblemKind.LONG_LINE, f"the line is longer than {_LONGEST_LINE:,} bytes", fatal=True)


def _size(line: str) -> int:
    """Bytes of a line; a replaced byte that was no UTF-8 counts for one."""
    return len(line.removesuffix("\n").encode("utf-8", "replace")) - 2 * line.count("\ufffd")


def logical_lines(lines: list[str], escape: str) -> Iterator[LogicalLine]:
    """Yield the instructions' texts in order. `escape` is the backslash or the backtick."""
    mark = re.escape(escape)
    continuation = re.compile(rf"(^|[^{mark}]){mark}[ \t]*\Z")
    last_of: dict[str, int] | None = None
    at = 0
    while at < len(lines):
        first = at
        text, at = _joined(lines, at, continuation)
        if text is None:
            continue
        heredocs: list[Heredoc] = []
        unterminated = ""
        for start in heredoc_starts(text):
            if start.apart:
                last_of = last_of or {_bare(line): index for index, line in enumerate(lines)}
                if last_of.get(start.name, -1) < at:
                    continue
            heredoc, at, ended = _heredoc(lines, at, start)
            heredocs.append(heredoc)
            if not ended:
                unterminated = start.name
                break
        original = "\n".join(_bare(line) for line in lines[first:at])
        yield LogicalLine(text.strip(BLANKS), original, first + 1, at, tuple(heredocs), unterminated)


def _joined(lines: list[str], at: int, continuation: re.Pattern[str]) -> tuple[str | None, int]:
    """Join a line with those that continue it; return the text, None for a blank or a comment, and where to go on.

    Only the first line loses its indentation, and nothing is put between them.
    """
    line = _bare(lines[at]).lstrip(BLANKS)
    at += 1
    if not line or line.startswith("#"):
        return None, at
    part, goes_on = continuation.subn(r"\1", line)
    parts = [part]
    while goes_on and at < len(lines):
        line = _bare(lines[at])
        at += 1
        if line.lstrip(BLANKS)[:1] in ("", "#"):
            continue
        part, goes_on = continuation.subn(r"\1", line)
        parts.append(part)
    return "".join(parts), at


def _bare(line: str) -> str:
    return line.rstrip("\r\n")


def _heredoc(lines: list[str], at: int, start: HeredocStart) -> tuple[Heredoc, int, bool]:
    """Return the here-document, the index after its end, and whether its delimiter was found."""
    content: list[str] = []
    ended = False
    while at < len(lines) and not ended:
        line = lines[at].lstrip("\t") if start.chomp else lines[at]
        at += 1
        ended = _bare(line) == start.name
        if not ended:
            content.append(line)
    return Heredoc(start.name, "".join(content), start.expand, start.chomp), at, ended
