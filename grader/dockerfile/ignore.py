"""Reads a .dockerignore to say which of its lines decides on a path. Only explains: what is in a context, builds show.

Source of the rules: the section ".dockerignore file" of Docker's manual. Patterns are those of Go's `filepath.Match`,
with `**` for any number of folders; they begin at the context's root, and what matches a folder counts for all in it.
"""

import posixpath
import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rule:
    """A line of a .dockerignore: its number, its text, and whether it keeps out what it matches, or lets it in."""

    line: int
    text: str
    keeps_out: bool


def deciding(text: str, path: str) -> Rule | None:
    """Return the last line that matches `path` or a folder that it is in; None if there is none."""
    parts = path.split("/")
    names = ["/".join(parts[:count]) for count in range(1, len(parts) + 1)]
    found = None
    for number, raw in enumerate(text.lstrip("\ufeff").splitlines(), start=1):
        line = raw.strip()
        if not line or raw.startswith("#"):
            continue
        keeps_out = not line.startswith("!")
        pattern = _pattern(line.lstrip("!").strip())
        if pattern and any(pattern.fullmatch(name) for name in names):
            found = Rule(number, line, keeps_out)
    return found


_TOKEN = re.compile(r"\*\*/|\*\*|\*|\?|\[[^\]]+\]|\\.|.", re.DOTALL)
_MEANING = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}


def _pattern(words: str) -> re.Pattern[str] | None:
    """Put a pattern into a regular expression; None for one that is not well formed."""
    cleaned = posixpath.normpath(words).lstrip("/")
    parts = []
    for token in _TOKEN.findall(cleaned):
        literal = token[1:] if token.startswith("\\") and len(token) > 1 else token
        is_class = token.startswith("[") and len(token) > 1
        parts.append(_MEANING.get(token) or (token if is_class else re.escape(literal)))
    try:
        return re.compile("".join(parts), re.DOTALL)
    except re.error:
        return None
