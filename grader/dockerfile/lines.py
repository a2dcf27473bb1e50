"""Text to logical lines: directives, comments, continuations and here-documents, as BuildKit's parser reads them.

What a logical line means is for `reader.py`. Source of the rules: the Dockerfile reference, "Format" and "Parser
directives", and the behaviour of BuildKit's `parser` package. Every pass is linear in the text.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from grader.dockerfile.heredocs import heredoc_starts
from grader.dockerfile.model import Heredoc

_DIRECTIVE = re.compile(r"^#\s*([A-Za-z][A-Za-z0-9]*)\s*=\s*(.+?)\s*$")
_KNOWN_DIRECTIVES = ("syntax", "escape", "check")
_HEREDOC_KEYWORDS = ("RUN", "COPY", "ADD")


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


def split_lines(text: str) -> list[str]:
    """Split at line feeds, dropping the byte order mark and carriage returns before a line feed."""
    lines = text.removeprefix("\ufeff").split("\n")
    if lines and not lines[-1]:
        lines.pop()
    return [line.removesuffix("\r") for line in lines]


def directives(lines: list[str]) -> tuple[tuple[str, str], ...]:
    """Return the parser directives: `# name=value` before anything else, each known name once."""
    found: dict[str, str] = {}
    for line in lines:
        match = _DIRECTIVE.match(line.strip())
        name = match[1].lower() if match else ""
        if not match or name not in _KNOWN_DIRECTIVES or name in found:
            break
        found[name] = match[2]
    return tuple(found.items())


def logical_lines(lines: list[str], escape: str) -> Iterator[LogicalLine]:
    """Yield the instructions' texts in order. `escape` is the backslash or the backtick."""
    continuation = re.compile(rf"(^|[^{re.escape(escape)}]){re.escape(escape)}[ \t]*$")
    at = 0
    while at < len(lines):
        if _is_comment(lines[at]) or not lines[at].strip():
            at += 1
            continue
        first, last = at, at
        parts: list[str] = []
        while at < len(lines):
            line = lines[at]
            at += 1
            if parts and (_is_comment(line) or not line.strip()):
                continue
            last = at - 1
            kept, count = continuation.subn(r"\1", line)
            parts.append(kept if parts else kept.lstrip())
            if not count:
                break
        text = "".join(parts)
        heredocs: list[Heredoc] = []
        unterminated = ""
        for start in heredoc_starts(text, escape) if _may_hold_heredoc(text) else ():
            content, at, ended = _heredoc_content(lines, at, start.name, chomp=start.chomp)
            last = at - 1
            heredocs.append(Heredoc(start.name, content, start.expand, start.chomp))
            if not ended:
                unterminated = start.name
                break
        original = "\n".join(lines[first : last + 1])
        yield LogicalLine(text.strip(), original, first + 1, last + 1, tuple(heredocs), unterminated)


def _is_comment(line: str) -> bool:
    return line.lstrip().startswith("#")


def _may_hold_heredoc(text: str) -> bool:
    if "<<" not in text:
        return False
    words = text.split(None, 2)
    keyword = words[0].upper()
    if keyword == "ONBUILD" and len(words) > 1:
        keyword = words[1].upper()
    return keyword in _HEREDOC_KEYWORDS


def _heredoc_content(lines: list[str], at: int, name: str, *, chomp: bool) -> tuple[str, int, bool]:
    """Return the content, the index after its end, and whether the delimiter was found."""
    content: list[str] = []
    while at < len(lines):
        line = lines[at].lstrip("\t") if chomp else lines[at]
        at += 1
        if line == name:
            return "".join(f"{line}\n" for line in content), at, True
        content.append(line)
    return "".join(f"{line}\n" for line in content), at, False
